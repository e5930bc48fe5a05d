/**
 * `{{$…}}`: hands a reference to the table of dynamic variables, or to an environment called by name
 * (`{{$dev x}}`, REST Client). Values are made anew at each use (V6).
 */
import { findDynamic, dynamicVariables } from '../dynamic/registry.ts';
import { parseArguments } from '../dynamic/dynamic-variable.ts';
import { definitionsIn } from '../environments/environment-definitions.ts';
import type { VariableDefinition, VariableSource } from '../types.ts';

const origin = { label: 'dynamic variable' };

export const dynamicSource: VariableSource = {
  id: 'dynamic',
  label: 'dynamic variable',
  async definitions(name, context): Promise<readonly VariableDefinition[]> {
    if (!name.startsWith('$')) return [];
    const found = findDynamic(name);
    if (found) {
      const { variable, rest } = found;
      return [
        {
          name,
          key: `dynamic:${name}`,
          origin,
          fresh: true,
          value: async (expansion) =>
            variable.value({ name: found.name, rest, args: parseArguments(rest), context, expansion }),
        },
      ];
    }
    const named = /^\$(\S+)\s+(\S+)$/.exec(name);
    if (!named) return [];
    const [, environment, variable] = named as unknown as [string, string, string];
    const definition = (await definitionsIn(variable, [environment], context))[0];
    if (!definition) return [];
    return [
      {
        name,
        key: `environment:${environment}:${variable}`,
        origin: definition.origin,
        value: (expansion) => definition.value(expansion),
      },
    ];
  },
  list: () =>
    Promise.resolve(
      dynamicVariables
        .filter((variable) => variable.unsupported !== true)
        .map((variable) => ({ name: variable.name, display: undefined, origin, detail: variable.documentation })),
    ),
};
