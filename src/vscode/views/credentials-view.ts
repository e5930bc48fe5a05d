/**
 * The Credentials view: one row a credential with its state, children for person, origins, scope, times and where it is
 * kept. It shows what vault and broker know, without network. Source: ux.md C, design.md C.
 */
import {
  authentication,
  EventEmitter,
  MarkdownString,
  ThemeColor,
  ThemeIcon,
  TreeItem,
  TreeItemCollapsibleState,
  window,
  workspace,
  type Disposable,
  type TreeDataProvider,
  type TreeView,
} from 'vscode';
import type { NamedDefinition } from '../../credentials/types.ts';
import { toAccountRequest } from '../../credentials/schemes/account.ts';
import { isAccount, isOAuth } from '../../run/authorize.ts';
import { lastUseOf } from '../../run/history-filter.ts';
import type { HistoryEntry } from '../../run/history.ts';
import {
  isInteractive,
  loadCredentialState,
  type CredentialState,
  type CredentialStateKind,
} from '../../run/credential-state.ts';
import { span } from '../../words/quantities.ts';
import type { App } from '../app.ts';

export interface GroupNode {
  readonly kind: 'group';
  readonly owner: 'workspace' | 'user';
}
export interface CredentialNode {
  readonly kind: 'credential';
  readonly named: NamedDefinition;
}
export interface FactNode {
  readonly kind: 'fact';
  readonly id: string;
  readonly named: NamedDefinition;
  readonly label: string;
  readonly description: string;
  readonly icon: string;
  readonly colour?: string;
  readonly context?: string;
  readonly origin?: string;
}
export type Node = GroupNode | CredentialNode | FactNode;

const icons: Readonly<Record<CredentialStateKind, readonly [icon: string, colour?: string]>> = {
  ready: ['pass', 'charts.green'],
  'signed-in': ['pass', 'charts.green'],
  'not-signed-in': ['circle-large-outline'],
  'signing-in': ['loading~spin'],
  'expires-soon': ['warning', 'charts.yellow'],
  expired: ['history'],
  ended: ['error', 'charts.red'],
  'secret-missing': ['key', 'charts.yellow'],
  failed: ['error', 'charts.red'],
  unreachable: ['debug-disconnect', 'charts.yellow'],
  changed: ['shield', 'charts.yellow'],
  proposed: ['shield'],
};

const refreshEvery = 30_000;

export class CredentialsView implements TreeDataProvider<Node>, Disposable {
  readonly #app: App;
  readonly #changed = new EventEmitter<Node | undefined>();
  readonly onDidChangeTreeData = this.#changed.event;
  readonly #view: TreeView<Node>;
  readonly #subscriptions: Disposable[];
  readonly #timer: ReturnType<typeof setInterval>;
  #needed = new Set<string>();

