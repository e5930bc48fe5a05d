/**
 * Where a name is defined and where it is used: file variables, requests, variables of environments, credentials. The
 * places in other files are those that the context tells.
 */
import { canonicalDirective } from '../directives/canonical.ts';
import { nodeAt } from '../lookup.ts';
import { parseRun } from '../statements.ts';
import type { RequestFile, Span } from '../types.ts';
import type { FeatureContext, OriginFact } from './feature-context.ts';
import { headOf, referenceAt, referencesOf, referencesOfVariables, toSource } from './references-in-file.ts';

/** `file` is absent for this file. A place has a span, or a 1-based line. */
export type DefinitionPlace = Pick<OriginFact, 'file' | 'line' | 'span'>;

export interface NameAt {
  readonly kind: 'name' | 'credential';
  readonly name: string;
  /** The whole expression, for the context. */
  readonly expression: string;
  readonly span: Span;
  readonly request: number | undefined;
}

/** The name at an offset, at its definition as well as at its use. */
export function nameAt(file: RequestFile, offset: number): NameAt | undefined {
  const node = nodeAt(file, offset);
  if (node.kind === 'script') return undefined;
  const request = 'request' in node ? node.request : undefined;
  const reference = referenceAt(file, request, offset);
  if (reference) {
    const token = /^\$auth\.(?:token|idToken)\(\s*["']([^"']+)["']\s*\)$/.exec(reference.expression);
    const common = { expression: reference.expression, span: reference.expressionSpan, request: request?.index };
    if (token) return { kind: 'credential', name: token[1] ?? '', ...common };
    return { kind: 'name', name: nameOf(file, reference.expression), ...common };
  }
  if (node.kind === 'variable' && offset <= node.variable.nameSpan.end) {
    const { name, nameSpan } = node.variable;
    return { kind: 'name', name, expression: name, span: nameSpan, request: undefined };
  }
  if (node.kind === 'statement') {
    const run = parseRun(node.statement);
    if (run?.name === undefined || run.path !== undefined || run.name === '') return undefined;
    const span = { start: run.span.end - run.name.length, end: run.span.end };
    return { kind: 'name', name: run.name, expression: run.name, span, request: undefined };
  }
  const titled = file.requests.find(({ nameSpan }) => nameSpan && offset >= nameSpan.start && offset <= nameSpan.end);
  if (titled?.name && titled.nameSpan && node.kind !== 'directive') {
    return { kind: 'name', name: titled.name, expression: titled.name, span: titled.nameSpan, request: titled.index };
  }
  const directive = node.kind === 'directive' && offset >= node.directive.valueSpan.start ? node.directive : undefined;
  if (!directive || directive.value === '') return undefined;
  const name = canonicalDirective(directive.name);
  const common = {
    name: directive.value,
    expression: directive.value,
    span: directive.valueSpan,
    request: request?.index,
  };
  if (name === 'auth') return { kind: 'credential', ...common };
  return ['name', 'ref', 'force-ref'].includes(name) ? { kind: 'name', ...common } : undefined;
}

/** By name; where none has it, by title. */
function requestsNamed<T extends { readonly name: string | null; readonly title: string | null }>(
  requests: readonly T[],
  name: string,
): readonly T[] {
  const named = requests.filter((request) => request.name === name);
  return named.length > 0 ? named : requests.filter((request) => request.title === name);
}

/** V4: an exact variable name goes before the head of a path. */
function nameOf(file: RequestFile, expression: string): string {
  return file.variables.some(({ name }) => name === expression) ? expression : headOf(expression);
}

