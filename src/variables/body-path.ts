/**
 * A path into a kept body. JSON by a plain property path or JSONPath (RFC 9535), XML by XPath; the libraries are
 * loaded at first use. The first match counts; null, false and 0 become text (Q2). Source: dialects.md §10.2.
 */
import { CountersignError } from '../errors/countersign-error.ts';
import { parsePath } from './expression.ts';
import { descend, toJsonValue, toText, type JsonValue } from './json-value.ts';
import { limits } from './limits.ts';
import { shownName } from './words.ts';

/**
 * `path` may begin with `asJson.` or `asXml.` to say what the body is, whatever its media type says.
 * Undefined when nothing is there, or when the body is not what the path is for.
 */
export async function readBodyPath(body: string, contentType: string, path: string): Promise<string | undefined> {
  const forced = /^as(Json|Xml)\.?/i.exec(path);
  const inner = forced ? path.slice(forced[0].length) : path;
  if (body.length > limits.capturedBody) return undefined;
  const xml = forced ? forced[1]?.toLowerCase() === 'xml' : isXml(contentType, inner);
  return xml ? readXml(body, inner) : readJson(body, inner);
}

function isXml(contentType: string, path: string): boolean {
  const type = (contentType.split(';')[0] ?? '').trim().toLowerCase();
  if (type === 'application/json' || type.endsWith('+json')) return false;
  return /^(?:application|text)\/xml$|\+xml$/.test(type) || (path.startsWith('/') && !path.startsWith('/$'));
}

async function readJson(body: string, path: string): Promise<string | undefined> {
  let json: JsonValue;
  try {
    json = toJsonValue(JSON.parse(body.charCodeAt(0) === 0xfeff ? body.slice(1) : body));
  } catch {
    return undefined;
  }
  const rest = path.startsWith('$') ? path.slice(1) : path;
  if (rest === '') return toText(json);
  const simple = parsePath(rest, true);
  if (simple && !simple.some((part) => part.segment === '*')) {
    const segments = simple.map((part) => part.segment);
    const found = descend(json, segments);
    if (found !== undefined) return toText(found);
    // `x.length` of JSONPath-plus scripts.
    const parent = segments.at(-1) === 'length' ? descend(json, segments.slice(0, -1)) : undefined;
    return Array.isArray(parent) ? String(parent.length) : undefined;
  }
  const { query } = await import('jsonpath-rfc9535');
  const expression = path.startsWith('$') ? path : /^[.[]/.test(path) ? `$${path}` : `$.${path}`;
  try {
    const found = query(json as Parameters<typeof query>[0], expression)[0];
    return found === undefined ? undefined : toText(toJsonValue(found));
  } catch (cause) {
    throw pathError(path, 'JSONPath', cause);
  }
}

async function readXml(body: string, path: string): Promise<string | undefined> {
  // Both are CommonJS: in a bundle split into chunks only the default export is there.
  const [{ default: xmldom }, { default: xpath }] = await Promise.all([import('@xmldom/xmldom'), import('xpath')]);
  let document;
  try {
    document = new xmldom.DOMParser({ onError: stopAtErrors }).parseFromString(body, 'text/xml');
  } catch {
    return undefined;
  }
  const namespaces: Record<string, string> = Object.create(null) as Record<string, string>;
  for (const match of body.matchAll(/\sxmlns:([\w.-]+)\s*=\s*(?:"([^"]*)"|'([^']*)')/g)) {
    const prefix = match[1]!;
    namespaces[prefix] ??= match[2] ?? match[3] ?? '';
  }
  let found;
  try {
    found = xpath.useNamespaces(namespaces)(path === '' ? '/' : path, document as unknown as Node);
  } catch (cause) {
    throw pathError(path, 'XPath', cause);
  }
  const first = Array.isArray(found) ? found[0] : found;
  if (first === undefined || first === null) return undefined;
  if (typeof first !== 'object') return String(first);
  const serializer = new xmldom.XMLSerializer();
  const write = (node: Node) => serializer.serializeToString(node as never);
  switch (first.nodeType) {
    case 1:
      return Array.from(first.childNodes as unknown as ArrayLike<Node>, write).join('');
    case 9:
      return write(first);
    default:
      return first.nodeValue ?? first.textContent ?? '';
  }
}

/** Warnings are accepted, everything else ends the parse. */
function stopAtErrors(level: 'warning' | 'error' | 'fatalError', message: string): void {
  if (level !== 'warning') throw new Error(message);
}

function pathError(path: string, language: string, cause: unknown): CountersignError {
  return new CountersignError('CS-VAR-PATH', `The path ${shownName(path, 80)} is not ${language} that can be read.`, {
    next: 'Check its brackets, quotes and operators.',
    cause,
  });
}
