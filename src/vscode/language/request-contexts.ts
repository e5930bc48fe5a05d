/** Request files of the workspace, as open documents, for features that look beyond one file. */
import { Uri, workspace, type TextDocument } from 'vscode';
import type { RenameContext } from '../../variables/rename-across.ts';
import type { App } from '../app.ts';

const mostFiles = 1000;

export function requestContextOf(app: App, document: TextDocument): RenameContext {
  const { deps } = app.composed;
  const { root } = app.placeOf(document.uri);
  const settings = deps.settings(root).variables;
  return { file: app.documents.parse(document), path: document.uri.fsPath, root, files: deps.files, settings };
}

export async function otherRequestContexts(app: App, document: TextDocument): Promise<readonly RenameContext[]> {
  const found = await workspace.findFiles('**/*.{http,rest}', '**/node_modules/**', mostFiles);
  const others = found.filter((uri) => uri.scheme === 'file' && uri.toString() !== document.uri.toString());
  return Promise.all(others.map(async (uri) => requestContextOf(app, await workspace.openTextDocument(uri))));
}

export function openPath(path: string): Thenable<TextDocument> {
  return workspace.openTextDocument(Uri.file(path));
}
