/**
 * Rename of variables and requests: in the file, in the files that import it or that it imports, and for a variable of
 * an environment in the environment files and in every request file that sees it there. One edit, one undo.
 */
import {
  WorkspaceEdit,
  workspace,
  Uri,
  type Position,
  type Range,
  type RenameProvider,
  type TextDocument,
} from 'vscode';
import { rename, renameElsewhere, renamePlace, wrongName, type RenamePlace } from '../../language/features/rename.ts';
import { renameEnvironmentKey } from '../../variables/environments/rename-key.ts';
import { loadEnvironmentFiles } from '../../variables/environments/environment-files.ts';
import { loadImports } from '../../variables/imports/imported-files.ts';
import type { App } from '../app.ts';
import { toRange } from './positions.ts';

const mostFiles = 1000;

interface Asked {
  readonly place: RenamePlace;
  readonly to: string;
}

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
    const asked = { place, to };
    if (place.own) await this.#inImporters(document.uri.fsPath, document, asked, put);
    else if (!(await this.#inImported(document, asked, put)) && place.kind === 'variable') {
      await this.#inEnvironments(document, asked, put);
    }
    return edit;
  }

  /** Other files that import `path`. */
  async #inImporters(path: string, except: TextDocument, { place, to }: Asked, put: Put): Promise<void> {
    for (const other of await this.#others(except)) {
      const context = this.#contextOf(other);
      const { files } = await loadImports(context);
      if (files.some((imported) => imported.path === path)) {
        put(other, renameElsewhere(context.file, place.name, to, false));
      }
    }
  }

  /** The imported file that defines the name, and its other importers; false when none does. */
  async #inImported(document: TextDocument, { place, to }: Asked, put: Put): Promise<boolean> {
    const { files } = await loadImports(this.#contextOf(document));
    const defining = files.find(({ file }) =>
      [...file.variables, ...file.requests].some(({ name }) => name === place.name),
    );
    if (!defining) return false;
    const target = await workspace.openTextDocument(Uri.file(defining.path));
    put(target, renameElsewhere(this.#app.documents.parse(target), place.name, to, true));
    await this.#inImporters(defining.path, document, { place, to }, (other, changes) => {
      if (other !== target) put(other, changes);
    });
    return true;
  }

  async #inEnvironments(document: TextDocument, { place, to }: Asked, put: Put): Promise<void> {
    const files = await loadEnvironmentFiles(this.#contextOf(document));
    const defining = files.filter(({ environments }) =>
      [...environments.values()].some((variables) => variables.has(place.name)),
    );
    if (defining.length === 0) return;
    const paths = new Set(defining.map(({ path }) => path));
    for (const path of paths) {
      const target = await workspace.openTextDocument(Uri.file(path));
      put(target, renameEnvironmentKey(target.getText(), place.name, to));
    }
    for (const other of await this.#others(document)) {
      const context = this.#contextOf(other);
      const seen = await loadEnvironmentFiles(context);
      if (!seen.some(({ path }) => paths.has(path))) continue;
      put(other, renameElsewhere(context.file, place.name, to, false));
    }
  }

  #contextOf(document: TextDocument) {
    const { deps } = this.#app.composed;
    const place = this.#app.placeOf(document.uri);
    const settings = deps.settings(place.root).variables;
    return { file: this.#app.documents.parse(document), ...place, files: deps.files, settings };
  }

  async #others(document: TextDocument): Promise<readonly TextDocument[]> {
    const found = await workspace.findFiles('**/*.{http,rest}', '**/node_modules/**', mostFiles);
    const others = found.filter((uri) => uri.toString() !== document.uri.toString());
    return Promise.all(others.map((uri) => workspace.openTextDocument(uri)));
  }
}

type Put = (
  target: TextDocument,
  changes: readonly { readonly span: { start: number; end: number }; readonly text: string }[],
) => void;
