/**
 * Sends the first request with a new credential: the one it was made for, else one in a document of its own, which is
 * written nowhere until the person saves it. Source: ux.md D1, J2.
 */
import { Uri, window, workspace } from 'vscode';
import { authEdit } from '../../language/features/move-literal.ts';
import { toGet, toRequestText } from '../../setup/request-text.ts';
import type { CommandContext } from '../commands/command.ts';
import { applyChanges } from '../language/apply-changes.ts';
import type { SendTarget } from '../sender.ts';
import type { Draft } from './draft.ts';

/** @param target the request that waits for the credential; it then names it, in one step that Undo takes back */
export async function sendFirst(
  { app, sender }: CommandContext,
  draft: Draft,
  target: SendTarget | undefined,
): Promise<void> {
  const { name } = draft;
  if (target) {
    await nameIn(app.documents, target, name);
    await sender.send(target, { as: { credential: name } });
    return;
  }
  const request = draft.pasted?.draft.request ?? toGet(draft.api);
  const content = app.composed.redactor.redact(`### ${name}\n${toRequestText(request, name)}`);
  const document = await workspace.openTextDocument({ language: 'http', content });
  await window.showTextDocument(document, { preview: false });
  await sender.send({ uri: document.uri.toString(), request: 0 });
}

async function nameIn(documents: CommandContext['app']['documents'], target: SendTarget, name: string): Promise<void> {
  const document = await workspace.openTextDocument(Uri.parse(target.uri));
  const file = documents.parse(document);
  const request = file.requests[target.request];
  if (request) await applyChanges(document, [authEdit(file, request, name)]);
}
