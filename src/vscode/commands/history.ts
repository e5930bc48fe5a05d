/** Opening, sending again, filtering and clearing what was sent before. */
import { Selection, Uri, window, workspace, type TextDocument } from 'vscode';
import { toShownText } from '../../credentials/shown-text.ts';
import type { RequestNode } from '../../language/types.ts';
import type { HistoryEntry } from '../../run/history.ts';
import { findAgain, toChange } from '../../run/history-match.ts';
import type { App } from '../app.ts';
import { openIfThere } from '../sender.ts';
import { argument, type CommandContext, type CommandGroup } from './command.ts';
import { toMessage } from './credential-errors.ts';

export const history: CommandGroup = {
  openHistoryEntry,
  resendHistoryEntry,
  filterHistory,
  clearHistoryFilter: ({ historyView }) => Promise.resolve(historyView.setFilter('')),
  clearHistory,
  clearCookies,
};

/** The kept response when this session still has it, else the place in the file it came from (design.md A1.5). */
async function openHistoryEntry({ app, panels }: CommandContext, target: unknown): Promise<void> {
  const { id } = argument(target);
  if (typeof id === 'string' && panels.currentRun()?.runId === id) return panels.showTab('body', id);
  const entry = await findEntry(app, id);
  const document =
    entry && (await openSource(entry, 'The response is no longer kept, and the request was in no file.'));
  if (!document) return;
  const request = findAgain(app.documents.parse(document).requests, entry);
  const line = Math.min((request?.line ?? entry.line) - 1, document.lineCount - 1);
  const editor = await window.showTextDocument(document);
  editor.selection = new Selection(line, 0, line, 0);
  editor.revealRange(editor.selection);
}

/** Sends the request as its file has it now. What changed since is said before, and a request that is gone is not replaced. */
async function resendHistoryEntry({ app, sender }: CommandContext, target: unknown): Promise<unknown> {
  const entry = await findEntry(app, argument(target)['id']);
  const found = entry && (await locate(app, entry));
  if (!entry || !found) return undefined;
  const { as } = sender.optionsOf(entry.id);
  const { origin, credentialName } = await app.facts.describe(found.document, found.request);
  const credential = as === undefined ? credentialName : as === 'none' ? undefined : as.credential;
  const change = toChange(entry, { request: found.request, origin, credential });
  if (change) {
    const shown = (text: string): string => toShownText(app.composed.redactor.redact(text), 200);
    const text = `This request changed since. Then: ${shown(change.then)}. Now: ${shown(change.now)}.`;
    const answer = await app.dialogs.question(toMessage(text), 'Send as It Is Now');
    if (answer === undefined) return undefined;
  }
  // The file may have changed while the question stood.
  const now = change ? await locate(app, entry) : found;
  return now && sender.send({ uri: now.document.uri.toString(), request: now.request.index }, as ? { as } : {});
}

async function findEntry(app: App, id: unknown): Promise<HistoryEntry | undefined> {
  return (await app.composed.history.entries()).find((each) => each.id === id);
}

async function locate(
  app: App,
  entry: HistoryEntry,
): Promise<{ readonly document: TextDocument; readonly request: RequestNode } | undefined> {
  const document = await openSource(entry, 'This request was in no file, so it cannot be sent again from here.');
  const request = document && findAgain(app.documents.parse(document).requests, entry);
  if (document && !request) {
    const name = workspace.asRelativePath(document.uri);
    void window.showInformationMessage(`This request is not in ${name} any more. Nothing was sent.`);
  }
  return document && request && { document, request };
}

/** The file an entry came from; says so when there is none. */
async function openSource(entry: HistoryEntry, inNoFile: string): Promise<TextDocument | undefined> {
  if (!entry.path) {
    void window.showInformationMessage(inNoFile);
    return undefined;
  }
  const document = await openIfThere(Uri.file(entry.path));
  if (!document) {
    void window.showInformationMessage(`The file of this request is gone: ${workspace.asRelativePath(entry.path)}.`);
  }
  return document;
}

/** Words that stand in an entry; an empty box shows everything again. */
async function filterHistory({ app, historyView }: CommandContext): Promise<void> {
  const words = await app.dialogs.input({
    title: 'Filter History',
    prompt: 'Words of the method, address, name, status, credential or environment. Empty shows everything.',
    password: false,
    value: historyView.filter,
  });
  if (words !== undefined) historyView.setFilter(words);
}

async function clearHistory({ app }: CommandContext): Promise<void> {
  const answer = await app.dialogs.modal(
    'Clear the history?',
    'The list of requests you sent is deleted. Files and credentials stay.',
    [{ title: 'Clear History' }, { title: 'Cancel', isCloseAffordance: true }],
  );
  if (answer?.title === 'Clear History') await app.composed.history.clear();
}

function clearCookies({ app }: CommandContext): Promise<void> {
  app.composed.deps.cookies.clear();
  window.setStatusBarMessage('Cookies cleared', 4000);
  return Promise.resolve();
}
