/**
 * Definitions, secrets, bindings and sessions behind one interface. Nothing is read when it is made; a secret is read
 * only for an approved definition. It asks the person through `Prompts` alone, and knows no network.
 * Source: contracts.md §3–4, auth.md §3.5.
 */
import { CountersignError } from '../errors/countersign-error.ts';
import type { Clock, Disposable, Prompts, SecretStore, StateStore } from '../ports.ts';
import { ApprovalLog, type ApprovalState } from './approval-log.ts';
import { toApprovalRequest } from './approval-request.ts';
import { checkBindingWith } from './binding.ts';
import { ChangeFeed } from './change-feed.ts';
import { DefinitionShelf } from './definition-shelf.ts';
import { probeDurability, type Durability } from './durability.ts';
import { loadPublicSuffixes, originOf, type PublicSuffixCheck } from './origin.ts';
import type { Redactor } from './redactor.ts';
import { resolveDefinition } from './resolve-definition.ts';
import { schemeOf } from './schemes/registry.ts';
import { belongsTo, parseKey, scopeOf } from './secret-keys.ts';
import { SecretDrawer } from './secret-drawer.ts';
import { SessionDrawer } from './session-drawer.ts';
import type { Secret } from './secret.ts';
import { SturdySecrets } from './sturdy-secrets.ts';
import type { Definition, NamedDefinition, Scheme, SecretSlot, Session } from './types.ts';

export interface VaultPorts {
  readonly secrets: SecretStore;
  readonly state: StateStore;
  readonly clock: Clock;
  readonly redactor: Redactor;
  /** How long changes are collected before listeners hear of them, in milliseconds; 50 when absent. */
  readonly changeDelayMs?: number;
}

/** What happened to a credential. `removed`: its secret or session is gone, perhaps by another window (S06). */
export interface VaultChange {
  readonly kind: 'definitions' | 'approval' | 'secret' | 'session';
  /** Undefined when many may have changed. */
  readonly name?: string;
  readonly removed?: boolean;
}

/** Everything a row shows, without reading a secret. */
export interface CredentialStatus {
  readonly approval: ApprovalState;
  readonly origins: readonly string[];
  readonly slots: readonly (SecretSlot & { readonly present: boolean })[];
  readonly hasSession: boolean;
  /** One of its entries is in memory because the store did not take it. */
  readonly memoryOnly: boolean;
  readonly place: string;
  /** The person's own definition of this name that a workspace's hides. */
  readonly hides?: NamedDefinition;
}

type ResolveText = (text: string) => Promise<string>;

export class Vault implements Disposable {
  /** Approvals and endpoint pins, for “Show Trust Decisions”. */
  readonly approvals: ApprovalLog;
  readonly redactor: Redactor;
  readonly #ports: VaultPorts;
  readonly #shelf: DefinitionShelf;
  readonly #sturdy: SturdySecrets;
  readonly #secrets: SecretDrawer;
  readonly #sessions: SessionDrawer;
  readonly #feed: ChangeFeed<VaultChange>;
  readonly #asking = new Map<string, Promise<boolean>>();
  readonly #subscriptions: Disposable[];
  readonly #trusted = new Map<string, string | undefined>();
  #suffixes: PublicSuffixCheck | undefined;
  #durability: Promise<Durability> | undefined;

