/**
 * From one parsed request to what would be sent, before any credential: every template resolved once, the address
 * parsed, headers checked and completed, the body ready. Sends nothing. Source: house.md §4, dialects.md §§4–6.
 */
import { CountersignError, isCountersignError, type Place } from '../errors/countersign-error.ts';
import type { HeaderPair } from '../http/types.ts';
import type { HeaderNode, RequestFile, RequestNode, Template } from '../language/types.ts';
import type { FileReader, Prompts } from '../ports.ts';
import { plain, type Tracked } from '../variables/tracked.ts';
import { toRequestOptions, type RequestOptions } from './directives.ts';
import type { FormEncoding } from './form-encoding.ts';
import { resolveBody, type ResolvedBody } from './request-body.ts';
import { toTargetUrl, type TargetUrl } from './request-url.ts';

export interface PlannedHeader {
  readonly name: string;
  readonly value: Tracked;
}

export interface Plan {
  readonly node: RequestNode;
  readonly options: RequestOptions;
  readonly method: string;
  readonly target: TargetUrl;
  readonly headers: readonly PlannedHeader[];
  readonly body: ResolvedBody | undefined;
  /** Secret values from variables, for the redactor. */
  readonly secrets: readonly { readonly value: string; readonly label: string }[];
  /** Resolves text that belongs to this request but is not in it: the fields of its credential's definition. */
  resolveText(text: string): Promise<string>;
}

export interface PlanContext {
  readonly file: RequestFile;
  readonly path: string | undefined;
  readonly root: string | undefined;
  readonly files: FileReader;
  readonly prompts: Prompts;
  readonly signal: AbortSignal;
  readonly formEncoding?: FormEncoding;
  readonly fillsFiles?: boolean;
  readonly defaultHeaders: readonly HeaderPair[];
  readonly graphql: (text: string) => string;
  resolve(template: Template): Promise<Tracked>;
  resolveText(text: string): Promise<string>;
  /** Told the address as soon as it is known, before headers and body are resolved. */
  onTarget(url: URL): Promise<void>;
}

const sendable = new Set(['http', 'graphql', 'sse']);
const ownHeaders = new Set(['content-length', 'transfer-encoding', 'x-request-type']);

/** @throws CountersignError with the place in the request file */
export async function planRequest(node: RequestNode, context: PlanContext): Promise<Plan> {
  if (!sendable.has(node.protocol)) {
    throw new CountersignError(
      'CS-HTTP-PROTOCOL',
      `${node.method} requests are recognised, not sent by this version.`,
      {
        place: { start: node.requestLine.start, end: node.requestLine.end, line: node.line },
      },
    );
  }
  const options = toRequestOptions(node);
  const address = await context.resolve(node.url);
  const target = parseTarget(address, node, await hostHeader(node, context));
  await context.onTarget(target.url);
  const written = await resolveHeaders(node.headers, context);
  const graphql = node.protocol === 'graphql' || node.body?.kind === 'graphql';
  const body = node.body
    ? await resolveBody(node.body, {
        scope: context,
        contentType: valueOf(written, 'content-type'),
        autoEncoding: options.autoEncoding,
        fillsFiles: context.fillsFiles === true,
        ...(context.formEncoding === undefined ? {} : { formEncoding: context.formEncoding }),
        graphql: graphql ? context.graphql : undefined,
        resolve: (template) => context.resolve(template),
        placeOf: (part) => (part.kind === 'file' ? part.span : part.text.span),
      })
    : undefined;
  return {
    node,
    options,
    method: node.method === 'GRAPHQL' || node.protocol === 'sse' ? (graphql ? 'POST' : 'GET') : node.method,
    target,
    headers: complete(written, body, context.defaultHeaders),
    body,
    secrets: [...secretsOf([address, ...written.map((header) => header.value)]), ...(body?.secrets ?? [])],
    resolveText: (text) => context.resolveText(text),
  };
}

async function hostHeader(node: RequestNode, context: PlanContext): Promise<string | undefined> {
  const header = node.headers.find((each) => each.name.text.trim().toLowerCase() === 'host');
  return header && node.url.text.trimStart().startsWith('/')
    ? (await context.resolve(header.value)).text.trim()
    : undefined;
}

function parseTarget(address: Tracked, node: RequestNode, host: string | undefined): TargetUrl {
  try {
    return toTargetUrl(address, host);
  } catch (error) {
    throw isCountersignError(error) ? error.at({ ...node.url.span, line: node.line }) : error;
  }
}

async function resolveHeaders(nodes: readonly HeaderNode[], context: PlanContext): Promise<PlannedHeader[]> {
  const headers: PlannedHeader[] = [];
  for (const node of nodes) {
    const name = (await context.resolve(node.name)).text.trim();
    if (ownHeaders.has(name.toLowerCase())) continue;
    const value = trimmed(await context.resolve(node.value));
    checkHeader(name, value, { ...node.span, line: node.line });
    headers.push({ name, value });
  }
  return headers;
}

/** Values with line breaks or outside Latin-1 would smuggle or be cut short on the wire (auth.md W01). */
export function checkHeader(name: string, value: Tracked, place: Place): void {
  if (!/^[!#$%&'*+\-.^_`|~\w]+$/.test(name)) {
    throw new CountersignError('CS-HTTP-HEADER', `“${name.slice(0, 40)}” cannot be the name of a header.`, { place });
  }
  const bad = /[^\t\u0020-\u007e\u0080-\u00ff]/.exec(value.text);
  if (bad) {
    const what = /[\r\n]/.test(bad[0]) ? 'a line break' : 'a character that cannot be sent';
    throw new CountersignError('CS-HTTP-HEADER', `The value of the header ${name} holds ${what}.`, { place });
  }
}

function trimmed(value: Tracked): Tracked {
  const start = value.text.length - value.text.trimStart().length;
  const text = value.text.trim();
  if (start === 0 && text.length === value.text.length) return value;
  return {
    text,
    secrets: value.secrets
      .map((span) => ({
        ...span,
        start: Math.max(0, span.start - start),
        end: Math.min(text.length, span.end - start),
      }))
      .filter((span) => span.end > span.start),
  };
}

function complete(
  written: readonly PlannedHeader[],
  body: ResolvedBody | undefined,
  defaults: readonly HeaderPair[],
): PlannedHeader[] {
  const headers = [...written];
  const has = (name: string): boolean => headers.some((header) => header.name.toLowerCase() === name.toLowerCase());
  if (body?.contentType !== undefined && !has('content-type')) {
    headers.push({ name: 'Content-Type', value: plain(body.contentType) });
  }
  for (const [name, value] of defaults) if (!has(name)) headers.push({ name, value: plain(value) });
  return headers;
}

function valueOf(headers: readonly PlannedHeader[], name: string): string | undefined {
  return headers.find((header) => header.name.toLowerCase() === name)?.value.text;
}

function secretsOf(values: readonly Tracked[]): { value: string; label: string }[] {
  return values.flatMap((value) =>
    value.secrets.map((span) => ({ value: value.text.slice(span.start, span.end), label: span.label })),
  );
}
