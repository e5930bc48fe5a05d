/** Completion after `# @`: the directives, then what each takes. Everything comes from the directives’ own table. */
import { canonicalDirective, directiveByName } from '../directives/canonical.ts';
import { directiveDoc, pendingEffects } from '../directives/directive.ts';
import { parseExpectations } from '../directives/expect-status.ts';
import { directives } from '../directives/registry.ts';
import type { RequestFile, RequestNode, Span } from '../types.ts';
import type { CompletionItem } from './completion.ts';
import type { FeatureContext } from './feature-context.ts';
import { durationValues, millisecondValues } from './header-values.ts';

const likely = ['auth', 'name', 'prompt', 'timeout', 'no-redirect', 'note', 'ref'];
const withoutValue = new Set(['none', 'optional-text']);

export function completeDirectiveName(
  file: RequestFile,
  request: RequestNode | undefined,
  replace: Span,
): readonly CompletionItem[] {
  const here = new Set(
    request?.directives
      .filter((directive) => directive.nameSpan.start !== replace.start)
      .map((directive) => canonicalDirective(directive.name)),
  );
  const rank = (name: string): number => (likely.includes(name) ? likely.indexOf(name) : likely.length);
  return directives
    .filter((directive) => directive.repeats === true || !here.has(directive.name))
    .filter((directive) => directive.effect !== 'refused')
    .map((directive) => ({
      directive,
      // What has no effect here, or belongs to another tool than this file's, comes last.
      order:
        rank(directive.name) +
        (/^(ignored|not-offered)$/.test(directive.effect) || pendingEffects.has(directive.effect) ? 200 : 0) +
        (file.dialect === 'union' || directive.dialects.includes(file.dialect) || directive.dialects.includes('union')
          ? 0
          : 50),
    }))
    .sort((a, b) => a.order - b.order)
    .map(({ directive }) => ({
      label: directive.name,
      kind: 'directive',
      detail: withoutValue.has(directive.argument) ? '' : directive.argument,
      documentation: directiveDoc(directive),
      replace,
    }));
}

export async function completeDirectiveValue(
  file: RequestFile,
  request: RequestNode | undefined,
  place: { readonly name: string; readonly typed: string; readonly replace: Span },
  context: FeatureContext,
): Promise<readonly CompletionItem[]> {
  const directive = directiveByName(place.name);
  const { replace } = place;
  switch (directive?.argument) {
    case 'credential':
      return completeCredential(request, replace, context);
    case 'expectations':
      return completeExpectation(place, context);
    case 'name':
      return directive.effect === 'name' ? [] : completeRequestName(file, request, replace, context);
    case 'duration':
      return durationValues.map(({ value, doc }) => ({ label: value, kind: 'value', documentation: doc, replace }));
    case 'milliseconds':
      return millisecondValues.map(({ value, doc }) => ({ label: value, kind: 'value', documentation: doc, replace }));
    default:
      return [];
  }
}

/** Those that may go to this request's origin first (design.md D1.5). */
async function completeCredential(
  request: RequestNode | undefined,
  replace: Span,
  context: FeatureContext,
): Promise<readonly CompletionItem[]> {
  const fact = request && (await context.request(request.index));
  const origin = fact?.origin;
  const all = await context.credentials();
  const fits = (origins: readonly string[]): boolean => origin !== undefined && origins.includes(origin);
  const ordered = [...all].sort((a, b) => Number(fits(b.origins)) - Number(fits(a.origins)));
  return [
    ...ordered.map((credential): CompletionItem => ({
      label: credential.name,
      kind: 'credential',
      detail: credential.origins.join(', '),
      documentation: credential.scheme,
      replace,
    })),
    { label: 'none', kind: 'value', documentation: 'Sends the request with no credential.', replace },
  ];
}

/** `NAME=200` for the word at the cursor, for those that have none yet. */
async function completeExpectation(
  { typed, replace }: { readonly typed: string; readonly replace: Span },
  context: FeatureContext,
): Promise<readonly CompletionItem[]> {
  const from = typed.search(/\S*$/);
  const word = { start: replace.start + from, end: replace.start + typed.length };
  const taken = new Set(parseExpectations(typed.slice(0, from)).expected.map(({ who }) => who));
  const item = (who: string, status: string, documentation: string): CompletionItem[] =>
    taken.has(who) ? [] : [{ label: `${who}=${status}`, kind: 'credential', documentation, replace: word }];
  return [
    ...(await context.credentials()).flatMap(({ name, scheme }) => item(name, '200', scheme)),
    ...item('none', '401', 'The answer to nobody.'),
  ];
}

/** Those of the file, then those of the files it imports; a title where there is no name. */
export async function completeRequestName(
  file: RequestFile,
  request: RequestNode | undefined,
  replace: Span,
  context: FeatureContext,
): Promise<readonly CompletionItem[]> {
  const own = file.requests
    .filter((other) => other !== request)
    .map(({ name, title, method, url }) => ({ label: name ?? title, detail: `${method} ${url.text}` }));
  const imported = (await context.imports()).requests.map(({ name, title, detail, origin }) => ({
    label: name ?? title,
    detail: `${detail} · ${origin.label.slice(Math.max(origin.label.lastIndexOf('/'), origin.label.lastIndexOf('\\')) + 1)}`,
  }));
  const seen = new Set<string>();
  return [...own, ...imported].flatMap(({ label, detail }): CompletionItem[] => {
    if (label === null || seen.has(label)) return [];
    seen.add(label);
    return [{ label, kind: 'request', detail, replace }];
  });
}
