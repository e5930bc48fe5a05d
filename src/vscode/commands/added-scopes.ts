/**
 * What a person is asked before a sign-in goes beyond the scope they approved: an API may name any scope in its answer
 * (RFC 6750 §3.1), and the provider may grant it without a word. It asks nobody itself.
 */
import { toShownText } from '../../credentials/shown-text.ts';

/** More than fits a dialog is no step-up, and cannot be agreed to. */
const mostScopes = 12;

export interface ScopeQuestion {
  readonly title: string;
  readonly detail: string;
  /** False: there is nothing to agree to, only to read. */
  readonly answerable: boolean;
}

/** What is not in the approved scope, each once, in order. */
export function toAddedScopes(approved: string | undefined, asked: string): readonly string[] {
  const known = new Set((approved ?? '').split(/\s+/));
  return [...new Set(asked.split(/\s+/))].filter((scope) => scope !== '' && !known.has(scope));
}

/** @param askedBy origin of the API that named them */
export function toScopeQuestion(name: string, added: readonly string[], askedBy: string | undefined): ScopeQuestion {
  const [first = ''] = added;
  const shown = added.map((scope) => toShownText(scope, 100));
  const whole = added.length <= mostScopes && added.every((scope) => scope.length <= 100);
  const by = askedBy === undefined ? 'Asked for with this sign-in' : `${toShownText(askedBy, 100)} asks for`;
  const list = shown.slice(0, mostScopes).map((scope) => `• ${scope}`);
  return {
    title:
      !whole || added.length > 1
        ? `Ask for ${added.length} more scopes as well?`
        : `Ask for ${toShownText(first, 100)} as well?`,
    detail: [
      `${by}, beyond what you approved for ${toShownText(name, 100)}:`,
      ...list,
      ...(whole ? [] : ['This is more than can be shown here. Add it to the definition if it is meant.']),
    ].join('\n'),
    answerable: whole,
  };
}
