/** A quirk made of `quirk_rules` of a definition: the rules carried out on one answer, in a fixed order. Pure. */
import type { QuirkRules } from '../../credentials/quirk-rules.ts';
import type { Quirk, TokenJson } from './quirk.ts';

export function toRuleQuirk(rules: QuirkRules): Quirk {
  const { status: statuses = [], body } = rules;
  return {
    name: 'quirk_rules',
    description: 'The rules of the definition.',
    status: (status) => (statuses.includes(status) ? 200 : status),
    ...(body === 'form' ? { parse: parseForm } : {}),
    map: (answer) => toAnswer(answer, rules),
  };
}

function parseForm(text: string): TokenJson | undefined {
  return /^[\w.~%+-]+=[^<>{}\s]*$/.test(text.trim()) ? Object.fromEntries(new URLSearchParams(text.trim())) : undefined;
}

function toAnswer(answer: TokenJson, rules: QuirkRules): TokenJson {
  const inner = rules.from === undefined ? undefined : valueAt(answer, rules.from);
  const made: Record<string, unknown> = { ...(isObject(inner) ? inner : answer) };
  for (const [from, to] of Object.entries(rules.rename ?? {})) {
    if (!Object.hasOwn(made, from) || made[to] !== undefined) continue;
    made[to] = made[from];
    delete made[from];
  }
  // Errors stand outside of what holds the tokens.
  for (const name of ['error', 'error_description'] as const) {
    const place = rules[name];
    const value = place === undefined ? undefined : valueAt(answer, place);
    if (typeof value === 'string' && value !== '' && made['access_token'] === undefined) made[name] = value;
  }
  for (const name of rules.ignore_empty ?? []) if (made[name] === null || made[name] === '') delete made[name];
  for (const name of rules.milliseconds ?? []) {
    const value = Number(made[name]);
    if (made[name] !== undefined && Number.isFinite(value)) made[name] = Math.floor(value / 1000);
  }
  if (made['access_token'] === undefined) return made;
  for (const [name, value] of Object.entries(rules.default ?? {})) made[name] ??= value;
  return made;
}

/** Own members only: no path leads to a prototype. */
function valueAt(answer: unknown, place: string): unknown {
  let at: unknown = answer;
  for (const name of place.split('.')) {
    if (typeof at !== 'object' || at === null || !Object.hasOwn(at, name)) return undefined;
    at = (at as Readonly<Record<string, unknown>>)[name];
  }
  return at;
}

function isObject(value: unknown): value is TokenJson {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
