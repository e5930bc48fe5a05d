/** The signature of the dynamic variable that is being written: `{{$randomInt 1 |}}`. From the variables’ own table. */
import { completionPlace } from './completion-place.ts';
import type { DynamicFact, FeatureContext } from './feature-context.ts';
import type { RequestFile } from '../types.ts';

export interface SignatureHelp {
  readonly signature: DynamicFact;
  /** Index into its parameters; one past them when there are more arguments than parameters. */
  readonly active: number;
}

export function signatureHelp(
  file: RequestFile,
  offset: number,
  context: Pick<FeatureContext, 'dynamics'>,
): SignatureHelp | undefined {
  const { place } = completionPlace(file, offset);
  if (place.kind !== 'reference') return undefined;
  const found = /^(\$[A-Za-z][\w.-]*)(\s+|\()(.*)$/s.exec(place.typed);
  if (!found) return undefined;
  const [, name = '', opening = '', written = ''] = found;
  const signature = context.dynamics.find((one) => one.name.toLowerCase() === name.toLowerCase());
  if (!signature || signature.parameters.length === 0 || written.includes(')')) return undefined;
  const commas = opening.startsWith('(');
  const begun = commas
    ? written.split(',').length - 1
    : (written.match(/(?:"[^"]*"|'[^']*'|[^\s"']+)\s+/g) ?? []).length;
  return { signature, active: begun };
}
