/**
 * What sending a request would mean, without sending: as whom, to where. Feeds the lens, and asks nobody; variables
 * that only a send can know stay unresolved. Source: ux.md B1, design.md B1.2.
 */
import type { NamedDefinition } from '../credentials/types.ts';
import { isCountersignError, type CountersignError } from '../errors/countersign-error.ts';
import type { RequestFile, RequestNode, Template } from '../language/types.ts';
import { createResolver } from '../variables/resolver.ts';
import type { VariableContext } from '../variables/types.ts';
import type { CredentialBook } from './authorize.ts';
import { createDefinitionResolver } from './definition-resolver.ts';
import { directiveKey } from './directives.ts';
import type { EngineDeps } from './engine-deps.ts';
import { toTargetUrl } from './request-url.ts';
import type { SendInput } from './types.ts';

export type WhoKind = 'credential' | 'unknown-credential' | 'literal' | 'none';

export interface RequestDescription {
  readonly who: WhoKind;
  /** Name as the file says it, or of the default credential. */
  readonly credentialName?: string;
  readonly credential?: NamedDefinition;
  readonly origin?: string;
  /** Why there is no origin: an unknown variable, an address that is none. */
  readonly originError?: CountersignError;
  /** The credential may not go to the origin. */
  readonly refused?: CountersignError;
}

export interface DescribeInput extends Pick<SendInput, 'path' | 'root' | 'environments'> {
  readonly file: RequestFile;
  readonly request: RequestNode;
}

export async function describeRequest(
  input: DescribeInput,
  deps: Pick<EngineDeps, 'book' | 'files' | 'clock' | 'random' | 'env' | 'captures' | 'scripts' | 'settings'>,
): Promise<RequestDescription> {
  const { file, request, path, root } = input;
  const context: VariableContext = {
    file,
    path,
    root,
    request: request.index,
    environments: input.environments,
    overrides: deps.scripts.kept(root, path),
    settings: deps.settings(root).variables,
    captured: deps.captures.forFile(path),
    capturedIn: (other) => deps.captures.forFile(other),
    env: deps.env,
    files: deps.files,
    clock: deps.clock,
    random: deps.random,
    snapshot: new Map(),
  };
  const resolver = createResolver(context);
  let url: URL | undefined;
  let originError: CountersignError | undefined;
  try {
    const host = request.headers.find((header) => header.name.text.trim().toLowerCase() === 'host');
    const hostText = host && (await resolver.resolveTemplate(host.value)).text.trim();
    const address = await resolver.resolveTemplate(authorityOf(request.url));
    url = toTargetUrl(address, hostText).url;
  } catch (error) {
    if (!isCountersignError(error)) throw error;
    originError = error;
  }
  const resolveText = createDefinitionResolver(context, new Map());
  const who = await whoOf(request, url, root, deps.book, resolveText);
  const refused = url && who.credential ? deps.book.binding(who.credential, url) : undefined;
  return {
    ...who,
    ...(url && { origin: url.origin }),
    ...(originError && { originError }),
    ...(refused && { refused }),
  };
}

async function whoOf(
  request: RequestNode,
  url: URL | undefined,
  root: string | undefined,
  book: CredentialBook,
  resolveText: (text: string) => Promise<string>,
): Promise<Pick<RequestDescription, 'who' | 'credentialName' | 'credential'>> {
  const directive = request.directives.find((each) => ['auth', 'noauth'].includes(directiveKey(each.name)));
  const asked = directive && directiveKey(directive.name) === 'auth' ? directive.value.trim() : undefined;
  if (directive && (asked === undefined || asked === 'none')) return { who: 'none' };
  if (asked) {
    const found = await book.find(asked, root);
    if (!found) return { who: 'unknown-credential', credentialName: asked };
    return { who: 'credential', credentialName: asked, credential: await resolved(found, book, resolveText) };
  }
  if (request.headers.some((header) => header.name.text.trim().toLowerCase() === 'authorization')) {
    return { who: 'literal' };
  }
  const found = url && (await book.defaultFor(url, root, resolveText));
  return found
    ? { who: 'credential', credentialName: found.name, credential: await resolved(found, book, resolveText) }
    : { who: 'none' };
}

/** An unresolvable definition is shown as it stands. */
async function resolved(
  named: NamedDefinition,
  book: CredentialBook,
  resolveText: (text: string) => Promise<string>,
): Promise<NamedDefinition> {
  try {
    return await book.resolve(named, resolveText);
  } catch {
    return named;
  }
}

/** The address up to its path: enough for the origin, and no variable of the path or query is asked for. */
function authorityOf(url: Template): Template {
  const scheme = url.text.indexOf('://');
  let depth = 0;
  for (let at = scheme === -1 ? 0 : scheme + 3; at < url.text.length; at++) {
    if (url.text.startsWith('{{', at)) depth += 1;
    else if (url.text.startsWith('}}', at)) depth = Math.max(0, depth - 1);
    else if (depth === 0 && at > 0 && /[/?#]/.test(url.text.charAt(at)) && url.text.charAt(at - 1) !== '/') {
      return { ...url, text: url.text.slice(0, at) };
    }
  }
  return url;
}
