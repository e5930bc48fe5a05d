/**
 * `@name = value` of the request file. The nearest definition above the request wins, else the first below (V2).
 * Escapes are REST Client's and quotes httpYac's, each in its own dialect. Source: dialects.md §8.
 */
import type { RequestFile, Template, VariableNode } from '../../language/types.ts';
import type { VariableContext, VariableDefinition, VariableInfo, VariableOrigin, VariableSource } from '../types.ts';

const thisFile = 'this file';

export const fileVariablesSource: VariableSource = {
  id: 'file',
  label: thisFile,
  definitions: (name, context) => Promise.resolve(definitionsOf(name, context, thisFile)),
  list: (context) => Promise.resolve(namesOf(context, thisFile)),
};

/** Those of the context's file, strongest first; `label` says what the file is to the person. */
export function definitionsOf(name: string, context: VariableContext, label: string): readonly VariableDefinition[] {
  return inOrder(name, context).map((node) => toDefinition(node, context, label));
}

export function namesOf(context: VariableContext, label: string): readonly VariableInfo[] {
  return [...byName(context.file).keys()].flatMap((name): VariableInfo[] => {
    const node = inOrder(name, context)[0];
    return node ? [{ name, display: valueOf(node, context).text, origin: originOf(node, context, label) }] : [];
  });
}

const indexes = new WeakMap<RequestFile, ReadonlyMap<string, readonly VariableNode[]>>();

/** The definitions of each name in the order of the file. */
function byName(file: RequestFile): ReadonlyMap<string, readonly VariableNode[]> {
  let index = indexes.get(file);
  if (!index) indexes.set(file, (index = Map.groupBy(file.variables, (node) => node.name)));
  return index;
}

/** V2: those above the request from the nearest up; where there are none, the first below. */
function inOrder(name: string, context: VariableContext): readonly VariableNode[] {
  const nodes = byName(context.file).get(name) ?? [];
  const request = context.request === undefined ? undefined : context.file.requests[context.request];
  if (!request) return nodes.toReversed();
  const above = nodes.filter((node) => node.line < request.line).reverse();
  return above.length > 0 ? above : nodes.slice(0, 1);
}

function toDefinition(node: VariableNode, context: VariableContext, label: string): VariableDefinition {
  // A template stands in the file that is resolved; that of an imported file is given as text, with its place.
  const own = (template: Template): Template | string => (label === thisFile ? template : template.text);
  return {
    name: node.name,
    key: `file:${node.span.start}`,
    origin: originOf(node, context, label),
    value: (expansion) =>
      expansion.expand(own(valueOf(node, context)), {
        ...(context.file.dialect === 'rest-client' ? { decode: decodeEscapes } : {}),
        ...(context.path === undefined ? {} : { place: { file: context.path, line: node.line } }),
      }),
  };
}

function originOf(node: VariableNode, context: VariableContext, label: string): VariableOrigin {
  const file = context.path === undefined ? {} : { file: context.path };
  return { label, ...file, span: node.span, line: node.line };
}

/** V5: quotes stay, except httpYac's outer pair. */
function valueOf(node: VariableNode, context: VariableContext): Template {
  const { text } = node.value;
  const quoted = context.file.dialect === 'httpyac' && text.length >= 2 && text.startsWith('"') && text.endsWith('"');
  return quoted ? sliceTemplate(node.value, 1, text.length - 1) : node.value;
}

function sliceTemplate(template: Template, from: number, to: number): Template {
  const pieces = template.pieces.flatMap((piece) => {
    const start = Math.max(piece.at, from);
    const end = Math.min(piece.at + piece.length, to);
    return end > start ? [{ at: start - from, source: piece.source + (start - piece.at), length: end - start }] : [];
  });
  return {
    text: template.text.slice(from, to),
    pieces,
    span: pieces.length === 0 ? { start: template.span.start + from, end: template.span.start + to } : template.span,
  };
}

/** REST Client: `\n`, `\r`, `\t`; any other escaped character stands for itself. */
function decodeEscapes(text: string): string {
  return text.replace(/\\(.)/gs, (_, char: string) =>
    char === 'n' ? '\n' : char === 'r' ? '\r' : char === 't' ? '\t' : char,
  );
}