  constructor(ports: VaultPorts) {
    this.#ports = ports;
    this.redactor = ports.redactor;
    this.approvals = new ApprovalLog(ports.state, ports.clock);
    this.#shelf = new DefinitionShelf(ports.state);
    this.#sturdy = new SturdySecrets(ports.secrets);
    this.#secrets = new SecretDrawer(this.#sturdy, ports.redactor, this.#shelf);
    this.#sessions = new SessionDrawer(this.#sturdy, ports.redactor);
    this.#feed = new ChangeFeed(ports.changeDelayMs ?? 50);
    this.#subscriptions = [
      ports.secrets.onDidChange((key) => void this.#noteSecretChange(key)),
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
  async defaultFor(url: URL, root: string | undefined, resolveText?: ResolveText): Promise<NamedDefinition | undefined> {
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
  async resolve<D extends Definition>(named: NamedDefinition<D>, resolveText: ResolveText): Promise<NamedDefinition<D>> {
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
      throw new CountersignError('CS-DEF-NAME', `A credential called ${newName} exists already.`, { next: 'Choose another name.' });
    }
    await this.#shelf.saveOwn(newName, named.definition);
    await this.#secrets.move(named, { ...named, name: newName });
    await this.removeCredential(named);
  }

  // Binding and approval

  /** The origins it may go to: those of the definition, or those approved where its file states none. */
  originsOf(named: NamedDefinition): readonly string[] {
    if (named.originsFromUse !== true) return named.definition.origins;
    return this.approvals.approval(named)?.origins ?? [];
  }

  /**
   * Undefined when the resolved credential may go there, else the CS-BIND-ORIGIN that says why not. Where a file states no
   * origins and none is approved yet, the approval decides.
   */
  binding(named: NamedDefinition, url: URL): CountersignError | undefined {
    if (named.originsFromUse === true && this.originsOf(named).length === 0 && originOf(url)) return undefined;
    const result = checkBindingWith(named.name, this.originsOf(named), url, this.#suffixes);
    return result.ok ? undefined : result.error;
  }

  async approvalState(named: NamedDefinition): Promise<ApprovalState> {
    await this.approvals.load();
    return this.#isTrusted(named) ? 'approved' : this.approvals.state(named);
  }

  /** For the CLI: `--secret NAME=…` approves the definition as it stands, `--pin` only the one of this hash. */
  trustForProcess(name: string, pin?: string): void {
    this.#trusted.set(name, pin?.toLowerCase());
  }

  #isTrusted(named: NamedDefinition): boolean {
    if (!this.#trusted.has(named.name)) return false;
    const pin = this.#trusted.get(named.name);
    return pin === undefined || pin === named.hash || pin === named.templateHash;
  }

  /** Approves without asking: the person just did, in a surface of its own. */
  async approve(named: NamedDefinition, url?: URL): Promise<void> {
    await this.approvals.load();
    const origin = url && named.originsFromUse === true ? originOf(url)?.text : undefined;
    const origins = named.originsFromUse === true ? [...new Set([...this.originsOf(named), ...(origin ? [origin] : [])])] : undefined;
    await this.approvals.approve(named, origins);
    this.#feed.add({ kind: 'approval', name: named.name });
  }

  /** What the person would be asked. */
  async approvalRequest(named: NamedDefinition, url?: URL): Promise<ReturnType<typeof toApprovalRequest>> {
    await this.approvals.load();
    const origin = url ? originOf(url)?.text : undefined;
    const extra = named.originsFromUse === true && origin !== undefined ? [...new Set([...this.originsOf(named), origin])] : undefined;
    const shown = extra === undefined ? named : { ...named, definition: { ...named.definition, origins: extra } };
    const last = this.approvals.latest(named);
    const previous = last && { ...last.definition, origins: last.origins ?? last.definition.origins };
    return toApprovalRequest(shown, previous);
  }

  /**
   * Passes when the definition is approved; else asks once, however many requests wait.
   * @throws CountersignError CS-BIND-APPROVAL when the person does not approve or nobody is there
   */
  async ensureApproved(named: NamedDefinition, url: URL | undefined, prompts?: Prompts, signal?: AbortSignal): Promise<void> {
    if ((await this.approvalState(named)) === 'approved') return;
    const pinned = this.#trusted.has(named.name);
    if (!pinned && prompts?.interactive === true) {
      const id = `${scopeOf(named)} ${named.name} ${named.hash}`;
      const asking = this.#asking.get(id) ?? this.#ask(named, url, prompts, signal).finally(() => this.#asking.delete(id));
      this.#asking.set(id, asking);
      if ((await asking) && (await this.approvalState(named)) === 'approved') return;
    }
    throw await this.#approvalError(named, pinned);
  }

  async #ask(named: NamedDefinition, url: URL | undefined, prompts: Prompts, signal?: AbortSignal): Promise<boolean> {
    const approved = await prompts.approve(await this.approvalRequest(named, url), signal);
    if (approved) await this.approve(named, url);
    return approved;
  }

  async #approvalError(named: NamedDefinition, pinned: boolean): Promise<CountersignError> {
    const changed = pinned || this.approvals.state(named) === 'changed';
    const file = named.file?.split(/[\\/]/).at(-1) ?? 'its definition';
    const message = pinned
      ? `${named.name} is not the definition that was pinned.`
      : changed
        ? `${named.name} changed in ${file} since you approved it.`
        : `${named.name} is proposed by ${file} and not approved on this machine.`;
    const next = changed ? 'See what changed, then approve it or not.' : 'See what it would do, then approve it or not.';
    return new CountersignError('CS-BIND-APPROVAL', message, {
      next: pinned ? 'Look at the new definition, then pin its hash.' : next,
      facts: { credential: named.name, hash: named.hash, changed },
    });
  }

  /** Remembers where an approved definition's endpoints are (H27). */
  async pinEndpoints(named: NamedDefinition, endpoints: Readonly<Record<string, string>>): Promise<void> {
    await this.approvals.load();
    await this.approvals.pinEndpoints(named, endpoints);
  }

  async pinnedEndpoints(named: NamedDefinition): Promise<Readonly<Record<string, string>> | undefined> {
    await this.approvals.load();
    return this.approvals.approval(named)?.endpoints;
  }

  // Secrets and sessions

  /** @throws CountersignError CS-BIND-APPROVAL, or CS-AUTH-SECRET-MISSING when a required slot is empty */
  async secret(named: NamedDefinition, slot = ''): Promise<Secret> {
    const secret = await this.findSecret(named, slot);
    if (secret) return secret;
    const label = schemeOf(named.definition)?.slots(named.definition).find(({ id }) => id === slot)?.label ?? 'secret';
    throw new CountersignError('CS-AUTH-SECRET-MISSING', `${named.name} has no ${label} on this machine.`, {
      facts: { credential: named.name, slot, label },
    });
  }

  /** As `secret`, for slots that may be empty. @throws CountersignError CS-BIND-APPROVAL */
  async findSecret(named: NamedDefinition, slot = ''): Promise<Secret | undefined> {
    if ((await this.approvalState(named)) !== 'approved') throw await this.#approvalError(named, false);
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
    const [approval, keys, own] = await Promise.all([this.approvalState(named), this.#sturdy.keys(), this.#shelf.own()]);
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

  async #noteSecretChange(key: string): Promise<void> {
    this.#sturdy.noteChange(key);
    const facts = parseKey(key);
    if (!facts) return;
    const keys = await this.#sturdy.keys();
    this.#feed.add({ kind: facts.kind, name: facts.name, removed: !keys.has(key) });
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
