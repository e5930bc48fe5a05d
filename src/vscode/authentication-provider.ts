/**
 * What the authentication provider `countersign` answers: other extensions may ask for `credential:NAME` sessions, of credentials
 * the person shares, behind VS Code's own consent. Listing is silent and offline. Source: auth.md §3.2, contracts.md §5.
 */
import {
  workspace,
  type AuthenticationProviderSessionOptions,
  type AuthenticationSession,
  type Disposable,
} from 'vscode';
import type { NamedDefinition, OAuth2Definition, Session } from '../credentials/types.ts';
import { CountersignError } from '../errors/countersign-error.ts';
import { isOAuth } from '../run/authorize.ts';
import type { App } from './app.ts';
import { sessionChanges } from './authentication-registration.ts';

const prefix = 'credential:';

export class CredentialSessions implements Disposable {
  readonly #app: App;
  readonly #subscription: Disposable;
  /** Sessions handed out or listed, by id, to tell added, changed and removed apart. */
  #known = new Map<string, { readonly session: AuthenticationSession; readonly fingerprint: string }>();

  constructor(app: App) {
    this.#app = app;
    this.#subscription = app.composed.broker.onDidChange(() => void this.#announce());
  }

  /** Silent, offline; only credentials the person shares. The asked scopes come back in the caller's own order. */
  async getSessions(
    scopes: readonly string[] | undefined,
    options: AuthenticationProviderSessionOptions,
  ): Promise<AuthenticationSession[]> {
    const sessions: AuthenticationSession[] = [];
    for (const named of await this.#shared(scopes === undefined ? undefined : nameIn(scopes))) {
      const found = await this.#current(named);
      if (!found || (options.account && options.account.id !== accountId(named, found))) continue;
      const granted = new Set(found.scope);
      const asked = (scopes ?? []).filter((scope) => !scope.startsWith(prefix));
      if (!asked.every((scope) => granted.has(scope))) continue;
      sessions.push(toSession(named, found, scopes ?? [prefix + named.name]));
    }
    for (const session of sessions) this.#remember(session);
    return sessions;
  }

  async createSession(scopes: readonly string[]): Promise<AuthenticationSession> {
    const name = nameIn(scopes);
    if (name === undefined) {
      throw new CountersignError('CS-AUTH-SCOPE', 'A session of Countersign is asked for as credential:NAME.');
    }
    const [named] = await this.#shared(name);
    if (!named) {
      throw new CountersignError('CS-AUTH-NOT-SHARED', `${name.slice(0, 60)} is not shared with other extensions.`, {
        next: 'Add its name to the setting countersign.credentials.shareWithExtensions.',
      });
    }
    const { vault, broker, deps } = this.#app.composed;
    await this.#app.network.ready();
    await vault.ensureApproved(named, undefined, deps.prompts);
    const session = toSession(named, await broker.acquire(named, { interactive: true }), scopes);
    this.#remember(session);
    sessionChanges.fire({ added: [session], removed: [], changed: [] });
    return session;
  }

  async removeSession(id: string): Promise<void> {
    const known = this.#known.get(id);
    // By the id, not by what is remembered: a session that was just announced as gone may still be in the vault.
    const [named] = await this.#shared(id.split('|', 1)[0]);
    if (named) await this.#app.composed.broker.signOut(named);
    if (known) {
      this.#known.delete(id);
      sessionChanges.fire({ added: [], removed: [known.session], changed: [] });
    }
  }

  async #shared(name: string | undefined): Promise<NamedDefinition<OAuth2Definition>[]> {
    const shared =
      workspace.getConfiguration('countersign').inspect<string[]>('credentials.shareWithExtensions')?.globalValue ?? [];
    if (shared.length === 0 || !workspace.isTrusted) return [];
    await this.#app.workspaceReady;
    const { vault } = this.#app.composed;
    const resolveText = this.#app.resolveTextOf(undefined);
    const found: NamedDefinition<OAuth2Definition>[] = [];
    for (const each of await vault.definitions(this.#app.root)) {
      if (!shared.includes(each.name) || (name !== undefined && each.name !== name)) continue;
      const named = await vault.resolve(each, resolveText).catch(() => undefined);
      if (named && isOAuth(named) && (await vault.approvalState(named)) === 'approved') found.push(named);
    }
    return found;
  }

  async #current(named: NamedDefinition<OAuth2Definition>): Promise<Session | undefined> {
    const state = await this.#app.composed.broker.state(named);
    if (state.kind === 'signed-in' || state.kind === 'expires-soon') return state.session;
    return undefined;
  }

  #remember(session: AuthenticationSession): void {
    this.#known.set(session.id, { session, fingerprint: session.accessToken });
  }

  /** A refreshed token is `changed`, an ended session `removed`: consumers may keep what they were given. */
  async #announce(): Promise<void> {
    const removed: AuthenticationSession[] = [];
    const changed: AuthenticationSession[] = [];
    for (const [id, known] of this.#known) {
      const name = nameIn(known.session.scopes) as string;
      const [named] = await this.#shared(name);
      const current = named && (await this.#current(named));
      if (!named || !current) {
        removed.push(known.session);
        this.#known.delete(id);
      } else if (current.accessToken.reveal() !== known.fingerprint) {
        const session = toSession(named, current, known.session.scopes);
        changed.push(session);
        this.#remember(session);
      }
    }
    if (removed.length + changed.length > 0) sessionChanges.fire({ added: [], removed, changed });
  }

  dispose(): void {
    this.#subscription.dispose();
    this.#known = new Map();
  }
}

function nameIn(scopes: readonly string[]): string | undefined {
  return scopes.find((scope) => scope.startsWith(prefix))?.slice(prefix.length);
}

function accountId(named: NamedDefinition<OAuth2Definition>, session: Session): string {
  return `${session.identity?.issuer ?? named.definition.issuer ?? named.name}|${session.identity?.subject ?? named.definition.client_id}`;
}

function toSession(
  named: NamedDefinition<OAuth2Definition>,
  session: Session,
  scopes: readonly string[],
): AuthenticationSession {
  const id = accountId(named, session);
  return {
    id: `${named.name}|${id}|${[...scopes].sort().join(' ')}`,
    accessToken: session.accessToken.reveal(),
    account: { id, label: session.identity?.label ?? named.definition.client_id },
    scopes: [...scopes],
  };
}
