/** The documents that the client has open, changed as it says, and their parses: at most one a version. */
import { relative } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { DidChangeTextDocumentParams, DidOpenTextDocumentParams } from 'vscode-languageserver/node';
import { TextDocument } from 'vscode-languageserver-textdocument';
import { chooseDialect } from '../../language/dialects/choose-dialect.ts';
import type { Embedding } from '../../language/embedded/embedding.ts';
import { embeddingOf } from '../../language/embedded/registry.ts';
import { RequestFileCache } from '../../language/request-file-cache.ts';
import type { RequestFile } from '../../language/types.ts';
import type { Positions } from './positions.ts';
import type { ServerSettings } from './settings.ts';

export interface OpenDocument {
  readonly text: TextDocument;
  /** Absolute; undefined for what is no file. */
  readonly path: string | undefined;
  /** The document is another text with requests in it. */
  readonly embedding: Embedding | undefined;
}

export class OpenDocuments {
  readonly #open = new Map<string, OpenDocument>();
  readonly #parsed = new RequestFileCache();

  open({ textDocument: { uri, languageId, version, text } }: DidOpenTextDocumentParams): OpenDocument {
    const path = toPath(uri);
    const embedding = embeddingOf(languageId) ?? (path === undefined ? undefined : embeddingOf(path));
    const document = { text: TextDocument.create(uri, languageId, version, text), path, embedding };
    this.#parsed.forget(uri);
    this.#open.set(uri, document);
    return document;
  }

  change({ textDocument: { uri, version }, contentChanges }: DidChangeTextDocumentParams, at: Positions): void {
    const document = this.#open.get(uri);
    if (!document) return;
    // Each change is said in the positions that the one before it left.
    for (const change of contentChanges) {
      const inUnits =
        'range' in change
          ? { range: at.toUnitRange(document.text, change.range), text: change.text }
          : { text: change.text };
      TextDocument.update(document.text, [inUnits], version);
    }
  }

  close(uri: string): void {
    this.#open.delete(uri);
    this.#parsed.forget(uri);
  }

  get(uri: string): OpenDocument | undefined {
    return this.#open.get(uri);
  }

  atPath(path: string): OpenDocument | undefined {
    return this.all().find((document) => document.path === path);
  }

  all(): readonly OpenDocument[] {
    return [...this.#open.values()];
  }

  parse({ text, path, embedding }: OpenDocument, settings: ServerSettings, root: string | undefined): RequestFile {
    const place = path === undefined ? text.uri : root === undefined ? path : relative(root, path);
    const dialect = chooseDialect(place.replaceAll('\\', '/'), settings.dialects, settings.dialect);
    const whole = (): string => (embedding ? embedding.mask(text.getText()) : text.getText());
    return this.#parsed.get(text.uri, text.version, whole, {
      ...(dialect === undefined ? {} : { dialect }),
      ...(settings.bodyComments === undefined ? {} : { bodyComments: settings.bodyComments }),
    });
  }
}

/** Undefined for an address of no file, or of one that this system cannot have. */
export function toPath(uri: string): string | undefined {
  try {
    return uri.startsWith('file:') ? fileURLToPath(uri) : undefined;
  } catch {
    return undefined;
  }
}
