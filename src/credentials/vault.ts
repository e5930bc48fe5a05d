/**
 * Definitions, secrets, bindings and sessions behind one interface. Nothing is read when it is made; a secret is read
 * only for an approved definition. It asks the person through `Prompts` alone, and knows no network.
 * Source: contracts.md §3–4, auth.md §3.5.
 */
import { CountersignError } from '../errors/countersign-error.ts';
import type { ApprovalRequest, Disposable, Prompts } from '../ports.ts';
import { ApprovalGate } from './approval-gate.ts';
import { ApprovalLog, type ApprovalState } from './approval-log.ts';
import { ChangeFeed } from './change-feed.ts';
import { DefinitionShelf } from './definition-shelf.ts';
import { probeDurability, type Durability } from './durability.ts';
import { loadPublicSuffixes, type PublicSuffixCheck } from './origin.ts';
import type { Redactor } from './redactor.ts';
import { resolveDefinition } from './resolve-definition.ts';
import { schemeOf } from './schemes/registry.ts';
import { belongsTo, parseKey } from './secret-keys.ts';
import { SecretDrawer } from './secret-drawer.ts';
import { SessionDrawer } from './session-drawer.ts';
import type { Secret } from './secret.ts';
import { SturdySecrets } from './sturdy-secrets.ts';
import type { Definition, NamedDefinition, Scheme, Session } from './types.ts';
import type { CredentialStatus, VaultChange, VaultPorts } from './vault-types.ts';

type ResolveText = (text: string) => Promise<string>;

export class Vault implements Disposable {
  /** For “Show Trust Decisions”. */
  readonly approvals: ApprovalLog;
  readonly redactor: Redactor;
  readonly #ports: VaultPorts;
  readonly #shelf: DefinitionShelf;
  readonly #sturdy: SturdySecrets;
  readonly #secrets: SecretDrawer;
  readonly #sessions: SessionDrawer;
  readonly #feed: ChangeFeed<VaultChange>;
  readonly #subscriptions: Disposable[];
  readonly #changedKeys = new Set<string>();
  readonly #gate: ApprovalGate;
  #suffixes: PublicSuffixCheck | undefined;
  #durability: Promise<Durability> | undefined;

  constructor(ports: VaultPorts) {
    this.#ports = ports;
    this.redactor = ports.redactor;
    this.approvals = new ApprovalLog(ports.state, ports.clock, ports.lock);
    this.#shelf = new DefinitionShelf(ports.state);
    this.#sturdy = new SturdySecrets(ports.secrets);
    this.#secrets = new SecretDrawer(this.#sturdy, ports.redactor, this.#shelf);
    this.#sessions = new SessionDrawer(this.#sturdy, ports.redactor);
    this.#feed = new ChangeFeed(ports.changeDelayMs ?? 50);
    this.#gate = new ApprovalGate(
      this.approvals,
      (name) => this.#feed.add({ kind: 'approval', name }),
      (text) => ports.redactor.redact(text),
    );
    this.#subscriptions = [
      ports.secrets.onDidChange((key) => this.#noteSecretChange(key)),
      ports.state.onDidChange((key) => this.#noteStateChange(key)),
    ];
  }

  /** Bursts of changes arrive as one list. */
  onDidChange(listener: (changes: readonly VaultChange[]) => void): Disposable {
    return this.#feed.listen(listener);
  }

  // Definitions

  /** The text of a folder's `countersign.json`; undefined when there is none. Returns what is wrong with it. */
  setWorkspaceDefinitions(
    root: string,
    source: { readonly file: string; readonly text: string } | undefined,
  ): ReturnType<DefinitionShelf['setFile']> {
    const problems = this.#shelf.setFile(root, source);
    this.#feed.add({ kind: 'definitions' });
    return problems;
  }

  /** Definitions read from the folder's environment files (`fromJetBrainsAuth`). */
  setForeignDefinitions(root: string, definitions: Parameters<DefinitionShelf['setForeign']>[1]): void {
    this.#shelf.setForeign(root, definitions);
    this.#feed.add({ kind: 'definitions' });
  }

  forgetWorkspace(root: string): void {
    this.#shelf.forgetRoot(root);
    this.#feed.add({ kind: 'definitions' });
  }

