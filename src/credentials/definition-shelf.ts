/**
 * The definitions there are: a workspace's, as its files propose them, and the person's own, from user state. It decides
 * which one a name means; it approves nothing and knows no secret. Source: contracts.md §3.
 */
import type { StateStore } from '../ports.ts';
import { parseDefinitions, type DefinitionProblem } from './definitions.ts';
import type { Secret } from './secret.ts';
import type { Definition, NamedDefinition } from './types.ts';

/** A definition from an environment file, with secrets that stand in its private part ('' is the main slot). */
export interface ForeignDefinition {
  readonly named: NamedDefinition;
  readonly secrets: ReadonlyMap<string, Secret>;
}

const stateKey = 'definitions';

export class DefinitionShelf {
  readonly #state: StateStore;
  readonly #files = new Map<string, readonly NamedDefinition[]>();
  readonly #foreign = new Map<string, readonly ForeignDefinition[]>();
  #own: Promise<readonly NamedDefinition[]> | undefined;
  #writes: Promise<unknown> = Promise.resolve();

  constructor(state: StateStore) {
    this.#state = state;
  }

  /** The text of a folder's `countersign.json`, or undefined when there is none. */
  setFile(
    root: string,
    source: { readonly file: string; readonly text: string } | undefined,
  ): readonly DefinitionProblem[] {
    if (!source) {
      this.#files.delete(root);
      return [];
    }
    const { definitions, problems } = parseDefinitions(source.text, { file: source.file, owner: 'workspace' });
    this.#files.set(root, definitions);
    return problems;
  }

  /** Definitions of the folder's environment files. */
  setForeign(root: string, definitions: readonly ForeignDefinition[]): void {
    this.#foreign.set(root, definitions);
  }

  forgetRoot(root: string): void {
    this.#files.delete(root);
    this.#foreign.delete(root);
  }

  /** The workspace's, without the person's own; `countersign.json` before environment files. */
  ofWorkspace(root: string | undefined): readonly NamedDefinition[] {
    if (root === undefined) return [];
    const own = this.#files.get(root) ?? [];
    const foreign = (this.#foreign.get(root) ?? []).map(({ named }) => named);
    return [...own, ...foreign.filter((each) => !own.some((other) => other.name === each.name))];
  }

  foreignSecret(named: NamedDefinition, slot: string): Secret | undefined {
    const template = named.templateHash ?? named.hash;
    for (const definitions of this.#foreign.values()) {
      const found = definitions.find((each) => each.named.name === named.name && each.named.file === named.file);
      if (found?.named.hash === template) return found.secrets.get(slot);
    }
    return undefined;
  }

  /** The person's own, from user state; read once until `forgetOwn`. */
  own(): Promise<readonly NamedDefinition[]> {
    this.#own ??= this.#state.get<unknown>(stateKey).then(
      (stored) => parseDefinitions(JSON.stringify(stored ?? {}), { owner: 'user' }).definitions,
      () => [],
    );
    return this.#own;
  }

  forgetOwn(): void {
    this.#own = undefined;
  }

  /** Writes, replaces or (with undefined) removes one of the person's own definitions. */
  saveOwn(name: string, definition: Definition | undefined): Promise<void> {
    const write = this.#writes.then(async () => {
      const stored = (await this.#state.get<{ credentials?: Record<string, unknown> }>(stateKey)) ?? {};
      const entries = Object.entries(stored.credentials ?? {}).filter(([each]) => each !== name);
      if (definition) entries.push([name, definition]);
      await this.#state.set(stateKey, { ...stored, credentials: Object.fromEntries(entries) });
      this.#own = undefined;
    });
    this.#writes = write.catch(() => undefined);
    return write;
  }
}
