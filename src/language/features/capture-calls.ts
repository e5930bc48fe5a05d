/**
 * Who uses whose response, in one file: requests, and variables that stand between them. A request “calls” another when
 * a reference, a `# @ref` or a variable of it takes something from that one’s exchange. Pure; other files are the
 * adapter’s.
 */
import type { RequestFile, Span, VariableNode } from '../types.ts';
import { requestAt, variableAt } from '../lookup.ts';
import { nameAt, referencesToName } from './definition.ts';
import { headOf, referencesIn, referencesOf } from './references-in-file.ts';
import { canonicalDirective } from '../directives/canonical.ts';

export interface CaptureItem {
  readonly kind: 'request' | 'variable';
  /** Its name in references; null for a request that nobody can refer to. */
  readonly name: string | null;
  readonly label: string;
  readonly detail: string;
  readonly span: Span;
  /** Inside `span`. */
  readonly selection: Span;
}

export interface CaptureCall {
  readonly item: CaptureItem;
  /** Where the reference stands, in the file of whoever uses. */
  readonly places: readonly Span[];
}

/** The request or variable that is named at an offset, else the request around it. */
export function captureItemAt(file: RequestFile, offset: number): CaptureItem | undefined {
  const named = nameAt(file, offset);
  const item = named?.kind === 'name' ? captureItem(file, named.name) : undefined;
  if (item) return item;
  const around = requestAt(file, offset);
  return around && requestItem(file, around.index);
}

/** The item whose selection begins at an offset, for an item that was handed out before. */
export function captureItemFrom(file: RequestFile, start: number): CaptureItem | undefined {
  const variable = file.variables.find(({ nameSpan }) => nameSpan.start === start);
  if (variable) return variableItem(variable);
  const request = file.requests.find(({ requestLine }) => requestLine.start === start);
  return request && requestItem(file, request.index);
}

/** The item of a name in this file. */
export function captureItem(file: RequestFile, name: string): CaptureItem | undefined {
  const variable = file.variables.find((one) => one.name === name);
  if (variable) return variableItem(variable);
  const request = file.requests.find((one) => one.name === name);
  return request && requestItem(file, request.index);
}

/** The requests and variables of this file that use a name. */
export function captureUses(file: RequestFile, name: string): readonly CaptureCall[] {
  const calls = new Map<string, { item: CaptureItem; places: Span[] }>();
  for (const place of referencesToName(file, { kind: 'name', name }, false)) {
    const variable = variableAt(file, place.start);
    const request = variable ? undefined : requestAt(file, place.start);
    const item = variable ? variableItem(variable) : request && requestItem(file, request.index);
    // A line `run #name` belongs to nobody.
    if (!item) continue;
    const key = `${item.kind} ${item.span.start}`;
    const call = calls.get(key) ?? { item, places: [] };
    call.places.push(place);
    calls.set(key, call);
  }
  return [...calls.values()];
}

/** The names an item takes from, with their places in it; a variable of the file counts only if it leads to a response. */
export function captureSources(
  file: RequestFile,
  { kind, selection }: Pick<CaptureItem, 'kind' | 'selection'>,
): readonly { readonly name: string; readonly places: readonly Span[] }[] {
  const found = new Map<string, Span[]>();
  const add = (name: string, span: Span): void => {
    const known = found.get(name);
    if (known) known.push(span);
    else found.set(name, [span]);
  };
  const variables = variableNames(file);
  const capturing = capturingNames(file, variables);
  if (kind === 'variable') {
    const variable = file.variables.find(({ nameSpan }) => nameSpan.start === selection.start);
    for (const reference of variable ? referencesIn(variable.value, undefined) : []) {
      add(nameIn(variables, reference.expression), reference.expressionSpan);
    }
  } else {
    const request = file.requests.find(({ requestLine }) => requestLine.start === selection.start);
    for (const reference of request ? referencesOf(request) : []) {
      add(nameIn(variables, reference.expression), reference.expressionSpan);
    }
    for (const { name, value, valueSpan } of request?.directives ?? []) {
      if (['ref', 'force-ref'].includes(canonicalDirective(name))) add(value, valueSpan);
    }
  }
  return [...found]
    .filter(([name]) => capturing.has(name) || !variables.has(name))
    .map(([name, places]) => ({ name, places }));
}

/** The file’s requests, and the variables that rest on a response, however far. */
function capturingNames(file: RequestFile, variables: ReadonlySet<string>): ReadonlySet<string> {
  const names = new Set(file.requests.flatMap(({ name }) => name ?? []));
  const users = new Map<string, string[]>();
  const waiting: string[] = [];
  for (const { name, value } of file.variables) {
    for (const { expression } of referencesIn(value, undefined)) {
      const head = nameIn(variables, expression);
      if (names.has(head) || /^[^.[\s]+\.(?:response|request)\./.test(expression)) waiting.push(name);
      const known = users.get(head);
      if (known) known.push(name);
      else users.set(head, [name]);
    }
  }
  for (let name = waiting.pop(); name !== undefined; name = waiting.pop()) {
    if (names.has(name)) continue;
    names.add(name);
    for (const user of users.get(name) ?? []) waiting.push(user);
  }
  return names;
}

function variableNames({ variables }: RequestFile): ReadonlySet<string> {
  return new Set(variables.map(({ name }) => name));
}

/** V4: an exact variable name goes before the head of a path. */
function nameIn(variables: ReadonlySet<string>, expression: string): string {
  return variables.has(expression) ? expression : headOf(expression);
}

function requestItem(file: RequestFile, index: number): CaptureItem {
  const { name, title, method, url, span, requestLine } = file.requests[index]!;
  const line = `${method} ${url.text.replace(/\s+/g, ' ').slice(0, 80)}`;
  const label = title ?? name;
  return {
    kind: 'request',
    name,
    label: label ?? line,
    detail: label === null ? '' : line,
    span,
    selection: requestLine,
  };
}

function variableItem({ name, value, span, nameSpan }: VariableNode): CaptureItem {
  const detail = value.text.replace(/\s+/g, ' ').slice(0, 80);
  return { kind: 'variable', name, label: `@${name}`, detail, span, selection: nameSpan };
}
