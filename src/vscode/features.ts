/**
 * Builds the features over the app and wires them: views, lenses, panel, commands, status bar. Built right after
 * activation; nothing here reads a secret or sends until a person asks. No logic of its own.
 */
import { commands, extensions, languages, window, workspace, type Disposable, type ExtensionContext } from 'vscode';
import { embeddings } from '../language/embedded/registry.ts';
import { App } from './app.ts';
import { CredentialSessions } from './authentication-provider.ts';
import { vscodeDialogs } from './adapters/modal-prompts.ts';
import type { CommandContext } from './commands/command.ts';
import type { CommandId } from './commands/ids.ts';
import { commandTable } from './commands/registry.ts';
import { DialectStatus } from './dialect-status.ts';
import { GutterMarks } from './gutter-marks.ts';
import { registerLanguageFeatures } from './language/register-language-features.ts';
import { RequestLenses } from './language/request-lenses.ts';
import { createPanelActions } from './panel-actions.ts';
import { readPanelPreferences } from './panel-preferences.ts';
import type { PanelActions } from './response-panel/panel-actions.ts';
import { ResponsePanels } from './response-panel/response-panels.ts';
import { Sender } from './sender.ts';
import { StatusItems } from './status-items.ts';
import { resumeTour } from './tour.ts';
import { CredentialsView } from './views/credentials-view.ts';
import { EnvironmentsView } from './views/environments-view.ts';
import { HistoryView } from './views/history-view.ts';

export interface Features extends Disposable {
  readonly app: App;
  readonly authentication: CredentialSessions;
  readonly credentialsView: CredentialsView;
  readonly historyView: HistoryView;
  readonly panelActions: PanelActions;
  /** Ids of the commands that have a handler. */
  readonly handled: readonly string[];
  run(id: CommandId, args: readonly unknown[]): Promise<unknown>;
  deliverRedirect(url: string): Promise<boolean>;
}

export function createFeatures(context: ExtensionContext): Features {
  const app = new App(context, vscodeDialogs);
  const panelActions = createPanelActions(app, () => sender);
  const panels: ResponsePanels = new ResponsePanels({
    extensionUri: context.extensionUri,
    findSecrets: (text) => app.composed.redactor.findSpans(text),
    actions: panelActions,
    preferences: readPanelPreferences,
  });
  const sender: Sender = new Sender(app, panels);
  const credentialsView = new CredentialsView(app);
  const historyView = new HistoryView(app);
  const environmentsView = new EnvironmentsView(app);
  const lenses = new RequestLenses(app.documents, app.runs, app.facts);
  const authentication = new CredentialSessions(app);
  const commandContext: CommandContext = { app, sender, panels, credentialsView, historyView };
  const refreshLenses = (): void => lenses.refresh();

  const subscriptions: Disposable[] = [
    app,
    panels,
    panels.registerSerializer(),
    credentialsView,
    historyView,
    environmentsView,
    lenses,
    authentication,
    new GutterMarks(app),
    new StatusItems(app, panels),
    new DialectStatus(app),
    registerLanguageFeatures(app),
    languages.registerCodeLensProvider(sendable, lenses),
    window.createTreeView('countersign.environments', { treeDataProvider: environmentsView, showCollapseAll: true }),
    app.runs.onDidChange(refreshLenses),
    app.facts.onDidClear(refreshLenses),
    app.documents.onDidChange(() => app.facts.clear()),
    workspace.onDidGrantWorkspaceTrust(refreshLenses),
    ...watchKeys(),
  ];
  void resumeTour(app);

  return {
    app,
    authentication,
    credentialsView,
    historyView,
    panelActions,
    handled: Object.keys(commandTable),
    run: async (id, args) => {
      if (!workspace.isTrusted && !restrictedModeCommands.has(id)) return tellRestricted();
      return commandTable[id](commandContext, ...args);
    },
    deliverRedirect: (url) => app.composed.broker.deliverRedirect(url),
    dispose: () => {
      for (const subscription of subscriptions) subscription.dispose();
    },
  };
}

/** Request files, and the documents that may hold some. */
const sendable = ['http', ...embeddings.flatMap(({ languages: ids }) => ids)].map((language) => ({ language }));

/** The commands that send nothing, read no file of the folder and touch no credential (house.md §6.5). */
const restrictedModeCommands: ReadonlySet<CommandId> = new Set([
  'showOutput',
  'filterHistory',
  'clearHistoryFilter',
  'clearHistory',
  'clearCookies',
  'openTour',
]);

/** The manifest disables the commands already; another extension can call them all the same. */
async function tellRestricted(): Promise<undefined> {
  const manage = 'Manage Workspace Trust';
  const message = 'This folder is in Restricted Mode. Countersign reads its files and does nothing else.';
  if ((await window.showInformationMessage(message, manage)) === manage) {
    await commands.executeCommand('workbench.trust.manage');
  }
  return undefined;
}

const rivals = ['humao.rest-client', 'anweber.vscode-httpyac'];

/** Our keys are on unless another tool for request files is there, or as the person chose (design.md A3.1). */
function watchKeys(): Disposable[] {
  const update = (): void => {
    const chosen = workspace.getConfiguration('countersign').get<string>('keys', 'auto');
    const on = chosen === 'on' || (chosen === 'auto' && !rivals.some((id) => extensions.getExtension(id)));
    void commands.executeCommand('setContext', 'countersign.keys', on);
  };
  update();
  return [
    extensions.onDidChange(update),
    workspace.onDidChangeConfiguration((event) => {
      if (event.affectsConfiguration('countersign.keys')) update();
    }),
  ];
}