export async function definitions(
  file: RequestFile,
  offset: number,
  context: FeatureContext,
): Promise<readonly DefinitionPlace[]> {
  const found = nameAt(file, offset);
  if (!found) return [];
  if (found.kind === 'credential') {
    const credential = await context.credential(found.name);
    return credential?.definedIn.file === undefined ? [] : [credential.definedIn];
  }
  const named = requestsNamed(file.requests, found.name);
  const isReference = file.text.slice(found.span.start - 2, found.span.start).includes('{');
  if (named.length > 0 && !(isReference && file.variables.some(({ name }) => name === found.name))) {
    return named.map((request) => ({ span: request.nameSpan ?? request.requestLine, line: request.line }));
  }
  const imported = isReference ? [] : requestsNamed((await context.imports()).requests, found.name);
  if (imported.length > 0) return imported.map(({ origin }) => origin);
  const fact = await context.describe(found.expression, found.request);
  const places = [fact.origin, ...fact.overrides].filter((origin) => origin !== undefined);
  if (places.length > 0) return places.slice(0, 1).filter(({ file: path, span }) => path !== undefined || span);
  return file.variables
    .filter(({ name }) => name === found.name)
    .map(({ nameSpan, line }) => ({ span: nameSpan, line }));
}

/** Uses and definitions of the name in this file, in its order. */
export function referencesTo(file: RequestFile, offset: number, includeDefinitions: boolean): readonly Span[] {
  const found = nameAt(file, offset);
  return found ? referencesToName(file, found, includeDefinitions) : [];
}

export function referencesToName(
  file: RequestFile,
  found: Pick<NameAt, 'kind' | 'name'>,
  includeDefinitions: boolean,
): readonly Span[] {
  const spans: Span[] = [];
  const all = [...referencesOfVariables(file), ...file.requests.flatMap((request) => referencesOf(request))];
  for (const reference of all) {
    const token = /^\$auth\.(?:token|idToken)\(\s*["']([^"']+)["']\s*\)$/.exec(reference.expression)?.[1];
    const name = found.kind === 'credential' ? token : nameOf(file, reference.expression);
    if (name !== found.name) continue;
    const { start } = reference.expressionSpan;
    spans.push(found.kind === 'credential' ? reference.expressionSpan : { start, end: start + found.name.length });
  }
  for (const { directives } of file.requests) {
    for (const directive of directives) {
      const name = canonicalDirective(directive.name);
      const counts =
        found.kind === 'credential'
          ? name === 'auth'
          : name === 'ref' || name === 'force-ref' || (includeDefinitions && name === 'name');
      if (counts && directive.value === found.name) spans.push(directive.valueSpan);
    }
  }
  if (found.kind === 'name') {
    for (const statement of file.statements) {
      const run = parseRun(statement);
      if (run?.name !== found.name || run.path !== undefined) continue;
      spans.push({ start: run.span.end - run.name.length, end: run.span.end });
    }
  }
  if (includeDefinitions && found.kind === 'name') {
    for (const variable of file.variables) if (variable.name === found.name) spans.push(variable.nameSpan);
    for (const { name, nameSpan, directives } of file.requests) {
      const titled = !directives.some((directive) => canonicalDirective(directive.name) === 'name');
      if (name === found.name && nameSpan && titled) spans.push(nameSpan);
    }
  }
  return spans.sort((a, b) => a.start - b.start);
}

/** The credential names a file uses, each with the places of its `# @auth` and `$auth.token`. */
export function credentialUses(file: RequestFile): readonly { name: string; span: Span; request: number }[] {
  const uses: { name: string; span: Span; request: number }[] = [];
  for (const request of file.requests) {
    for (const directive of request.directives) {
      const { value, valueSpan } = directive;
      if (canonicalDirective(directive.name) !== 'auth' || value === '' || value === 'none') continue;
      if (!value.includes('{{')) uses.push({ name: value, span: valueSpan, request: request.index });
    }
    for (const header of request.headers) {
      for (const match of header.value.text.matchAll(/\$auth\.(?:token|idToken)\(\s*["']([^"'{}]+)["']/g)) {
        const name = match[1] ?? '';
        const at = match.index + match[0].length - 1 - name.length;
        uses.push({ name, span: toSource(header.value, at, at + name.length), request: request.index });
      }
    }
  }
  return uses;
}
