/** Parsed request files, one a document version, shared by lenses, completion, hover and Send. */
import { workspace, type Disposable, type TextDocument } from 'vscode';
import type { RequestFile } from '../language/types.ts';
import { parseRequestFile } from '../language/parse-request-file.ts';

export class RequestDocuments implements Disposable {
  readonly #parsed = new Map<string, { readonly version: number; readonly file: RequestFile }>();
  readonly #closed: Disposable;

  constructor() {
    this.#closed = workspace.onDidCloseTextDocument((document) => this.#parsed.delete(document.uri.toString()));
  }

  /** The document's parse; at most one a version. */
  parse(document: TextDocument): RequestFile {
    const key = document.uri.toString();
    const known = this.#parsed.get(key);
    if (known?.version === document.version) return known.file;
    const file = parseRequestFile(document.getText());
    this.#parsed.set(key, { version: document.version, file });
    return file;
  }

  dispose(): void {
    this.#closed.dispose();
    this.#parsed.clear();
  }
}
