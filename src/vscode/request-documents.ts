/**
 * Parsed request files, one a document version, shared by lenses, completion, hover and Send. Also knows which
 * documents hold requests inside other text, and the dialect that a person chose for each.
 */
import { EventEmitter, workspace, type Disposable, type TextDocument, type Uri } from 'vscode';
import { chooseDialect } from '../language/dialects/choose-dialect.ts';
import { embeddingOf } from '../language/embedded/registry.ts';
import type { ParseOptions } from '../language/parse-request-file.ts';
import { RequestFileCache } from '../language/request-file-cache.ts';
import type { DialectId, RequestFile } from '../language/types.ts';

/** The settings that say how a file is read. */
const parseSettings = ['dialect', 'dialects', 'request.bodyComments'];

export class RequestDocuments implements Disposable {
  readonly #parsed = new RequestFileCache();
  /** What was chosen for each document, until a setting changes. */
  readonly #chosen = new Map<string, ParseOptions>();
  readonly #changed = new EventEmitter<void>();
  /** A dialect was chosen: what is known of open files is to be asked for anew. */
  readonly onDidChange = this.#changed.event;
  readonly #subscriptions: readonly Disposable[];

  constructor() {
    this.#subscriptions = [
      workspace.onDidCloseTextDocument(({ uri }) => {
        this.#parsed.forget(uri.toString());
        this.#chosen.delete(uri.toString());
      }),
      workspace.onDidChangeConfiguration((event) => {
        if (!parseSettings.some((name) => event.affectsConfiguration(`countersign.${name}`))) return;
        this.#chosen.clear();
        this.#changed.fire();
      }),
    ];
  }

  /** The document's parse; at most one a version. Markdown and the like are masked but for their http blocks. */
  parse(document: TextDocument): RequestFile {
    const text = (): string => {
      const embedding = embeddingOf(document.languageId);
      return embedding ? embedding.mask(document.getText()) : document.getText();
    };
    return this.#parsed.get(document.uri.toString(), document.version, text, this.#optionsOf(document.uri));
  }

  /** Whether requests of the document can be sent: a request file, or another text with a request in it. */
  holdsRequests(document: TextDocument): boolean {
    if (document.languageId === 'http') return true;
    return embeddingOf(document.languageId) !== undefined && this.parse(document).requests.length > 0;
  }

  /** The dialect that settings give the file; undefined when its text tells. */
  chosenDialect(uri: Uri): DialectId | undefined {
    return this.#optionsOf(uri).dialect;
  }

  #optionsOf(uri: Uri): ParseOptions {
    const key = uri.toString();
    let options = this.#chosen.get(key);
    if (!options) {
      const settings = workspace.getConfiguration('countersign', uri);
      const path = workspace.getWorkspaceFolder(uri) ? workspace.asRelativePath(uri, false) : uri.path;
      const table = settings.get<Record<string, unknown>>('dialects', {});
      const dialect = chooseDialect(path, table, settings.get('dialect'));
      const comments = settings.get('request.bodyComments');
      options = {
        ...(dialect === undefined ? {} : { dialect }),
        ...(comments === 'strip' || comments === 'keep' ? { bodyComments: comments } : {}),
      };
      this.#chosen.set(key, options);
    }
    return options;
  }

  dispose(): void {
    for (const subscription of this.#subscriptions) subscription.dispose();
    this.#changed.dispose();
    this.#parsed.clear();
  }
}
