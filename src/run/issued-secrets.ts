/**
 * What credentials have put on requests so far, by credential: so that the same secret cannot travel to another origin
 * by hand, through a captured answer or a variable, when its binding refuses that origin. Source: house.md §6.3.
 */
import { Redactor } from '../credentials/redactor.ts';
import type { Secret } from '../credentials/secret.ts';
import type { NamedDefinition } from '../credentials/types.ts';
import { CountersignError } from '../errors/countersign-error.ts';

interface Issued {
  readonly named: NamedDefinition;
  readonly finder: Redactor;
}

export class IssuedSecrets {
  readonly #byCredential = new Map<string, Issued>();

  /** Remembers secrets of a resolved credential; cheap when they are known. */
  add(named: NamedDefinition, secrets: readonly Secret[]): void {
    const key = JSON.stringify([named.owner, named.file ?? '', named.name, named.hash]);
    let issued = this.#byCredential.get(key);
    if (!issued) this.#byCredential.set(key, (issued = { named, finder: new Redactor() }));
    for (const secret of secrets) issued.finder.register(secret);
  }

  /**
   * The error for a request that carries, in any spelling, a secret that may not go to its address.
   * @param texts everything of the request that leaves: address, header values, the beginning of the body
   * @param refuses whether a credential's binding refuses the address
   */
  refusal(
    url: URL,
    texts: readonly string[],
    refuses: (named: NamedDefinition) => boolean,
  ): CountersignError | undefined {
    for (const { named, finder } of this.#byCredential.values()) {
      if (!refuses(named) || !texts.some((text) => finder.holdsSecret(text))) continue;
      return new CountersignError('CS-BIND-ORIGIN', `${named.name} may not go to ${url.origin}.`, {
        next: `The request holds a secret of ${named.name}. Take it out, or send to one of its origins.`,
        facts: { credential: named.name, origin: url.origin },
      });
    }
    return undefined;
  }
}
