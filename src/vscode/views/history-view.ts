/**
 * The History view: what was sent, by day, newest first, without secrets; all of it, or what a filter means, said above
 * the rows (design.md A1.3, A1.5).
 */
import {
  EventEmitter,
  ThemeColor,
  ThemeIcon,
  TreeItem,
  TreeItemCollapsibleState,
  commands,
  window,
  type Disposable,
  type TreeDataProvider,
  type TreeView,
} from 'vscode';
import { filterHistory } from '../../run/history-filter.ts';
import type { HistoryEntry } from '../../run/history.ts';
import { reasonOf } from '../../words/outcomes.ts';
import { duration } from '../../words/quantities.ts';
import type { App } from '../app.ts';

type Node = { readonly day: string; readonly entries: readonly HistoryEntry[] } | HistoryEntry;

export class HistoryView implements TreeDataProvider<Node>, Disposable {
  readonly #app: App;
  readonly #changed = new EventEmitter<void>();
  readonly onDidChangeTreeData = this.#changed.event;
  readonly #view: TreeView<Node>;
  readonly #subscription: { dispose(): void };
  #filter = '';

  constructor(app: App) {
    this.#app = app;
    this.#view = window.createTreeView('countersign.history', { treeDataProvider: this, showCollapseAll: true });
    this.#subscription = app.composed.history.onDidChange(() => this.#changed.fire());
  }

  /** The words in force; empty for none. */
  get filter(): string {
    return this.#filter;
  }

  /** What stands above the rows; empty while everything is shown. */
  get message(): string {
    return this.#view.message ?? '';
  }

  setFilter(words: string): void {
    this.#filter = words.trim();
    void commands.executeCommand('setContext', 'countersign.historyFiltered', this.#filter !== '');
    this.#changed.fire();
  }

  async getChildren(node?: Node): Promise<Node[]> {
    if (node) return 'entries' in node ? [...node.entries] : [];
    const days = new Map<string, HistoryEntry[]>();
    const all = await this.#app.composed.history.entries();
    const shown = filterHistory(all, this.#filter);
    this.#view.message = this.#filter === '' ? '' : toFilterMessage(this.#filter, shown.length, all.length);
    for (const entry of shown) {
      const day = dayOf(entry.at, Date.now());
      days.set(day, [...(days.get(day) ?? []), entry]);
    }
    return [...days].map(([day, entries]) => ({ day, entries }));
  }

  getTreeItem(node: Node): TreeItem {
    if ('entries' in node) {
      const item = new TreeItem(node.day, TreeItemCollapsibleState.Expanded);
      item.id = `day:${node.day}`;
      return item;
    }
    const item = new TreeItem(`${node.method} ${pathOf(node.url)}`);
    const facts = [outcome(node), duration(node.milliseconds), node.credential].filter((each) => each !== undefined);
    item.id = node.id;
    item.description = facts.join(' · ');
    item.iconPath = icon(node);
    item.tooltip = `${node.method} ${node.url}\n${new Date(node.at).toLocaleString()}`;
    item.accessibilityInformation = { label: `${node.method} ${node.url}, ${facts.join(', ')}` };
    item.command = { title: 'Open', command: 'countersign.openHistoryEntry', arguments: [{ id: node.id }] };
    item.contextValue = 'entry';
    return item;
  }

  dispose(): void {
    this.#view.dispose();
    this.#subscription.dispose();
    this.#changed.dispose();
  }
}

/** `3 of 24 requests hold “orders”.` */
function toFilterMessage(words: string, shown: number, all: number): string {
  if (shown === 0) return `None of ${all} ${all === 1 ? 'request' : 'requests'} holds “${words}”.`;
  return `${shown} of ${all} ${all === 1 ? 'request' : 'requests'} ${shown === 1 ? 'holds' : 'hold'} “${words}”.`;
}

function outcome(entry: HistoryEntry): string {
  if (entry.status === undefined) return entry.error === undefined ? 'not sent' : reasonOf(entry.error);
  return entry.redirects > 0
    ? `${entry.redirects} ${entry.redirects === 1 ? 'redirect' : 'redirects'} → ${entry.status}`
    : String(entry.status);
}

function icon(entry: HistoryEntry): ThemeIcon {
  if (entry.error === 'CS-NET-CANCELLED') return new ThemeIcon('circle-slash');
  if (entry.status === undefined) return new ThemeIcon('debug-disconnect', new ThemeColor('charts.red'));
  if (entry.status >= 500) return new ThemeIcon('error', new ThemeColor('charts.red'));
  if (entry.status >= 400) return new ThemeIcon('warning', new ThemeColor('charts.yellow'));
  return entry.redirects > 0 || entry.status >= 300
    ? new ThemeIcon('arrow-right')
    : new ThemeIcon('pass', new ThemeColor('charts.green'));
}

function pathOf(url: string): string {
  const path = url.replace(/^[a-z]+:\/\/[^/]*/i, '').split('?')[0] ?? '';
  return path === '' ? '/' : path;
}

function dayOf(at: number, now: number): string {
  const start = new Date(now);
  start.setHours(0, 0, 0, 0);
  if (at >= start.getTime()) return 'Today';
  if (at >= start.getTime() - 24 * 3600 * 1000) return 'Yesterday';
  return new Date(at).toLocaleDateString(undefined, { day: 'numeric', month: 'long', year: 'numeric' });
}
