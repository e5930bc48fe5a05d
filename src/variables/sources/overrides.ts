/**
 * Values given for this run: answers to the request's own prompts, then `--var` and what scripts set.
 */
import { masked, type Tracked } from '../tracked.ts';
import type { VariableContext, VariableSource } from '../types.ts';

function fromMap(
  id: string,
  label: string,
  pick: (context: VariableContext) => ReadonlyMap<string, Tracked> | undefined,
): VariableSource {
  return {
    id,
    label,
    definitions(name, context) {
      const value = pick(context)?.get(name);
      if (value === undefined) return Promise.resolve([]);
      return Promise.resolve([{ name, key: `${id}:${name}`, origin: { label }, value: () => Promise.resolve(value) }]);
    },
    list: (context) =>
      Promise.resolve(
        [...(pick(context) ?? [])].map(([name, value]) => ({ name, display: masked(value), origin: { label } })),
      ),
  };
}

export const promptedSource = fromMap('prompted', 'answer to a prompt', (context) => context.prompted);
export const overridesSource = fromMap('overrides', 'given for this run', (context) => context.overrides);
