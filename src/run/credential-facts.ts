/**
 * The words of a credential for completion and hover: who, where, how long, kept where, defined where (design.md B3.1).
 * From the vault and the last known session; no network, no secret.
 */
import { relative } from 'node:path';
import { toShownText } from '../credentials/shown-text.ts';
import type { NamedDefinition } from '../credentials/types.ts';
import type { CredentialFact, CredentialSummary, OriginFact } from '../language/features/feature-context.ts';
import { span } from '../words/quantities.ts';
import type { ComposedEngine } from './compose-engine.ts';
import { isInteractive, loadCredentialState, type CredentialState } from './credential-state.ts';

export interface CredentialFactsInput {
  readonly root: string | undefined;
  readonly composed: Pick<ComposedEngine, 'vault' | 'broker' | 'deps'>;
  /** Settles when the folder’s definitions have been read. */
  readonly ready: Promise<unknown>;
  /** As the requests of the file see variables, asking nobody. */
  readonly resolveText: (text: string) => Promise<string>;
  /** False where looking could ask the person: a keyring that is locked. The state is then left to another command. */
  readonly looksAtSecrets: boolean;
}

const well: readonly CredentialState['kind'][] = ['ready', 'signed-in', 'expires-soon'];

export class CredentialFacts {
  readonly #input: CredentialFactsInput;
  #all: Promise<readonly NamedDefinition[]> | undefined;

  constructor(input: CredentialFactsInput) {
    this.#input = input;
  }

  /** One of each name; a workspace’s hides the person’s own. */
  async summaries(): Promise<readonly CredentialSummary[]> {
    const byName = new Map<string, CredentialSummary>();
    for (const named of await this.#definitions()) {
      if (!byName.has(named.name)) byName.set(named.name, await this.#summary(named));
    }
    return [...byName.values()];
  }

  async of(name: string): Promise<CredentialFact | undefined> {
    const found = (await this.#definitions()).find((named) => named.name === name);
    if (!found) return undefined;
    if (!this.#input.looksAtSecrets) {
      return {
        ...(await this.#summary(found)),
        state: 'its state: countersign credentials list',
        well: true,
        keptIn: 'system keyring',
        definedIn: await this.#definedIn(found),
        signedIn: false,
        canSignIn: false,
      };
    }
    const named = await this.#resolved(found);
    const state = await loadCredentialState(named, this.#input.composed);
    const { session, status } = state;
    const scope = session?.scope.join(' ') ?? (named.definition as { scope?: unknown }).scope;
    const token = session && tokenWords(session.expiresAt, state.refreshable);
    return {
      ...(await this.#summary(found)),
      state: wordsOf(named.name, state),
      well: well.includes(state.kind),
      ...(typeof scope === 'string' && scope !== '' ? { scope: toShownText(scope) } : {}),
      ...(token === undefined ? {} : { token }),
      keptIn: `${status.place.replace(/^the /, '')}${status.memoryOnly ? ', until this window closes' : ''}`,
      definedIn: await this.#definedIn(found),
      signedIn: session !== undefined,
      canSignIn: isInteractive(named) && !['proposed', 'changed', 'signing-in'].includes(state.kind),
    };
  }

  #definitions(): Promise<readonly NamedDefinition[]> {
    const { ready, composed, root } = this.#input;
    this.#all ??= ready.then(() => composed.vault.definitions(root));
    return this.#all;
  }

  async #summary(found: NamedDefinition): Promise<CredentialSummary> {
    const { vault } = this.#input.composed;
    const named = await this.#resolved(found);
    const origins = vault.originsOf(named).map((origin) => toShownText(origin));
    return { name: found.name, scheme: vault.scheme(found)?.label ?? found.definition.scheme, origins };
  }

  /** One that cannot be resolved is shown as it stands. */
  #resolved(named: NamedDefinition): Promise<NamedDefinition> {
    return this.#input.composed.vault.resolve(named, this.#input.resolveText).catch(() => named);
  }

  async #definedIn({ name, file }: NamedDefinition): Promise<OriginFact> {
    if (file === undefined) return { label: 'your own credentials' };
    const { root } = this.#input;
    const label = root === undefined ? file : relative(root, file);
    const text = await this.#input.composed.deps.files.readText(file).catch(() => '');
    const at = text.indexOf(JSON.stringify(name));
    return { label, file, ...(at < 0 ? {} : { line: text.slice(0, at).split('\n').length }) };
  }
}

function wordsOf(name: string, { kind, person, sentence }: CredentialState): string {
  const signedIn = kind === 'signed-in' || kind === 'expires-soon';
  if (signedIn) return person === undefined ? 'signed in' : `signed in as ${toShownText(person, 80)}`;
  return toShownText(sentence.replace(`${name}, `, '').replace(/\.$/, ''));
}

function tokenWords(expiresAt: number | undefined, refreshable: boolean): string {
  const refresh = refreshable ? ', refreshes by itself' : '';
  if (expiresAt === undefined) return `its end is not stated${refresh}`;
  const left = expiresAt - Date.now();
  if (left <= 0) return refreshable ? 'expired, refreshes when used' : 'expired, sign in again';
  return `expires in ${span(left)}${refresh}`;
}
