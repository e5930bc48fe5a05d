/**
 * Turns the raw value of an environment into a definition: text with references, data with paths (V4), or a
 * secret kept by a provider (E2). Values of private and `.user` files are secret as a whole.
 */
import { CountersignError, type Place } from '../../errors/countersign-error.ts';
import { descend, isJsonObject, toTrackedText, type JsonObject, type JsonValue } from '../json-value.ts';
import { secret, type Tracked } from '../tracked.ts';
import type { Expansion, VariableContext, VariableDefinition, VariableOrigin } from '../types.ts';
import { shownName } from '../words.ts';

export interface RawValue {
  readonly name: string;
  readonly key: string;
  readonly value: JsonValue;
  readonly origin: VariableOrigin;
  readonly place?: Place;
  /** The chip's label when the whole value is secret. */
  readonly secretLabel?: string;
}

/** The provider name of values that rest in this tool's own secret store. */
export const ownProvider = 'countersign';

/** True for `{"provider": "…", …}`: not data, but a pointer to a secret (E2). */
export function isProviderValue(value: JsonValue): value is JsonObject & { readonly provider: string } {
  return isJsonObject(value) && Object.hasOwn(value, 'provider') && typeof value['provider'] === 'string';
}

/** A definition of an environment's value. */
export function toDefinition(raw: RawValue, context: VariableContext): VariableDefinition {
  const render = async (value: JsonValue, expansion: Expansion): Promise<Tracked> => {
    if (isProviderValue(value)) return providerSecret(raw.name, value, context);
    const options = raw.place === undefined ? {} : { place: raw.place };
    const text = await toTrackedText(value, (one) => expansion.expand(one, options));
    return raw.secretLabel === undefined ? text : secret(text.text, raw.secretLabel);
  };
  return {
    name: raw.name,
    key: raw.key,
    origin: raw.origin,
    value: (expansion) => render(raw.value, expansion),
    async at(path, expansion) {
      if (isProviderValue(raw.value)) return undefined;
      const part = descend(raw.value, path);
      return part === undefined ? undefined : render(part, expansion);
    },
  };
}

async function providerSecret(
  name: string,
  value: JsonObject & { readonly provider: string },
  context: VariableContext,
): Promise<Tracked> {
  const secretName = value['secretName'];
  const shown = shownName(name);
  if (value.provider !== ownProvider) {
    throw new CountersignError(
      'CS-VAR-PROVIDER',
      `The value of ${shown} is kept by ${shownName(value.provider, 40)}, which this tool cannot read.`,
      { facts: { name, provider: value.provider } },
    );
  }
  if (typeof secretName !== 'string' || secretName === '') {
    throw new CountersignError('CS-VAR-PROVIDER', `The value of ${shown} names the secret store, but no secret.`, {
      next: 'Add a secretName beside the provider.',
    });
  }
  if (!context.secretByName) {
    throw new CountersignError('CS-VAR-AT-SEND', `The value of ${shown} is known only when the request is sent.`);
  }
  const text = await context.secretByName(secretName);
  if (text === undefined) {
    throw new CountersignError(
      'CS-AUTH-SECRET-MISSING',
      `The secret store has no ${shownName(secretName)} on this machine.`,
      { next: 'Enter it once; it stays in the secret store.', facts: { name: secretName } },
    );
  }
  return secret(text, `secret ${shownName(secretName)}`);
}
