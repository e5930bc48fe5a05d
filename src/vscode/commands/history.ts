/** Opening and clearing what was sent before. */
import { Selection, Uri, window, workspace } from 'vscode';
import { argument, type CommandContext, type CommandGroup } from './command.ts';

export const history: CommandGroup = { openHistoryEntry, clearHistory };

/** The kept response when this session still has it, else the place in the file it came from (design.md A1.5). */
async function openHistoryEntry({ app, panels }: CommandContext, target: unknown): Promise<void> {
  const { id } = argument(target);
  if (typeof id === 'string' && panels.currentRun()?.runId === id) return panels.showTab('body', id);
  const entry = (await app.composed.history.entries()).find((each) => each.id === id);
  if (!entry?.path) {
    await window.showInformationMessage('The response is no longer kept, and the request was in no file.');
    return;
  }
  const document = await workspace.openTextDocument(Uri.file(entry.path)).then(
    (found) => found,
    () => undefined,
  );
  if (!document) {
    await window.showInformationMessage(`The file of this request is gone: ${workspace.asRelativePath(entry.path)}.`);
    return;
  }
  const request = app.documents
    .parse(document)
    .requests.find((each) => each.name === entry.name && entry.name !== null);
  const line = Math.min((request?.line ?? entry.line) - 1, document.lineCount - 1);
  const editor = await window.showTextDocument(document);
  editor.selection = new Selection(line, 0, line, 0);
  editor.revealRange(editor.selection);
}

async function clearHistory({ app }: CommandContext): Promise<void> {
  const answer = await app.dialogs.modal(
    'Clear the history?',
    'The list of requests you sent is deleted. Files and credentials stay.',
    [{ title: 'Clear History' }, { title: 'Cancel', isCloseAffordance: true }],
  );
  if (answer?.title === 'Clear History') await app.composed.history.clear();
}
