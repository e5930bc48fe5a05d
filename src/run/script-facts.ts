/**
 * What a script is told of the request, its answer and the environment. Credentials are shown as dots with their name,
 * secrets of the environment stay handles; only the response is given as it was received. Source: dialects.md §13.
 */
import { schemeNameOf } from '../credentials/scheme-name.ts';
import type { Exchange } from '../http/types.ts';
import type { BodyNode, RequestFile, RequestNode, Template } from '../language/types.ts';
import { detectCharset, parseMediaType } from '../response/media-type.ts';
import type { EnvironmentValue, ScriptRequest, ScriptResponse } from '../scripting/types.ts';
import { dotenvSource } from '../variables/sources/dotenv.ts';
import { configurationSource, environmentFilesSource, settingsSource } from '../variables/sources/environments.ts';
import { createResolver } from '../variables/resolver.ts';
import type { SecretSpan, Tracked } from '../variables/tracked.ts';
import type { VariableContext } from '../variables/types.ts';
import type { EngineDeps } from './engine-deps.ts';
import { sensitiveHeader } from './outgoing.ts';
import type { SendInput, SentRequest } from './types.ts';

const bodyLimit = 8 * 1024 * 1024;
const environmentLimit = 500;
const dots = '••••';

/** What answers without asking anyone and without reading a credential. */
export function toQuietVariables(
  deps: EngineDeps,
  file: RequestFile,
  input: SendInput,
  overrides: ReadonlyMap<string, Tracked>,
): VariableContext {
  return {
    file,
    path: input.path,
    root: input.root,
    request: input.request,
    environments: input.environments,
    overrides,
    settings: deps.settings(input.root).variables,
    captured: deps.captures.forFile(input.path),
    capturedIn: (other) => deps.captures.forFile(other),
    env: deps.env,
    files: deps.files,
    clock: deps.clock,
    random: deps.random,
    signal: input.signal,
  };
}

/** The request before it is resolved: as written, and with what is known already. */
export async function toRequestBefore(node: RequestNode, context: VariableContext): Promise<ScriptRequest> {
  const resolver = createResolver(context);
  const known = async (template: Template): Promise<string> => {
    try {
      return named(await resolver.resolveTemplate(template));
    } catch {
      return template.text;
    }
  };
  const headers = node.headers.map(async (header) => {
    const name = header.name.text.trim();
    const value = (await known(header.value)).trim();
    return { name, raw: rawHeader(name, header.value), value: hidden(name, value) };
  });
  const raw = bodyText(node.body);
  return {
    method: node.method,
    url: { raw: node.url.text, value: await known(node.url) },
    body: raw === undefined ? null : { raw, value: await knownBody(node.body, known) },
    headers: await Promise.all(headers),
  };
}

/** The request as it was sent, from what is shown to the person. */
export function toRequestAfter(node: RequestNode, sent: SentRequest): ScriptRequest {
  return {
    method: sent.method,
    url: { raw: node.url.text, value: named(sent.url) },
    body: sent.body ? { raw: bodyText(node.body) ?? '', value: named(sent.body) } : null,
    headers: sent.headers.map(({ name, value }) => {
      const written = node.headers.find((header) => header.name.text.trim().toLowerCase() === name.toLowerCase());
      const shown = value.secrets.length > 0 ? named(value) : hidden(name, value.text);
      return { name, raw: written ? rawHeader(name, written.value) : shown, value: shown };
    }),
  };
}

export async function toScriptResponse({ response, body, timings }: Exchange): Promise<ScriptResponse> {
  const contentType = response.headers.find(([name]) => name.toLowerCase() === 'content-type')?.[1];
  const type = parseMediaType(contentType);
  const bytes = body.bytes <= bodyLimit ? await body.bytesUpTo(bodyLimit) : undefined;
  const charset = detectCharset(type, bytes ?? new Uint8Array());
  return {
    status: response.status,
    statusText: response.statusText,
    headers: response.headers,
    mimeType: contentType === undefined ? '' : type.essence,
    charset: charset.label,
    httpVersion: response.httpVersion,
    timings: { ...timings },
    body: bytes && new TextDecoder(charset.label).decode(bytes.subarray(charset.skip)),
  };
}

/** The chosen environment; empty when the script does not ask for it. */
export async function loadEnvironment(code: string, context: VariableContext): Promise<readonly EnvironmentValue[]> {
  if (!/\benvironment\b/.test(code)) return [];
  const sources = [environmentFilesSource, settingsSource, dotenvSource, configurationSource];
  const resolver = createResolver(context, sources);
  const values: EnvironmentValue[] = [];
  for (const { name } of (await resolver.list()).slice(0, environmentLimit)) {
    try {
      const value = (await resolver.lookup(name))?.value;
      if (value) values.push({ name, value: value.text, secret: value.secrets.length > 0 });
    } catch {
      // Not known before sending: the script gets null.
    }
  }
  return values;
}

/** The variables that the names in a script of httpYac mean; a secret stays a handle. */
export async function loadNames(code: string, context: VariableContext): Promise<readonly EnvironmentValue[]> {
  const words = new Set(code.match(/[A-Za-z_$][\w$]*/g));
  const resolver = createResolver(context);
  const values: EnvironmentValue[] = [];
  for (const { name } of await resolver.list()) {
    if (!words.has(name) || values.length >= environmentLimit || reserved.has(name)) continue;
    try {
      const value = (await resolver.lookup(name))?.value;
      if (value) values.push({ name, value: value.text, secret: value.secrets.length > 0 });
    } catch {
      // Not known before sending: the name stays undefined.
    }
  }
  return values;
}

/** Names of the sandbox that no variable may hide. */
const reserved = new Set(['request', 'response', 'test', 'exports', 'require', 'console', 'sleep', '$global', 'JSON']);

/** `Bearer •••• orders access token`. */
function named({ text, secrets }: Tracked): string {
  let out = '';
  let from = 0;
  for (const span of [...secrets].sort((a: SecretSpan, b: SecretSpan) => a.start - b.start)) {
    if (span.start < from) continue;
    out += `${text.slice(from, span.start)}${dots} ${span.label}`;
    from = span.end;
  }
  return out + text.slice(from);
}

/** A value that is a credential by the name of its header, when no span says so. */
function hidden(name: string, value: string): string {
  if (!sensitiveHeader(name) || value === '' || value.includes(dots)) return value;
  const scheme = /^(?:proxy-)?authorization$/i.test(name) ? schemeNameOf(value) : '';
  return scheme === '' ? dots : `${scheme} ${dots}`;
}

/** As written; a literal credential in the file is dots all the same. */
function rawHeader(name: string, template: Template): string {
  const text = template.text.trim();
  return /^(?:\S+\s+)?\{\{[^{}]*\}\}$/.test(text) ? text : hidden(name, text);
}

function bodyText(body: BodyNode | null): string | undefined {
  if (!body) return undefined;
  return body.parts.map((part) => (part.kind === 'text' ? part.text.text : `< ${part.path.text}`)).join('');
}

async function knownBody(body: BodyNode | null, known: (template: Template) => Promise<string>): Promise<string> {
  const parts = (body?.parts ?? []).map((part) =>
    part.kind === 'text' ? known(part.text) : Promise.resolve(`< ${part.path.text}`),
  );
  return (await Promise.all(parts)).join('');
}
