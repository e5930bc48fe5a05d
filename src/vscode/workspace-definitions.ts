/**
 * Keeps the vault's view of each folder's definitions current: reads `countersign.json` and the environment files, and
 * watches them. Reading proposes; nothing is approved or sent. In an untrusted workspace nothing is read.
 */
import { EventEmitter, RelativePattern, workspace, type Disposable } from 'vscode';
import { loadWorkspaceDefinitions, type LoadedDefinitions } from '../run/workspace-definitions.ts';
import type { App } from './app.ts';

export class WorkspaceDefinitions implements Disposable {
  readonly #app: App;
  readonly #subscriptions: Disposable[] = [];
  readonly #watchers: Disposable[] = [];
  readonly #loaded = new EventEmitter<readonly LoadedDefinitions[]>();
  readonly onDidLoad = this.#loaded.event;
  #results: readonly LoadedDefinitions[] = [];
  #ready: Promise<void> | undefined;
  #pending: ReturnType<typeof setTimeout> | undefined;

  constructor(app: App) {
    this.#app = app;
    this.#subscriptions.push(
      workspace.onDidChangeWorkspaceFolders(({ removed }) => {
        for (const folder of removed) app.composed.vault.forgetWorkspace(folder.uri.fsPath);
        this.#watch();
        this.#later();
      }),
      workspace.onDidGrantWorkspaceTrust(() => this.#later()),
    );
    this.#watch();
  }

  /** Settles when everything was read once. */
  get ready(): Promise<void> {
    this.#ready ??= this.reload();
    return this.#ready;
  }

  /** What the last read found wrong, for diagnostics. */
  get results(): readonly LoadedDefinitions[] {
    return this.#results;
  }

  async reload(): Promise<void> {
    if (!workspace.isTrusted) return;
    const folders = (workspace.workspaceFolders ?? []).filter((folder) => folder.uri.scheme === 'file');
    const { vault, deps } = this.#app.composed;
    this.#results = await Promise.all(
      folders.map((folder) =>
        loadWorkspaceDefinitions(vault, deps.files, folder.uri.fsPath, this.#app.environments.current),
      ),
    );
    this.#loaded.fire(this.#results);
  }

  /** Watches the folders there are now. */
  #watch(): void {
    for (const watcher of this.#watchers.splice(0)) watcher.dispose();
    for (const folder of workspace.workspaceFolders ?? []) {
      for (const pattern of ['countersign.json', '*client*.env.json', 'http-client.env.json.user', '.env*']) {
        const watcher = workspace.createFileSystemWatcher(new RelativePattern(folder, pattern));
        const changed = (): void => this.#later();
        watcher.onDidChange(changed);
        watcher.onDidCreate(changed);
        watcher.onDidDelete(changed);
        this.#watchers.push(watcher);
      }
    }
  }

  /** Editors save in bursts; one read follows. */
  #later(): void {
    clearTimeout(this.#pending);
    this.#pending = setTimeout(() => {
      this.#ready = this.reload();
      this.#app.facts.clear();
    }, 100);
  }

  dispose(): void {
    clearTimeout(this.#pending);
    for (const disposable of [...this.#subscriptions, ...this.#watchers]) disposable.dispose();
    this.#loaded.dispose();
  }
}