  /** A workspace's definitions, then the person's own; both of one name are there. */
  async definitions(root: string | undefined): Promise<readonly NamedDefinition[]> {
    const [own] = await Promise.all([this.#shelf.own(), this.approvals.load()]);
    const all = [...this.#shelf.ofWorkspace(root), ...own];
    if (all.some(({ definition }) => definition.origins.some((text) => text.includes('*') || text.includes('{{')))) {
      this.#suffixes ??= await loadPublicSuffixes();
    }
    return all;
  }

  async names(root: string | undefined): Promise<readonly string[]> {
    return [...new Set((await this.definitions(root)).map(({ name }) => name))];
  }

  /** The workspace's definition of this name, else the person's own. Its `owner` and `file` say which. */
  async find(name: string, root: string | undefined): Promise<NamedDefinition | undefined> {
    return (await this.definitions(root)).find((named) => named.name === name);
  }

  /** The definition with `default: true` bound to this address; the workspace's first. */
  async defaultFor(
    url: URL,
    root: string | undefined,
    resolveText?: ResolveText,
  ): Promise<NamedDefinition | undefined> {
    for (const named of await this.definitions(root)) {
      if (named.definition.default !== true) continue;
      const resolved = resolveText ? await this.resolve(named, resolveText).catch(() => named) : named;
      if (this.binding(resolved, url) === undefined) return named;
    }
    return undefined;
  }

  /** All that may go to this address, for “Send As…”. */
  async boundTo(url: URL, root: string | undefined): Promise<readonly NamedDefinition[]> {
    return (await this.definitions(root)).filter((named) => this.binding(named, url) === undefined);
  }

  /** The definition with its `{{variables}}` filled in, and its secret templates remembered. @throws CS-DEF-FIELD */
  async resolve<D extends Definition>(
    named: NamedDefinition<D>,
    resolveText: ResolveText,
  ): Promise<NamedDefinition<D>> {
    const resolved = { ...(await resolveDefinition(named, resolveText)) };
    this.#secrets.rememberResolver(resolved, resolveText);
    return resolved;
  }

  scheme(named: NamedDefinition): Scheme | undefined {
    return schemeOf(named.definition);
  }

  /** Writes one of the person's own definitions; making it approves it. */
  async saveDefinition(name: string, definition: Definition): Promise<void> {
    await this.#shelf.saveOwn(name, definition);
    this.#feed.add({ kind: 'definitions', name });
  }

  /** Removes its secrets, sessions and approval, and the definition where it is the person's own. */
  async removeCredential(named: NamedDefinition): Promise<void> {
    const keys = [...(await this.#sturdy.keys())].filter((key) => belongsTo(key, named));
    const outcomes = await Promise.allSettled(keys.map((key) => this.#sturdy.delete(key)));
    await this.approvals.load();
    await this.approvals.revoke(named);
    if (named.owner === 'user') await this.#shelf.saveOwn(named.name, undefined);
    this.#feed.add({ kind: 'definitions', name: named.name, removed: true });
    const failed = outcomes.find((outcome) => outcome.status === 'rejected');
    if (failed) throw failed.reason;
  }

  /** Renames one of the person's own; its secrets and sessions go with it. @throws CS-DEF-NAME when the name is taken */
  async renameCredential(named: NamedDefinition, newName: string): Promise<void> {
    const own = await this.#shelf.own();
    if (own.some(({ name }) => name === newName)) {
      throw new CountersignError('CS-DEF-NAME', `A credential called ${newName} exists already.`, {
        next: 'Choose another name.',
      });
    }
    await this.#shelf.saveOwn(newName, named.definition);
    await this.#secrets.move(named, { ...named, name: newName });
    await this.removeCredential(named);
  }

  // Binding and approval

  /** The origins it may go to: those of the definition, or those approved where its file states none. */
  originsOf(named: NamedDefinition): readonly string[] {
    return this.#gate.originsOf(named);
  }

  /** Undefined when the resolved credential may go there, else the CS-BIND-ORIGIN that says why not. */
  binding(named: NamedDefinition, url: URL): CountersignError | undefined {
    return this.#gate.binding(named, url, this.#suffixes);
  }

  approvalState(named: NamedDefinition): Promise<ApprovalState> {
    return this.#gate.state(named);
  }

  /** What the person would be asked. */
  approvalRequest(named: NamedDefinition, url?: URL): Promise<ApprovalRequest> {
    return this.#gate.request(named, url);
  }

  /** Approves without asking: the person just did, in a surface of its own. */
  approve(named: NamedDefinition, url?: URL): Promise<void> {
    return this.#gate.approve(named, url);
  }

  /** @throws CountersignError CS-BIND-APPROVAL when the person does not approve or nobody is there */
  ensureApproved(named: NamedDefinition, url: URL | undefined, prompts?: Prompts, signal?: AbortSignal): Promise<void> {
    return this.#gate.ensure(named, url, prompts, signal);
  }

  /** For the CLI: `--secret NAME=…` approves the definition as it stands, `--pin` only the one of this hash. */
  trustForProcess(name: string, pin?: string): void {
    this.#gate.trustForProcess(name, pin);
  }

  // Secrets and sessions

  /** @throws CountersignError CS-BIND-APPROVAL, or CS-AUTH-SECRET-MISSING when a required slot is empty */
  async secret(named: NamedDefinition, slot = ''): Promise<Secret> {
    const secret = await this.findSecret(named, slot);
    if (secret) return secret;
    const label =
      schemeOf(named.definition)
        ?.slots(named.definition)
        .find(({ id }) => id === slot)?.label ?? 'secret';
    throw new CountersignError('CS-AUTH-SECRET-MISSING', `${named.name} has no ${label} on this machine.`, {
      facts: { credential: named.name, slot, label },
    });
  }

  /** As `secret`, for slots that may be empty. @throws CountersignError CS-BIND-APPROVAL */
  async findSecret(named: NamedDefinition, slot = ''): Promise<Secret | undefined> {
    await this.#gate.ensure(named, undefined);
    return this.#secrets.read(named, slot);
  }

  /** Resolves to false when it stays in memory only, since the store did not take it. */
  async setSecret(named: NamedDefinition, slot: string, secret: Secret): Promise<boolean> {
    const kept = await this.#secrets.write(named, slot, secret);
    this.#feed.add({ kind: 'secret', name: named.name });
    return kept;
  }

  async deleteSecret(named: NamedDefinition, slot = ''): Promise<void> {
    await this.#secrets.delete(named, slot);
    this.#feed.add({ kind: 'secret', name: named.name, removed: true });
  }

  /** A secret for this process only, by `NAME` or `NAME.slot` (CLI `--secret`). It wins over the store. */
  provideSecret(slotName: string, secret: Secret): void {
    this.#secrets.provide(slotName, secret);
  }

  /** A secret value for variables of one folder, apart from every credential. */
  variableSecret(root: string, name: string): Promise<Secret | undefined> {
    return this.#secrets.readVariable(root, name);
  }

  setVariableSecret(root: string, name: string, secret: Secret | undefined): Promise<boolean> {
    return this.#secrets.writeVariable(root, name, secret);
  }

  /** The token set obtained under exactly this definition; undefined when there is none that can be read. */
  session(named: NamedDefinition): Promise<Session | undefined> {
    return this.#sessions.read(named);
  }

  /** Resolves to false when it stays in memory only. */
  async setSession(named: NamedDefinition, session: Session): Promise<boolean> {
    const kept = await this.#sessions.write(named, session);
    this.#feed.add({ kind: 'session', name: named.name });
    return kept;
  }

  async deleteSession(named: NamedDefinition): Promise<void> {
    await this.#sessions.delete(named);
    this.#feed.add({ kind: 'session', name: named.name, removed: true });
  }

  // Facts for surfaces

  /** Whether secrets outlive this process; looked into once. */
  durability(): Promise<Durability> {
    this.#durability ??= probeDurability(this.#ports.secrets, this.#ports.state);
    return this.#durability;
  }

  /** What the store refused or could not read so far in this process. */
  get storeWarnings(): SturdySecrets['warnings'] {
    return this.#sturdy.warnings;
  }

  async status(named: NamedDefinition): Promise<CredentialStatus> {
    const [approval, keys, own] = await Promise.all([
      this.approvalState(named),
      this.#sturdy.keys(),
      this.#shelf.own(),
    ]);
    const slots = schemeOf(named.definition)?.slots(named.definition) ?? [];
    const hidden = named.owner === 'workspace' ? own.find(({ name }) => name === named.name) : undefined;
    return {
      approval,
      origins: this.originsOf(named),
      slots: slots.map((slot) => ({ ...slot, present: this.#secrets.isPresent(named, slot.id, keys) })),
      hasSession: this.#sessions.isPresent(named, keys),
      memoryOnly: [...keys].some((key) => belongsTo(key, named) && this.#sturdy.isMemoryOnly(key)),
      place: this.#ports.secrets.describe().place,
      ...(hidden === undefined ? {} : { hides: hidden }),
    };
  }

  #noteSecretChange(key: string): void {
    this.#sturdy.noteChange(key);
    if (!parseKey(key)) return;
    this.#changedKeys.add(key);
    if (this.#changedKeys.size === 1) void this.#tellChangedKeys();
  }

  /** Which of the changed entries are gone, with one look at the keys for a burst. */
  async #tellChangedKeys(): Promise<void> {
    await Promise.resolve();
    const changed = [...this.#changedKeys];
    this.#changedKeys.clear();
    const keys = await this.#sturdy.keys();
    for (const key of changed) {
      const facts = parseKey(key);
      if (facts) this.#feed.add({ kind: facts.kind, name: facts.name, removed: !keys.has(key) });
    }
  }

  #noteStateChange(key: string): void {
    if (key === 'definitions') this.#shelf.forgetOwn();
    else if (key === 'approvals') this.approvals.forgetSnapshot();
    else return;
    this.#feed.add({ kind: key === 'definitions' ? 'definitions' : 'approval' });
  }

  dispose(): void {
    for (const subscription of this.#subscriptions) subscription.dispose();
    this.#feed.dispose();
  }
}
