/**
 * What a password box says before a secret is typed: where it goes and where it is kept. Pure. Source: design.md D1.4.
 */
import { toShownOrigin } from '../credentials/origin.ts';
import { schemeOf } from '../credentials/schemes/registry.ts';
import { toShownText } from '../credentials/shown-text.ts';
import type { NamedDefinition } from '../credentials/types.ts';

const shownOrigins = 3;

/** `Goes to https://127.0.0.2:8443 as header X-API-Key. Kept in the system secret store.` */
export function toSecretPrompt(
  definition: NamedDefinition['definition'],
  origins: readonly string[],
  slot: string,
  place: string,
): string {
  const use = schemeOf(definition)?.secretUse(definition, slot);
  const shown = origins.slice(0, shownOrigins).map((origin) => toShownOrigin(origin));
  const more = origins.length > shownOrigins ? ` and ${origins.length - shownOrigins} more` : '';
  const where = use?.place ?? (shown.length > 0 ? `${shown.join(', ')}${more}` : 'the origin of its first use');
  return toShownText(`Goes to ${where}${use ? ` ${use.as}` : ''}. Kept in ${place}.`, 600);
}

/** What is wrong with a typed secret; an empty one is what Escape is for. */
export function checkSecret(text: string): string | undefined {
  return text === '' ? 'Type or paste it, or press Escape.' : undefined;
}
