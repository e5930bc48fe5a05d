/**
 * Fills the `{{variables}}` of a definition in. Binding and approval are judged on the result, so a changed environment
 * value asks again. It does not know where values come from. Source: contracts.md §3.
 */
import { addressProblem } from './address.ts';
import { toDefinitionHash } from './canonical.ts';
import { toRegisteredGrant } from './common-fields.ts';
import { CountersignError } from '../errors/countersign-error.ts';
import { parseOrigin } from './origin.ts';
import { schemeOf } from './schemes/registry.ts';
import type { Definition, FieldInfo, NamedDefinition } from './types.ts';

/**
 * @param resolveText gives the text with its variables filled in; what it throws passes through
 * @throws CountersignError CS-DEF-FIELD when a filled-in address or value cannot stand
 * @returns the same object when the definition holds no variables
 */
export async function resolveDefinition<D extends Definition>(
  named: NamedDefinition<D>,
  resolveText: (text: string) => Promise<string>,
): Promise<NamedDefinition<D>> {
  if (!holdsVariables(named.definition)) return named;
  const definition = (await resolveValue(named.definition, resolveText)) as D;
  const origins = definition.origins.map((text) => {
    const parsed = parseOrigin(text);
    return parsed.ok ? parsed.origin.text : text;
  });
  const resolved = { ...definition, origins };
  const grant: unknown = Reflect.get(resolved, 'grant');
  if (typeof grant === 'string') Reflect.set(resolved, 'grant', toRegisteredGrant(grant));
  for (const field of schemeOf(resolved)?.fields ?? []) {
    const value: unknown = Reflect.get(resolved, field.name);
    if (typeof value === 'string') checkResolved(named.name, field, value);
  }
  return {
    ...named,
    definition: resolved,
    hash: toDefinitionHash(resolved),
    templateHash: named.templateHash ?? named.hash,
  };
}

/** Values from an environment hold to the rules that literal ones hold to. */
function checkResolved(name: string, field: FieldInfo, value: string): void {
  const problem =
    field.format === 'url'
      ? addressProblem(value)
      : field.values && !field.values.includes(value)
        ? `must be one of ${field.values.filter((each) => !each.startsWith('urn:')).join(', ')}`
        : undefined;
  if (problem === undefined) return;
  throw new CountersignError('CS-DEF-FIELD', `“${field.name}” of ${name} ${problem}.`, {
    next: 'Look at the variables of the chosen environment that stand in it.',
    facts: { credential: name, field: field.name },
  });
}

/** True when any text in it holds `{{`. */
export function holdsVariables(value: unknown): boolean {
  if (typeof value === 'string') return value.includes('{{');
  return typeof value === 'object' && value !== null && Object.values(value).some(holdsVariables);
}

async function resolveValue(value: unknown, resolveText: (text: string) => Promise<string>): Promise<unknown> {
  if (typeof value === 'string') return value.includes('{{') ? resolveText(value) : value;
  if (Array.isArray(value)) return Promise.all(value.map((item) => resolveValue(item, resolveText)));
  if (typeof value !== 'object' || value === null) return value;
  const pairs = Object.entries(value).map(async ([key, item]) => [key, await resolveValue(item, resolveText)] as const);
  return Object.fromEntries(await Promise.all(pairs));
}
