/** Rename of variables and requests, in the file and wherever else the name is meant. One edit, one undo. */
import {
  Uri,
  WorkspaceEdit,
  workspace,
  type Position,
  type Range,
  type RenameProvider,
  type TextDocument,
} from 'vscode';
import { rename, renamePlace, wrongName } from '../../language/features/rename.ts';
import { renameAcross, type RenameContext } from '../../variables/rename-across.ts';
import type { App } from '../app.ts';
import { toRange } from './positions.ts';

const mostFiles = 1000;

export class RequestRename implements RenameProvider {
  readonly #app: App;

  constructor(app: App) {
    this.#app = app;
  }

  prepareRename(document: TextDocument, position: Position): Range {
    const place = renamePlace(this.#app.documents.parse(document), document.offsetAt(position));
    if (!place) throw new Error('Put the cursor on the name of a variable or a request.');
    return toRange(document, place.span);
  }

  async provideRenameEdits(document: TextDocument, position: Position, to: string): Promise<WorkspaceEdit | undefined> {
    const file = this.#app.documents.parse(document);
    const offset = document.offsetAt(position);
    const place = renamePlace(file, offset);
    if (!place) return undefined;
    const wrong = wrongName(place, to);
    if (wrong !== undefined) throw new Error(wrong);
    const edit = new WorkspaceEdit();
    const put = (target: TextDocument, changes: ReturnType<typeof rename>): void => {
      for (const { span, text } of changes) edit.replace(target.uri, toRange(target, span), text);
    };
    put(document, rename(file, offset, to));
    if (!workspace.isTrusted || document.uri.scheme !== 'file') return edit;
    const open = (path: string): Thenable<TextDocument> => workspace.openTextDocument(Uri.file(path));
    const elsewhere = await renameAcross(this.#contextOf(document), place, to, {
      others: () => this.#others(document),
      fileAt: async (path) => this.#app.documents.parse(await open(path)),
      textAt: async (path) => (await open(path)).getText(),
    });
    for (const [path, changes] of elsewhere) put(await open(path), changes);
    return edit;
  }

  #contextOf(document: TextDocument): RenameContext {
    const { deps } = this.#app.composed;
    const { root } = this.#app.placeOf(document.uri);
    const settings = deps.settings(root).variables;
    return { file: this.#app.documents.parse(document), path: document.uri.fsPath, root, files: deps.files, settings };
  }

  async #others(document: TextDocument): Promise<readonly RenameContext[]> {
    const found = await workspace.findFiles('**/*.{http,rest}', '**/node_modules/**', mostFiles);
    const others = found.filter((uri) => uri.scheme === 'file' && uri.toString() !== document.uri.toString());
    return Promise.all(others.map(async (uri) => this.#contextOf(await workspace.openTextDocument(uri))));
  }
}
