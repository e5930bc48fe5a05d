/**
 * What stands unsaid in a request: the address with its variables filled in, secrets as dots, and the credential that
 * goes along although the request names none. It asks the context, which asks no person and no network.
 */
import { canonicalDirective } from '../directives/canonical.ts';
import type { RequestFile, RequestNode, Span } from '../types.ts';
import type { FeatureContext } from './feature-context.ts';
import { templateReferences } from '../template-references.ts';

export interface InlayHint {
  readonly offset: number;
  readonly label: string;
  readonly kind: 'url' | 'credential';
}

export interface InlayOptions {
  /** Whether to say the credential; false where something else does already. */
  readonly credentials: boolean;
  readonly isCancelled?: () => boolean;
}

/** Of requests in one answer: those in view are far fewer. */
const mostRequests = 200;
const longestLabel = 120;

/** Of the requests that `within` touches, in their order. */
export async function inlayHints(
  file: RequestFile,
  within: Span,
  context: FeatureContext,
  { credentials, isCancelled = () => false }: InlayOptions,
): Promise<readonly InlayHint[]> {
  const hints: InlayHint[] = [];
  const inView = file.requests.filter(
    ({ requestLine, url }) =>
      requestLine.start <= within.end && Math.max(requestLine.end, url.span.end) >= within.start,
  );
  for (const request of inView.slice(0, mostRequests)) {
    if (isCancelled()) return [];
    const offset = Math.max(request.requestLine.start, request.url.span.end);
    const address = await resolvedUrl(request, context);
    if (address !== undefined) hints.push({ offset, label: `→ ${cut(address)}`, kind: 'url' });
    const name =
      credentials && impliesCredential(request) ? (await context.request(request.index))?.credential : undefined;
    if (name !== undefined) hints.push({ offset, label: `as ${cut(name)}`, kind: 'credential' });
  }
  return hints;
}

/** Undefined when it says no more than the address as it is written. */
async function resolvedUrl(request: RequestNode, context: FeatureContext): Promise<string | undefined> {
  const { text } = request.url;
  if (request.curl || !text.includes('{{')) return undefined;
  let shown = '';
  let at = 0;
  let filled = false;
  for (const { start, end, expression, kind, encoded } of templateReferences(text)) {
    const known = kind === 'empty' ? undefined : (await context.describe(expression, request.index)).display;
    shown += text.slice(at, start);
    shown +=
      known === undefined
        ? text.slice(start, end)
        : encoded && !known.includes('•')
          ? encodeURIComponent(known)
          : known;
    filled ||= known !== undefined;
    at = end;
  }
  return filled ? shown + text.slice(at) : undefined;
}

function impliesCredential({ headers, directives }: RequestNode): boolean {
  return (
    !directives.some(({ name }) => canonicalDirective(name) === 'auth' || /^no-?auth$/i.test(name)) &&
    !headers.some(({ name }) => name.text.trim().toLowerCase() === 'authorization')
  );
}

/** On one line, whatever a value holds. */
function cut(text: string): string {
  const line = text.replace(/\s+/g, ' ').trim();
  return line.length > longestLabel ? `${line.slice(0, longestLabel - 1)}…` : line;
}
