/**
 * Reads and writes the secret slots of credentials, and makes each secret it touches known to the redactor. Order of
 * places: given to this process, the secret store, the private environment file. Approval is the vault's affair.
 */
import type { DefinitionShelf } from './definition-shelf.ts';
import type { Redactor } from './redactor.ts';
import { schemeOf } from './schemes/registry.ts';
import { belongsTo, secretKey, variableKey, type KeyOwner } from './secret-keys.ts';
import { Secret } from './secret.ts';
import type { SturdySecrets } from './sturdy-secrets.ts';
import type { NamedDefinition } from './types.ts';

type ResolveText = (text: string) => Promise<string>;

export class SecretDrawer {
  readonly #store: SturdySecrets;
  readonly #redactor: Redactor;
  readonly #shelf: DefinitionShelf;
  readonly #given = new Map<string, Secret>();
  readonly #resolvers = new WeakMap<NamedDefinition, ResolveText>();

  constructor(store: SturdySecrets, redactor: Redactor, shelf: DefinitionShelf) {
    this.#store = store;
    this.#redactor = redactor;
    this.#shelf = shelf;
  }

  provide(slotName: string, secret: Secret): void {
    this.#redactor.register(secret);
    this.#given.set(slotName, secret);
  }

  /** How `{{variables}}` in a secret of the private environment file are filled in for this resolved definition. */
  rememberResolver(named: NamedDefinition, resolveText: ResolveText): void {
    this.#resolvers.set(named, resolveText);
  }

  async read(named: NamedDefinition, slot: string): Promise<Secret | undefined> {
    const given = this.#givenFor(named, slot);
    const stored = given ?? (await this.#stored(named, slot)) ?? (await this.#ofFile(named, slot));
    if (!stored || stored.isEmpty) return undefined;
    this.#makeKnown(named, slot, stored);
    return stored;
  }

  /** A name with a dot, which only environment files have, could be read as another's slot. */
  #givenFor(named: NamedDefinition, slot: string): Secret | undefined {
    return named.name.includes('.') ? undefined : this.#given.get(slotName(named, slot));
  }

  async #stored(named: NamedDefinition, slot: string): Promise<Secret | undefined> {
    const value = await this.#store.get(secretKey(named, slot));
    return value === undefined ? undefined : new Secret(value, `${named.name} ${labelOf(named, slot)}`);
  }

  async #ofFile(named: NamedDefinition, slot: string): Promise<Secret | undefined> {
    const secret = this.#shelf.foreignSecret(named, slot);
    if (!secret?.reveal().includes('{{')) return secret;
    const resolveText = this.#resolvers.get(named);
    return resolveText ? new Secret(await resolveText(secret.reveal()), secret.label) : undefined;
  }

  async write(named: NamedDefinition, slot: string, secret: Secret): Promise<boolean> {
    this.#makeKnown(named, slot, secret);
    return this.#store.set(secretKey(named, slot), secret.reveal());
  }

  delete(named: KeyOwner, slot: string): Promise<void> {
    return this.#store.delete(secretKey(named, slot));
  }

  /** Copies every entry of one owner to another; keys differ in the name only. */
  async move(from: KeyOwner, to: KeyOwner): Promise<void> {
    const [before, after] = [secretKey(from, ''), secretKey(to, '')].map((key) =>
      key.slice('countersign/secret'.length),
    );
    for (const key of await this.#store.keys()) {
      if (!belongsTo(key, from) || key.startsWith('countersign/quarantine/')) continue;
      const value = await this.#store.get(key);
      if (value !== undefined)
        await this.#store.set(
          key.replace(before as string, () => after as string),
          value,
        );
    }
  }

  isPresent(named: NamedDefinition, slot: string, keys: ReadonlySet<string>): boolean {
    return (
      this.#givenFor(named, slot) !== undefined ||
      keys.has(secretKey(named, slot)) ||
      this.#shelf.foreignSecret(named, slot) !== undefined
    );
  }

  async readVariable(root: string, name: string): Promise<Secret | undefined> {
    const value = await this.#store.get(variableKey(root, name));
    if (value === undefined) return undefined;
    const secret = new Secret(value, `variable ${name}`);
    this.#redactor.register(secret);
    return secret;
  }

  async writeVariable(root: string, name: string, secret: Secret | undefined): Promise<boolean> {
    if (secret) {
      this.#redactor.register(secret);
      return this.#store.set(variableKey(root, name), secret.reveal());
    }
    await this.#store.delete(variableKey(root, name));
    return true;
  }

  #makeKnown(named: NamedDefinition, slot: string, secret: Secret): void {
    this.#redactor.register(secret);
    if (slot !== '') return;
    const { username, client_id: client } = named.definition as { username?: unknown; client_id?: unknown };
    for (const user of [username, client]) if (typeof user === 'string') this.#redactor.registerPair(user, secret);
  }
}

function slotName(named: NamedDefinition, slot: string): string {
  return slot === '' ? named.name : `${named.name}.${slot}`;
}

function labelOf(named: NamedDefinition, slot: string): string {
  const slots = schemeOf(named.definition)?.slots(named.definition) ?? [];
  return slots.find(({ id }) => id === slot)?.label ?? (slot === '' ? 'secret' : slot.replaceAll('_', ' '));
}
