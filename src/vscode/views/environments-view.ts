/** The Environments view: names, which one is current, and each variable's value with where it comes from (A1.6). */
import {
  EventEmitter,
  ThemeIcon,
  TreeItem,
  TreeItemCollapsibleState,
  Uri,
  window,
  workspace,
  type Disposable,
  type TreeDataProvider,
} from 'vscode';
import { parseRequestFile } from '../../language/parse-request-file.ts';
import { listEnvironments, type EnvironmentInfo } from '../../variables/environments/list-environments.ts';
import { createResolver } from '../../variables/resolver.ts';
import type { VariableInfo } from '../../variables/types.ts';
import type { App } from '../app.ts';

type Node = EnvironmentInfo | { readonly environment: string; readonly variable: VariableInfo };

export class EnvironmentsView implements TreeDataProvider<Node>, Disposable {
  readonly #app: App;
  readonly #changed = new EventEmitter<void>();
  readonly onDidChangeTreeData = this.#changed.event;
  readonly #subscriptions: Disposable[];

  constructor(app: App) {
    this.#app = app;
    this.#subscriptions = [
      app.environments.onDidChange(() => this.#changed.fire()),
      app.definitions.onDidLoad(() => this.#changed.fire()),
      workspace.onDidSaveTextDocument(() => this.#changed.fire()),
      window.onDidChangeActiveTextEditor(() => this.#changed.fire()),
    ];
  }

  async getChildren(node?: Node): Promise<Node[]> {
    if (!workspace.isTrusted) return [];
    if (!node) return [...(await listEnvironments(this.#place()))];
    if (!('origins' in node)) return [];
    const { deps } = this.#app.composed;
    const resolver = createResolver({
      file: parseRequestFile(''),
      ...this.#place(),
      request: undefined,
      environments: [node.name],
      overrides: new Map(),
      captured: new Map(),
      env: {},
      clock: deps.clock,
      random: deps.random,
    });
    const variables = await resolver.list();
    return variables
      .filter((variable) => !variable.name.startsWith('$'))
      .map((variable) => ({ environment: node.name, variable }));
  }

  getTreeItem(node: Node): TreeItem {
    if ('origins' in node) {
      const current = this.#app.environments.current.includes(node.name);
      const item = new TreeItem(
        node.name,
        current ? TreeItemCollapsibleState.Expanded : TreeItemCollapsibleState.Collapsed,
      );
      item.id = `environment:${node.name}`;
      item.description = current ? 'current' : '';
      item.iconPath = new ThemeIcon(current ? 'circle-filled' : 'circle-outline');
      item.contextValue = 'environment';
      item.tooltip = node.origins.map((origin) => origin.label).join('\n');
      if (!current) {
        item.command = { title: 'Select', command: 'countersign.selectEnvironment', arguments: [node.name] };
      }
      return item;
    }
    const { variable } = node;
    const item = new TreeItem(variable.name);
    const value = variable.display ?? 'known when sent';
    item.id = `variable:${node.environment}:${variable.name}`;
    item.description = `${value} · ${variable.origin.label}${variable.origin.line === undefined ? '' : `:${variable.origin.line}`}`;
    item.iconPath = new ThemeIcon('symbol-variable');
    if (variable.origin.file !== undefined) {
      const line = Math.max(0, (variable.origin.line ?? 1) - 1);
      item.command = {
        title: 'Open',
        command: 'vscode.open',
        arguments: [
          Uri.file(variable.origin.file),
          { selection: { start: { line, character: 0 }, end: { line, character: 0 } } },
        ],
      };
    }
    return item;
  }

  #place(): Parameters<typeof listEnvironments>[0] {
    const document = window.activeTextEditor?.document;
    const place =
      document?.languageId === 'http' ? this.#app.placeOf(document.uri) : { path: undefined, root: this.#app.root };
    const { deps } = this.#app.composed;
    return { ...place, files: deps.files, settings: deps.settings(place.root).variables };
  }

  dispose(): void {
    for (const subscription of this.#subscriptions) subscription.dispose();
    this.#changed.dispose();
  }
}
