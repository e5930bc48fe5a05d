/** Rename of variables and requests, in the file and wherever else the name is meant. One edit, one undo. */
import { WorkspaceEdit, workspace, type Position, type Range, type RenameProvider, type TextDocument } from 'vscode';
import { rename, renamePlace, wrongName } from '../../language/features/rename.ts';
import { renameAcross } from '../../variables/rename-across.ts';
import type { App } from '../app.ts';
import { toRange } from './positions.ts';
import { openPath, otherRequestContexts, requestContextOf } from './request-contexts.ts';

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
    const elsewhere = await renameAcross(requestContextOf(this.#app, document), place, to, {
      others: () => otherRequestContexts(this.#app, document),
      fileAt: async (path) => this.#app.documents.parse(await openPath(path)),
      textAt: async (path) => (await openPath(path)).getText(),
    });
    for (const [path, changes] of elsewhere) put(await openPath(path), changes);
    return edit;
  }
}
