/**
 * Everything behind the extension, put together once and on first need: activation itself builds nothing of it.
 * Features get what they use from here by constructor. Source: house.md §2.
 */
import { join } from 'node:path';
import {
  authentication,
  commands,
  workspace,
  type Disposable,
  type ExtensionContext,
  type TextDocument,
  type Uri,
} from 'vscode';
import { parseRequestFile } from '../language/parse-request-file.ts';
import { createFileState } from '../machine/file-state.ts';
import { createLazyFileLock } from '../machine/lazy-file-lock.ts';
import { nodeFiles, nodeFileWriter } from '../machine/node-files.ts';
import type { Clock } from '../ports.ts';
import { composeEngine, type ComposedEngine } from '../run/compose-engine.ts';
import { TrustDecisions } from '../run/trust-decisions.ts';
import { createDefinitionResolver } from '../run/definition-resolver.ts';
import type { VariableContext } from '../variables/types.ts';
import { externalBrowser } from './adapters/external-browser.ts';
import { createVscodeAccounts } from './adapters/vscode-accounts.ts';
import { createModalPrompts, type Dialogs } from './adapters/modal-prompts.ts';
import { createSecretStorage, type CountedSecretStore } from './adapters/secret-storage.ts';
import { approvalPreview } from './approval-preview.ts';
import type { CommandId } from './commands/ids.ts';
import { ModalDevicePrompt } from './device-prompt.ts';
import { EnvironmentChoice } from './environment-choice.ts';
import { NetworkPolicy } from './network-policy.ts';
import { OutputLog } from './output-log.ts';
import { RequestDocuments } from './request-documents.ts';
import { RequestFacts } from './request-facts.ts';
import { readRunSettings } from './run-settings.ts';
import { Runs } from './runs.ts';
import { NotificationProgress } from './sign-in-progress.ts';
import { uriHandlerPort } from './uri-handler.ts';
import { WorkspaceDefinitions } from './workspace-definitions.ts';

/** Where a document stands: its path and its workspace folder, both absolute. */
export interface DocumentPlace {
  readonly path: string | undefined;
  readonly root: string | undefined;
}

export const systemClock: Clock = { now: () => Date.now() };

export class App implements Disposable {
  readonly context: ExtensionContext;
  readonly composed: ComposedEngine;
  readonly secrets: CountedSecretStore;
  readonly trust: TrustDecisions;
  readonly network: NetworkPolicy;
  readonly documents = new RequestDocuments();
  readonly runs = new Runs();
  readonly environments: EnvironmentChoice;
  readonly facts: RequestFacts;
  readonly log: OutputLog;
  readonly definitions: WorkspaceDefinitions;
  readonly progress = new NotificationProgress();
  readonly dialogs: Dialogs;
  readonly #state: ReturnType<typeof createFileState>;

  constructor(context: ExtensionContext, dialogs: Dialogs) {
    this.context = context;
    this.dialogs = dialogs;
    const storage = context.globalStorageUri.fsPath;
    this.#state = createFileState(join(storage, 'state'), { watch: true });
    const lock = createLazyFileLock(join(storage, 'locks'));
    this.trust = new TrustDecisions(this.#state, systemClock, lock);
    this.network = new NetworkPolicy(this.trust);
    this.environments = new EnvironmentChoice(context.workspaceState);
    this.secrets = createSecretStorage(context, () => this.#durable);
    this.composed = composeEngine({
      secrets: this.secrets,
      state: this.#state,
      files: nodeFiles,
      writer: nodeFileWriter,
      clock: systemClock,
      prompts: createModalPrompts(dialogs, approvalPreview(this)),
      browser: externalBrowser,
      progress: this.progress,
      device: new ModalDevicePrompt(dialogs),
      accounts: createVscodeAccounts,
      lock,
      env: process.env,
      spoolFolder: join(storage, 'spool'),
      settings: readRunSettings,
      network: () => this.network.policies(),
      historyLimit: () => workspace.getConfiguration('countersign').get<number>('history.keep', 200),
      oauth: {
        redirect: redirectSetting(),
        uriHandler: uriHandlerPort,
        returnTo: 'VS Code',
        limits: { signInMs: workspace.getConfiguration('countersign').get<number>('signIn.timeout', 300) * 1000 },
      },
    });
    this.log = new OutputLog((text) => this.composed.redactor.redact(text));
    this.definitions = new WorkspaceDefinitions(this);
    this.facts = new RequestFacts(this);
    const { vault, broker } = this.composed;
    const facts = this.facts;
    this.#subscriptions.push(
      vault.onDidChange(() => facts.clear()),
      broker.onDidChange(() => facts.clear()),
      this.environments.onDidChange(() => {
        facts.clear();
        void this.definitions.reload();
      }),
      workspace.onDidSaveTextDocument(() => facts.clear()),
      authentication.onDidChangeSessions(({ provider }) => {
        if (provider.id !== 'countersign') facts.clear();
      }),
    );
  }

  readonly #subscriptions: Disposable[] = [];
  #durable = true;

  /** Looks once whether secrets outlive the window; true the first time they turn out not to (auth.md S02). */
  async shouldTellOfMemoryStore(): Promise<boolean> {
    const found = await this.composed.vault.durability();
    this.#durable = found.kind !== 'memory';
    return found.tell;
  }

  /** Settles when the workspace's definitions have been read for the first time. */
  get workspaceReady(): Promise<void> {
    return this.definitions.ready;
  }

  placeOf(uri: Uri): DocumentPlace {
    const folder = workspace.getWorkspaceFolder(uri);
    const root = folder?.uri.scheme === 'file' ? folder.uri.fsPath : undefined;
    return { path: uri.scheme === 'file' ? uri.fsPath : undefined, root };
  }

  /** Runs one of our own commands. */
  async runCommand(id: CommandId, ...args: unknown[]): Promise<unknown> {
    return commands.executeCommand(`countersign.${id}`, ...args);
  }

  /** Resolves text as a document's requests would see it, asking nobody; for definitions with variables. */
  resolveTextOf(document: TextDocument | undefined): (text: string) => Promise<string> {
    const place = document ? this.placeOf(document.uri) : { path: undefined, root: this.root };
    const { deps } = this.composed;
    const context: VariableContext = {
      file: document ? this.documents.parse(document) : parseRequestFile(''),
      ...place,
      request: undefined,
      environments: this.environments.current,
      overrides: new Map(),
      settings: deps.settings(place.root).variables,
      captured: new Map(),
      env: deps.env,
      files: deps.files,
      clock: deps.clock,
      random: deps.random,
    };
    return createDefinitionResolver(context, new Map());
  }

  /** The first folder, for what belongs to no document. */
  get root(): string | undefined {
    const folder = workspace.workspaceFolders?.find((each) => each.uri.scheme === 'file');
    return folder?.uri.fsPath;
  }

  dispose(): void {
    for (const subscription of this.#subscriptions) subscription.dispose();
    this.definitions.dispose();
    this.documents.dispose();
    this.runs.dispose();
    this.environments.dispose();
    this.network.dispose();
    this.trust.dispose();
    this.log.dispose();
    this.#state.dispose();
    void this.composed.dispose();
  }
}

function redirectSetting(): 'loopback' | 'uri_handler' | 'paste' {
  const chosen = workspace.getConfiguration('countersign').get<string>('signIn.redirect', 'auto');
  return chosen === 'uri_handler' || chosen === 'paste' ? chosen : 'loopback';
}
