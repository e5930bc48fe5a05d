/**
 * Settings that shape a request: VS Code's for Countersign, and those of REST Client and httpYac where the person wants
 * them honoured (dialects.md §18–19). Read at each send, so that a change needs no reload.
 */
import { Uri, workspace } from 'vscode';
import type { HeaderPair } from '../http/types.ts';
import type { BodyVariables } from '../run/body-variables.ts';
import type { FormEncoding } from '../run/form-encoding.ts';
import type { RunSettings } from '../run/engine-deps.ts';

/** @param root absolute path of the workspace folder, for resource-scoped settings */
export function readRunSettings(root: string | undefined): RunSettings {
  const scope = root === undefined ? undefined : Uri.file(root);
  const own = workspace.getConfiguration('countersign', scope);
  const compat = workspace.getConfiguration('countersign').get<boolean>('compat.readRestClientSettings', true);
  const restClient = compat ? workspace.getConfiguration('rest-client', scope) : undefined;
  const httpyac = compat ? workspace.getConfiguration('httpyac', scope) : undefined;
  const headers = {
    'User-Agent': 'countersign',
    Accept: '*/*',
    'Accept-Encoding': 'gzip, deflate, br, zstd',
    ...restClient?.get<Record<string, string>>('defaultHeaders'),
    ...httpyac?.get<Record<string, string>>('requestDefaultHeaders'),
    ...own.get<Record<string, string>>('request.defaultHeaders'),
  };
  const seconds = own.get<number>('request.timeout', 0);
  return {
    variables: {
      'rest-client.environmentVariables': restClient?.get('environmentVariables'),
      'httpyac.environmentVariables': httpyac?.get('environmentVariables'),
      'httpyac.envDirName': httpyac?.get('envDirName'),
    },
    defaultHeaders: dedupe(
      Object.entries(headers).filter((pair): pair is [string, string] => typeof pair[1] === 'string'),
    ),
    timeoutMs: seconds > 0 ? seconds * 1000 : (restClient?.get<number>('timeoutinmilliseconds') ?? 0),
    connectTimeoutMs: 0,
    bodyVariables: bodyVariables(own.get('request.bodyFileVariables')),
    formEncoding: formEncoding(restClient?.get('formParamEncodingStrategy')),
    followRedirects:
      own.get<boolean>('request.followRedirects', true) && (restClient?.get<boolean>('followredirect') ?? true),
    runScripts: workspace.isTrusted && own.get<string>('scripts.run', 'trusted') !== 'never',
    keepCookies:
      own.get<string>('cookies.keep', 'session') !== 'never' &&
      (restClient?.get<boolean>('rememberCookiesForSubsequentRequests') ?? true) &&
      (httpyac?.get<boolean>('cookieJarEnabled') ?? true),
    maxDecodedBytes: own.get<number>('response.keepOnDisk', 2048) * 1024 * 1024,
  };
}

function bodyVariables(value: unknown): BodyVariables {
  return value === 'auto' || value === 'always' ? value : 'never';
}

function formEncoding(value: unknown): FormEncoding {
  return value === 'never' || value === 'always' ? value : 'automatic';
}

/** The last of names that differ only in case wins. */
function dedupe(headers: readonly HeaderPair[]): HeaderPair[] {
  const byName = new Map<string, HeaderPair>();
  for (const pair of headers) byName.set(pair[0].toLowerCase(), pair);
  return [...byName.values()];
}
