/**
 * The error for a name that nobody knows: says which environment was asked, and the names that come close.
 */
import { CountersignError } from '../errors/countersign-error.ts';
import { environmentProblems } from './environments/environment-files.ts';
import type { VariableContext, VariableSource } from './types.ts';
import { baseName, closestNames, shownName } from './words.ts';

/** `CS-VAR-UNKNOWN`; `facts` are `{name, close, environment?}`. Does not throw. */
export async function unknownVariable(
  name: string,
  context: VariableContext,
  sources: readonly VariableSource[],
): Promise<CountersignError> {
  const known: string[] = [];
  for (const source of sources) {
    for (const info of await source.list(context)) known.push(info.name);
  }
  const close = closestNames(name, known);
  const problem = (await environmentProblems(context))[0];
  const environments = context.environments.map((one) => shownName(one, 30)).join(', ');
  const where = environments === '' ? '' : ` in environment ${environments}`;
  return new CountersignError('CS-VAR-UNKNOWN', `No variable is called “${shownName(name)}”${where}.`, {
    ...(close.length > 0
      ? { next: `Did you mean ${close.map((one) => shownName(one)).join(' or ')}?` }
      : problem?.place?.file === undefined
        ? {}
        : { next: `Look at ${baseName(problem.place.file)} too: ${problem.message}` }),
    facts: { name, close, ...(environments === '' ? {} : { environment: environments }) },
  });
}
