/**
 * Fills the variables of a credential's definition in. It sees files and environments only: no answer, no script, no
 * prompt and no other credential can move a binding, and a secret in a definition would stand in approvals, dialogs and
 * addresses, so a secret value is refused. Source: contracts.md §3, house.md §6.2–6.3.
 */
import { CountersignError } from '../errors/countersign-error.ts';
import { createResolver } from '../variables/resolver.ts';
import type { Tracked } from '../variables/tracked.ts';
import type { VariableContext } from '../variables/types.ts';

/**
 * @param overrides values the person gave for this run (`--var`)
 * @returns resolves to the text; throws CS-DEF-SECRET for a value that is kept as a secret, CS-VAR-* as usual
 */
export function createDefinitionResolver(
  context: VariableContext,
  overrides: ReadonlyMap<string, Tracked>,
): (text: string) => Promise<string> {
  const { file, path, root, request, environments, settings, env, files, clock, random, signal, snapshot } = context;
  const resolver = createResolver({
    file,
    path,
    root,
    request,
    environments,
    settings,
    env,
    files,
    clock,
    random,
    overrides,
    captured: new Map(),
    ...(snapshot === undefined ? {} : { snapshot }),
    ...(signal === undefined ? {} : { signal }),
  });
  return async (text) => {
    const value = await resolver.resolveTemplate(text);
    const secret = value.secrets[0];
    if (!secret) return value.text;
    throw new CountersignError('CS-DEF-SECRET', `A definition uses ${secret.label}, which is kept as a secret.`, {
      next: 'Use a value that is no secret, or write it into the definition.',
      facts: { text },
    });
  };
}
