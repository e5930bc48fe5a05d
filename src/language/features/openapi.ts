/**
 * The operations of an API description in the workspace, for completion: OpenAPI 3 and Swagger 2 as JSON. What a
 * description says is text of a stranger and shown as plain text only. Pure, never throws. Source: OpenAPI 3.1 §4.8.
 */
import type { Span } from '../types.ts';
import type { CompletionItem } from './completion.ts';

export interface ParameterFact {
  readonly name: string;
  readonly required: boolean;
  readonly description: string;
}

export interface OperationFact {
  /** Upper case. */
  readonly method: string;
  /** As in the description: `/orders/{id}`, behind the path of its server. */
  readonly path: string;
  readonly summary: string;
  /** Those of the query. */
  readonly query: readonly ParameterFact[];
}

const methods = ['get', 'put', 'post', 'delete', 'options', 'head', 'patch', 'trace'];
const mostOperations = 5000;

type Json = Readonly<Record<string, unknown>>;

/** @param description the parsed JSON; anything that is no description has no operations */
export function toOperations(description: unknown): readonly OperationFact[] {
  const root = objectOf(description);
  if (typeof root['openapi'] !== 'string' && typeof root['swagger'] !== 'string') return [];
  const base = basePath(root);
  const found: OperationFact[] = [];
  for (const [path, item] of Object.entries(objectOf(root['paths']))) {
    if (!path.startsWith('/') || /\s/.test(path)) continue;
    const entry = objectOf(item);
    for (const method of methods) {
      const operation = entry[method];
      if (typeof operation !== 'object' || operation === null || found.length >= mostOperations) continue;
      const { summary, operationId, parameters } = operation as Json;
      found.push({
        method: method.toUpperCase(),
        path: base + path,
        summary: textOf(summary) || textOf(operationId),
        query: [...listOf(entry['parameters']), ...listOf(parameters)].flatMap((one) => queryParameter(one, root)),
      });
    }
  }
  return found;
}

/** The path of the first server, or Swagger’s `basePath`, without a slash at its end. */
function basePath(root: Json): string {
  const server = textOf(objectOf(listOf(root['servers'])[0])['url']) || textOf(root['basePath']);
  const path = /^(?:[a-z][a-z0-9+.-]*:\/\/[^/]*)?(\/[^?#{}\s]*)?/i.exec(server)?.[1] ?? '';
  return path.replace(/\/+$/, '');
}

function queryParameter(value: unknown, root: Json): ParameterFact[] {
  const reference = textOf(objectOf(value)['$ref']);
  const target = reference.startsWith('#/')
    ? reference
        .slice(2)
        .split('/')
        .reduce<unknown>((at, key) => objectOf(at)[key.replaceAll('~1', '/').replaceAll('~0', '~')], root)
    : value;
  const { name, in: where, required, description } = objectOf(target);
  if (typeof name !== 'string' || where !== 'query' || !/^[^\s=&?#]+$/.test(name)) return [];
  return [{ name, required: required === true, description: textOf(description) }];
}

/** Paths for a method; `{id}` becomes the reference `{{id}}`. */
export function completePath(
  operations: readonly OperationFact[],
  method: string,
  replace: Span,
): readonly CompletionItem[] {
  return operations
    .filter((operation) => operation.method === method)
    .map(({ path, summary }) => ({
      label: path.replace(/\{([^{}]+)\}/g, '{{$1}}'),
      kind: 'value',
      detail: summary,
      replace,
    }));
}

/** Parameters of the query of the operation that the address is of; those that are there already are left out. */
export function completeQuery(
  operations: readonly OperationFact[],
  { method, url }: { readonly method: string; readonly url: string },
  replace: Span,
): readonly CompletionItem[] {
  const [path = '', query = ''] = url.replace(/^(?:\{\{[^{}]*\}\}|[a-z][a-z0-9+.-]*:\/\/[^/?]*)/i, '').split('?', 2);
  const here = new Set(query.split('&').map((pair) => pair.split('=', 1)[0]!.trim()));
  const operation = operations.find((one) => one.method === method && matches(one.path, path));
  return (operation?.query ?? [])
    .filter(({ name }) => !here.has(name))
    .sort((left, right) => Number(right.required) - Number(left.required))
    .map(({ name, required, description }) => ({
      label: `${name}=`,
      kind: 'value',
      detail: required ? 'required' : '',
      documentation: description,
      replace,
    }));
}

/** Segment by segment; a segment with a parameter stands for any. */
function matches(template: string, path: string): boolean {
  const wanted = template.split('/');
  const given = path.split('/');
  return wanted.length === given.length && wanted.every((part, index) => part.includes('{') || part === given[index]);
}

function objectOf(value: unknown): Json {
  return typeof value === 'object' && value !== null ? (value as Json) : {};
}

function listOf(value: unknown): readonly unknown[] {
  return Array.isArray(value) ? value : [];
}

function textOf(value: unknown): string {
  return typeof value === 'string' ? value.slice(0, 500) : '';
}
