/**
 * What scripts keep: `client.global` for a workspace or a run of the CLI, `request.variables` for one request. In memory
 * alone. A value that holds a live secret, or is called like one, is secret from then on. Source: dialects.md §8, §13.
 */
import { isSecretKey } from '../credentials/secret-like.ts';
import type { ScriptEvent } from '../scripting/types.ts';
import { plain, secret, type SecretSpan, type Tracked } from '../variables/tracked.ts';

type VariableEvent = Extract<ScriptEvent, { readonly kind: 'set' | 'clear' | 'clearAll' }>;

/** Shorter texts are never taken for secrets by their name alone: `true`, `none`. */
const shortestSecret = 8;

export class ScriptVariables {
  readonly #values = new Map<string, { readonly json: string; readonly value: Tracked }>();

  /** As the resolver takes them. */
  tracked(): Map<string, Tracked> {
    return new Map([...this.#values].map(([name, { value }]) => [name, value]));
  }

  /** As scripts get them back. */
  entries(): [name: string, json: string][] {
    return [...this.#values].map(([name, { json }]) => [name, json]);
  }

  fork(): ScriptVariables {
    const fork = new ScriptVariables();
    for (const [name, value] of this.#values) fork.#values.set(name, value);
    return fork;
  }

  apply(event: VariableEvent, findSecrets: (text: string) => readonly SecretSpan[]): void {
    if (event.kind === 'clearAll') this.#values.clear();
    else if (event.kind === 'clear') this.#values.delete(event.name);
    else this.#values.set(event.name, { json: event.json, value: toTracked(event.name, event.json, findSecrets) });
  }
}

/** A string stands for itself, anything else for its JSON; `{{name.member}}` reads into it. */
function toTracked(name: string, json: string, findSecrets: (text: string) => readonly SecretSpan[]): Tracked {
  const value = JSON.parse(json) as unknown;
  if (typeof value !== 'string') return { text: json, secrets: findSecrets(json) };
  if (isSecretKey(name) && value.length >= shortestSecret) return secret(value, `variable ${name}`);
  const secrets = findSecrets(value);
  return secrets.length === 0 ? plain(value) : { text: value, secrets };
}
