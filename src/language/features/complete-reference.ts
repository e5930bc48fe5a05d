/**
 * Completion inside `{{…}}`, and of a whole `{{name}}` where a URL begins: variables of every source with their value
 * and where it comes from, parts of earlier responses, dynamic variables with their signature.
 */
import type { RequestFile, RequestNode, Span } from '../types.ts';
import { completeBodyPath } from './complete-response.ts';
import type { CompletionItem } from './completion.ts';
import type { FeatureContext, VariableFact } from './feature-context.ts';
import { headerTable } from './header-table.ts';
import { headOf, referencesOf } from './references-in-file.ts';

interface ReferencePlace {
  readonly typed: string;
  readonly replace: Span;
  readonly inUrl: boolean;
}

export async function completeReference(
  file: RequestFile,
  request: RequestNode | undefined,
  place: ReferencePlace,
  context: FeatureContext,
): Promise<readonly CompletionItem[]> {
  const token = /^\$auth\.(?:token|idToken)\(\s*["']([^"']*)$/.exec(place.typed);
  if (token) return completeTokenName(token[1] ?? '', place, context);
  const parts = await completeMessage(file, place, context);
  if (parts) return parts;
  if (/[\s(]/.test(place.typed)) return [];
  const variables = (await context.variables(request?.index)).filter(({ name }) => !name.startsWith('$'));
  const named = ordered(variables, usedIn(file, request), place.inUrl).map((variable) =>
    toItem(variable, place.replace),
  );
  const dynamic = context.dynamics
    .filter((one) => one.unsupported !== true)
    .map((one): CompletionItem => ({
      label: one.dotted === true ? `${one.name}.` : one.name,
      kind: 'function',
      detail: one.signature,
      documentation: one.documentation,
      replace: place.replace,
    }));
  return place.typed.startsWith('$') ? [...dynamic, ...named] : [...named, ...dynamic];
}

/** Where a URL begins: the variables that hold an address, each as a whole reference. */
export async function completeUrl(
  request: RequestNode | undefined,
  replace: Span,
  context: FeatureContext,
): Promise<readonly CompletionItem[]> {
  const variables = (await context.variables(request?.index)).filter(({ display }) => isAddress(display));
  return variables.map((variable) => ({ ...toItem(variable, replace), label: `{{${variable.name}}}` }));
}

function isAddress(display: string | undefined): boolean {
  return display !== undefined && /^(?:https?|wss?):\/\//i.test(display);
}

function toItem(variable: VariableFact, replace: Span): CompletionItem {
  const value = variable.display ?? variable.detail ?? 'known when sent';
  const line = variable.origin.line === undefined ? '' : `:${variable.origin.line}`;
  return {
    label: variable.name,
    kind: variable.origin.label.startsWith('response of') ? 'request' : 'variable',
    detail: `${cut(value)} · ${variable.origin.label}${line}`,
    replace,
  };
}

function cut(text: string): string {
  const line = text.replace(/\s+/g, ' ');
  return line.length > 80 ? `${line.slice(0, 79)}…` : line;
}

/** An address where a URL begins, then what the requests nearby use, then the order of the sources. */
function ordered(
  variables: readonly VariableFact[],
  used: ReadonlyMap<string, number>,
  inUrl: boolean,
): readonly VariableFact[] {
  const rank = (one: VariableFact): number =>
    (inUrl && isAddress(one.display) ? 1000 : 0) + Math.min(used.get(one.name) ?? 0, 100);
  return [...variables].sort((a, b) => rank(b) - rank(a));
}

/** How often each name stands in the requests around this one. */
function usedIn(file: RequestFile, request: RequestNode | undefined): ReadonlyMap<string, number> {
  const at = request?.index ?? 0;
  const counts = new Map<string, number>();
  for (const near of file.requests.slice(Math.max(0, at - 20), at + 20)) {
    for (const { expression } of referencesOf(near)) {
      const name = headOf(expression);
      counts.set(name, (counts.get(name) ?? 0) + 1);
    }
  }
  return counts;
}

const messageParts: Readonly<Record<string, string>> = {
  body: 'The body; go on with $.path for a part of JSON.',
  headers: 'A header, by its name.',
  cookies: 'A cookie, by its name.',
  status: 'The status code.',
};

/** `login.` → response and request; `login.response.` → its parts; `….headers.` → names. */
async function completeMessage(
  file: RequestFile,
  place: ReferencePlace,
  context: FeatureContext,
): Promise<readonly CompletionItem[] | undefined> {
  const steps = place.typed.split('.');
  const last = steps.pop() ?? '';
  const [name, message, part] = steps;
  if (name === undefined) return undefined;
  if (!file.requests.some((request) => request.name === name)) {
    const { requests } = await context.imports();
    if (!requests.some((request) => request.name === name)) return undefined;
  }
  const replace = { start: place.replace.start + place.typed.length - last.length, end: place.replace.end };
  const items = (words: Readonly<Record<string, string>>): readonly CompletionItem[] =>
    Object.entries(words).map(([label, documentation]) => ({ label, kind: 'value', documentation, replace }));
  if (message === undefined) {
    return items({ response: 'The answer it got last.', request: 'What was sent last.' });
  }
  if (part === undefined) {
    const { status, ...sent } = messageParts;
    return items(message === 'response' && status !== undefined ? { ...sent, status } : sent);
  }
  if (part === 'headers' && steps.length === 3) {
    const direction = message === 'request' ? 'request' : 'response';
    return headerTable
      .filter(({ sent }) => sent === direction || sent === 'both')
      .map((info) => ({ label: info.name, kind: 'header', detail: info.source, documentation: info.doc, replace }));
  }
  if (part !== 'body' || (message !== 'request' && message !== 'response')) return [];
  const path = place.typed.slice(`${name}.${message}.body.`.length);
  const start = place.replace.start + place.typed.length - path.length;
  const known = completeBodyPath(await context.messageBody(name, message), path, { start, end: place.replace.end });
  if (steps.length > 3) return known;
  return [...items({ $: 'The whole of a JSON body; go on with a path.', '*': 'The body as it came.' }), ...known];
}

async function completeTokenName(
  typed: string,
  place: ReferencePlace,
  context: FeatureContext,
): Promise<readonly CompletionItem[]> {
  const cursor = place.replace.start + place.typed.length;
  const replace = { start: cursor - typed.length, end: cursor };
  return (await context.credentials())
    .filter(({ scheme }) => scheme === 'OAuth 2.0')
    .map(({ name, origins }) => ({
      label: name,
      kind: 'credential',
      detail: origins.join(', '),
      replace,
    }));
}
