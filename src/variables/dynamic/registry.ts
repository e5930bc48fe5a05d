/**
 * All dynamic variables. Adding one is an entry in a file of this folder and, for a new file, one line here.
 */
import { askVariables } from './ask.ts';
import { authVariables } from './auth.ts';
import type { DynamicVariable } from './dynamic-variable.ts';
import { environmentVariables } from './environment.ts';
import { randomVariables } from './random.ts';
import { timeVariables } from './time.ts';
import { unsupportedFamilies, unsupportedVariables } from './unsupported.ts';

export const dynamicVariables: readonly DynamicVariable[] = [
  ...randomVariables,
  ...timeVariables,
  ...environmentVariables,
  ...askVariables,
  ...authVariables,
  ...unsupportedVariables,
];

const byName = new Map(dynamicVariables.map((variable) => [variable.name.toLowerCase(), variable]));

/** The entry and the rest for `$name rest`, without regard to case; undefined when nobody knows the name. */
export function findDynamic(
  text: string,
): { readonly variable: DynamicVariable; readonly name: string; readonly rest: string } | undefined {
  const match = /^(\$[A-Za-z_][\w.]*(?:-askonce)?)(.*)$/s.exec(text);
  if (!match) return undefined;
  const name = match[1]!;
  const rest = match[2]!.trim();
  const exact = byName.get(name.toLowerCase());
  if (exact && !exact.dotted) return { variable: exact, name, rest };
  const dot = name.indexOf('.');
  const dotted = dot < 0 ? undefined : byName.get(name.slice(0, dot).toLowerCase());
  if (dotted?.dotted) return { variable: dotted, name: name.slice(0, dot), rest: text.slice(dot + 1).trim() };
  const family = unsupportedFamilies.find(({ pattern }) => pattern.test(name));
  return family && { variable: family.entry, name, rest };
}