  constructor(app: App) {
    this.#app = app;
    this.#view = window.createTreeView('countersign.credentials', { treeDataProvider: this, showCollapseAll: true });
    const refresh = (): void => this.#changed.fire(undefined);
    this.#subscriptions = [
      this.#view,
      app.composed.vault.onDidChange(refresh),
      app.composed.broker.onDidChange(refresh),
      app.runs.onDidChange(() => this.#noteNeeded()),
      app.definitions.onDidLoad(refresh),
      app.environments.onDidChange(refresh),
      authentication.onDidChangeSessions(({ provider }) => {
        if (provider.id !== 'countersign') refresh();
      }),
      this.#view.onDidChangeVisibility(({ visible }) => {
        if (visible) refresh();
      }),
    ];
    this.#timer = setInterval(() => {
      if (this.#view.visible) refresh();
    }, refreshEvery);
    this.#timer.unref();
  }

  /** The selected row's credential, for keys pressed in the view. */
  get selected(): NamedDefinition | undefined {
    const [node] = this.#view.selection;
    return node === undefined || node.kind === 'group' ? undefined : node.named;
  }

  /** A request could not be sent for lack of a secret: its credential counts in the badge until it is well (A1.4). */
  #noteNeeded(): void {
    const { latest } = this.#app.runs;
    const name = latest?.error?.code === 'CS-AUTH-SECRET-MISSING' ? latest.credential?.name : undefined;
    if (name === undefined || this.#needed.has(name)) return;
    this.#needed.add(name);
    this.#changed.fire(undefined);
  }

  async getChildren(node?: Node): Promise<Node[]> {
    if (!workspace.isTrusted) return [];
    if (node?.kind === 'credential') return this.#facts(node.named);
    if (node?.kind === 'fact') return [];
    await this.#app.workspaceReady;
    const all = await this.#definitions();
    if (node) return all.filter(({ named }) => named.owner === node.owner);
    void this.#tellOfMemoryStore();
    void this.#updateBadge(all);
    const owners = new Set(all.map(({ named }) => named.owner));
    if (owners.size < 2) return all;
    return [
      { kind: 'group', owner: 'workspace' },
      { kind: 'group', owner: 'user' },
    ];
  }

  async getTreeItem(node: Node): Promise<TreeItem> {
    if (node.kind === 'group') return groupItem(node);
    if (node.kind === 'fact') return factItem(node);
    const state = await loadCredentialState(node.named, this.#app.composed);
    const item = new TreeItem(node.named.name, TreeItemCollapsibleState.Collapsed);
    const [icon, colour] = icons[state.kind];
    item.id = idOf(node.named);
    item.description = state.short;
    item.iconPath = new ThemeIcon(icon, colour === undefined ? undefined : new ThemeColor(colour));
    item.contextValue = contextOf(node.named, state, this.#app.composed.broker.trace(node.named.name) !== undefined);
    item.accessibilityInformation = { label: state.sentence };
    return item;
  }

  /** The tooltip is made when it is asked for, so that what it tells of the last use is true then. */
  async resolveTreeItem(item: TreeItem, node: Node): Promise<TreeItem> {
    if (node.kind !== 'credential') return item;
    const state = await loadCredentialState(node.named, this.#app.composed);
    item.tooltip = tooltipOf(node.named, state, await this.#lastUse(node.named));
    return item;
  }

  async #definitions(): Promise<CredentialNode[]> {
    const found = await this.#app.composed.vault.definitions(this.#app.root);
    const resolveText = this.#app.resolveTextOf(undefined);
    const nodes = found.map(async (named): Promise<CredentialNode> => {
      const resolved = await this.#app.composed.vault.resolve(named, resolveText).catch(() => named);
      return { kind: 'credential', named: resolved };
    });
    return Promise.all(nodes);
  }

  async #lastUse(named: NamedDefinition): Promise<HistoryEntry | undefined> {
    const { history, vault } = this.#app.composed;
    return lastUseOf(await history.entries(), named, await vault.definitions(this.#app.root));
  }

  async #facts(named: NamedDefinition): Promise<FactNode[]> {
    const state = await loadCredentialState(named, this.#app.composed);
    const fact = (
      id: string,
      icon: string,
      label: string,
      description: string,
      more: Partial<FactNode> = {},
    ): FactNode => ({
      kind: 'fact',
      id: `${idOf(named)}/${id}`,
      named,
      icon,
      label,
      description,
      ...more,
    });
    const facts: FactNode[] = [];
    const session = state.session;
    if (isOAuth(named)) {
      if (state.person) facts.push(fact('who', 'account', state.person, isInteractive(named) ? 'signed in' : 'client'));
      else facts.push(fact('who', 'account', named.definition.client_id, 'client'));
    } else if (isAccount(named)) {
      const { provider } = named.definition;
      facts.push(fact('who', 'account', state.person ?? provider, state.person ? `${provider} account` : 'provider'));
    } else if (named.definition.scheme === 'basic') {
      const { username } = named.definition as { username?: unknown };
      facts.push(fact('who', 'account', typeof username === 'string' ? username : '', 'user name'));
    }
    for (const origin of state.status.origins) {
      const context = named.owner === 'user' ? 'ownOrigin' : 'origin';
      facts.push(
        fact(`origin:${origin}`, 'globe', origin.replace(/^https:\/\//, ''), 'may receive it', { context, origin }),
      );
    }
    if (session) {
      facts.push(fact('scope', 'list-flat', session.scope.join(' ') || 'no scope', 'scope granted'));
      for (const scope of session.requestedScope.filter((each) => !session.scope.includes(each))) {
        facts.push(fact(`missing:${scope}`, 'warning', scope, 'asked for, not granted', { colour: 'charts.yellow' }));
      }
      facts.push(timeFact(fact, state));
    }
    if (isAccount(named)) {
      const { scopes } = toAccountRequest(named.definition);
      facts.push(fact('scope', 'list-flat', scopes.join(' ') || 'no scope', 'scope asked for'));
      facts.push(fact('kept', 'lock', 'VS Code', 'kept by'));
      return facts;
    }
    facts.push(
      fact(
        'kept',
        'lock',
        state.status.memoryOnly ? 'Memory, until this window closes' : capital(state.status.place.replace(/^the /, '')),
        'kept in',
      ),
    );
    return facts;
  }

  async #tellOfMemoryStore(): Promise<void> {
    await this.#app.shouldTellOfMemoryStore();
    this.#view.message = this.#app.composed.deps.secretPlace().durable
      ? ''
      : 'This system has no secret store that lasts. Secrets stay in memory and are gone when this window closes.';
  }

  /** Only what blocks something that was used before; opening a folder never raises it (A1.4). */
  async #updateBadge(nodes: readonly CredentialNode[]): Promise<void> {
    let count = 0;
    for (const { named } of nodes) {
      const { kind } = await loadCredentialState(named, this.#app.composed);
      const waits =
        ['ended', 'failed', 'changed'].includes(kind) || (this.#needed.has(named.name) && kind === 'secret-missing');
      if (waits) count += 1;
      else this.#needed.delete(named.name);
    }
    this.#view.badge =
      count === 0
        ? undefined
        : { value: count, tooltip: `${count} ${count === 1 ? 'credential needs' : 'credentials need'} you` };
  }

  dispose(): void {
    clearInterval(this.#timer);
    for (const subscription of this.#subscriptions) subscription.dispose();
    this.#changed.dispose();
  }
}

function idOf(named: NamedDefinition): string {
  return `${named.owner}:${named.file ?? ''}:${named.name}`;
}

function groupItem(node: GroupNode): TreeItem {
  const item = new TreeItem(node.owner === 'workspace' ? 'This workspace' : 'Mine', TreeItemCollapsibleState.Expanded);
  item.id = `group:${node.owner}`;
  item.description = node.owner === 'workspace' ? 'countersign.json' : 'this machine';
  return item;
}

function factItem(node: FactNode): TreeItem {
  const item = new TreeItem(node.label);
  item.id = node.id;
  item.description = node.description;
  item.iconPath = new ThemeIcon(node.icon, node.colour === undefined ? undefined : new ThemeColor(node.colour));
  item.contextValue = node.context ?? 'fact';
  return item;
}

type MakeFact = (id: string, icon: string, label: string, description: string) => FactNode;

function timeFact(fact: MakeFact, state: CredentialState): FactNode {
  const expires = state.session?.expiresAt;
  if (expires === undefined) return fact('time', 'clock', 'No end stated', 'access token');
  const left = expires - Date.now();
  if (state.refreshable) {
    return fact('time', 'refresh', 'Refreshes by itself', left > 0 ? `next in ${span(left)}` : 'when used');
  }
  return fact(
    'time',
    'clock',
    left > 0 ? `Ends in ${span(left)}` : 'Ended',
    `access token · ${new Date(expires).toLocaleTimeString()}`,
  );
}

/** Words the menus of package.json test for. */
function contextOf(named: NamedDefinition, state: CredentialState, hasTrace: boolean): string {
  const words = ['credential', `state-${state.kind}`];
  const usable = state.kind !== 'proposed' && state.kind !== 'changed';
  if (!usable) words.push('needsReview');
  words.push(named.owner === 'user' ? 'own' : 'inFile');
  if (usable && state.status.slots.some(({ required, present }) => required || present)) words.push('hasSlot');
  if (state.kind === 'secret-missing') words.push('secretMissing');
  if (hasTrace) words.push('hasTrace');
  if (isAccount(named) && state.kind === 'not-signed-in') words.push('canSignIn');
  if (isAccount(named) && state.kind === 'signed-in') words.push('canSwitchAccount');
  if (isOAuth(named) && usable) {
    const signedIn = ['signed-in', 'expires-soon', 'expired'].includes(state.kind);
    if (signedIn) words.push('signedIn');
    if (named.definition.grant === 'authorization_code') words.push('canProbe');
    if (signedIn && state.refreshable) words.push('canRefresh');
    if (state.kind === 'expired') words.push('canRefreshInline');
    if (['not-signed-in', 'ended', 'failed', 'unreachable', 'expires-soon', 'ready'].includes(state.kind))
      words.push('canSignIn');
    if (state.kind === 'signing-in') words.push('signingIn');
    if (hasTrace && ['signed-in', 'ended', 'failed'].includes(state.kind)) words.push('traceInline');
  }
  return words.join(' ');
}

function tooltipOf(named: NamedDefinition, state: CredentialState, lastUse: HistoryEntry | undefined): MarkdownString {
  const text = new MarkdownString('', true);
  const { definition } = named;
  text.appendMarkdown(`**${escaped(named.name)}**${definition.title ? ` · ${escaped(definition.title)}` : ''}\n\n`);
  text.appendMarkdown(`${escaped(capital(state.sentence.slice(named.name.length + 2)))}\n\n`);
  const rows: [string, string][] = [];
  if (isOAuth(named)) {
    rows.push(['Grant', code(named.definition.grant)]);
    const issuer = named.definition.issuer ?? named.definition.token_endpoint;
    if (issuer) rows.push(['Issuer', code(issuer)]);
    rows.push(['Client', code(named.definition.client_id)]);
    rows.push(['Scope', code(state.session?.scope.join(' ') ?? named.definition.scope ?? '')]);
  } else {
    rows.push(['Scheme', code(definition.scheme)]);
  }
  rows.push(['May go to', state.status.origins.map(code).join(' ')]);
  if (state.session?.expiresAt !== undefined) {
    const end = new Date(state.session.expiresAt).toLocaleTimeString();
    rows.push(['Access token', `ends ${end}${state.refreshable ? ', refreshes by itself' : ''}`]);
  }
  rows.push([
    'Kept in',
    isAccount(named)
      ? 'VS Code'
      : escaped(state.status.memoryOnly ? 'memory, until this window closes' : state.status.place.replace(/^the /, '')),
  ]);
  if (lastUse) {
    const when = new Date(lastUse.at).toLocaleString();
    rows.push(['Last used', `${escaped(when)} ${code(`${lastUse.method} ${lastUse.url}`.slice(0, 200))}`]);
  }
  rows.push(['Defined in', named.file ? code(workspace.asRelativePath(named.file)) : 'this machine']);
  text.appendMarkdown(`| | |\n|---|---|\n${rows.map(([key, value]) => `| ${key} | ${value} |`).join('\n')}\n`);
  return text;
}

function escaped(text: string): string {
  return text.replace(/[\\`*_{}[\]()#+\-.!|<>$~]/g, '\\$&');
}

function code(text: string): string {
  return text === '' ? '' : `\`${text.replace(/[`|\r\n]/g, ' ')}\``;
}

function capital(text: string): string {
  return text.charAt(0).toUpperCase() + text.slice(1);
}
