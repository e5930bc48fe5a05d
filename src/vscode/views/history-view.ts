/** The History view: what was sent, by day, newest first, without secrets (design.md A1.5). */
import {
  EventEmitter,
  ThemeColor,
  ThemeIcon,
  TreeItem,
  TreeItemCollapsibleState,
  type Disposable,
  type TreeDataProvider,
} from 'vscode';
import type { HistoryEntry } from '../../run/history.ts';
import { reasonOf } from '../../words/outcomes.ts';
import { duration } from '../../words/quantities.ts';
import type { App } from '../app.ts';

type Node = { readonly day: string; readonly entries: readonly HistoryEntry[] } | HistoryEntry;

export class HistoryView implements TreeDataProvider<Node>, Disposable {
  readonly #app: App;
  readonly #changed = new EventEmitter<void>();
  readonly onDidChangeTreeData = this.#changed.event;
  readonly #subscription: { dispose(): void };

  constructor(app: App) {
    this.#app = app;
    this.#subscription = app.composed.history.onDidChange(() => this.#changed.fire());
  }

  async getChildren(node?: Node): Promise<Node[]> {
    if (node) return 'entries' in node ? [...node.entries] : [];
    const days = new Map<string, HistoryEntry[]>();
    for (const entry of await this.#app.composed.history.entries()) {
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
    this.#subscription.dispose();
    this.#changed.dispose();
  }
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
