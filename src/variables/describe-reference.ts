/**
 * What an editor shows for a reference: the value with secrets as dots, where it comes from, and which other
 * definitions it hides (V1). It never asks, never signs in and never reads the secret store.
 */
import { isCountersignError, type CountersignError } from '../errors/countersign-error.ts';
import { parseExpression } from './expression.ts';
import { toQuietContext } from './quiet-context.ts';
import { createResolver } from './resolver.ts';
import { variableSources } from './sources/registry.ts';
import { masked } from './tracked.ts';
import type { VariableContext, VariableDefinition, VariableOrigin, VariableSource } from './types.ts';

export interface ReferenceDescription {
  /** Masked; undefined when known only at send time or not at all. */
  readonly display: string | undefined;
  /** Undefined when nothing defines the name. */
  readonly origin: VariableOrigin | undefined;
  /** Which source answers: `environment file`. */
  readonly source: string | undefined;
  /** Weaker definitions of the same name, strongest first. */
  readonly overrides: readonly VariableOrigin[];
  /** Why there is no value, for a diagnostic or the hover's last line. */
  readonly problem?: CountersignError;
}

/**
 * @param name the inside of a reference, without braces
 * @param context ports that ask or read secrets are taken out of it
 */
export async function describeReference(
  name: string,
  context: VariableContext,
  sources: readonly VariableSource[] = variableSources,
): Promise<ReferenceDescription> {
  const quiet = { ...toQuietContext(context), snapshot: new Map<string, Promise<unknown>>() };
  const expression = parseExpression(name);
  const defined: { readonly definition: VariableDefinition; readonly source: VariableSource }[] = [];
  const texts = expression.kind === 'literal' ? [] : [expression.text];
  if (expression.kind === 'name') texts.push(...expression.heads.map((head) => head.name));
  for (const text of texts) {
    for (const source of sources) {
      for (const definition of await source.definitions(text, quiet)) defined.push({ definition, source });
    }
    if (defined.length > 0) break;
  }
  const [first, ...weaker] = defined;
  const base = {
    origin: first?.definition.origin,
    source: first?.source.label,
    overrides: weaker.map(({ definition }) => definition.origin),
  };
  try {
    const value = await createResolver(quiet, sources).resolveTemplate(`{{${name}}}`);
    return { ...base, display: first?.definition.fresh === true ? undefined : masked(value) };
  } catch (error) {
    if (!isCountersignError(error)) throw error;
    return { ...base, display: undefined, ...(error.code === 'CS-VAR-AT-SEND' ? {} : { problem: error }) };
  }
}
