/** Completion in request files: the language room’s items in their order, and paths of files from the disk. */
import {
  CompletionItem,
  CompletionItemKind,
  Uri,
  FileType,
  Range,
  workspace,
  type CancellationToken,
  type CompletionItemProvider,
  type Position,
  type TextDocument,
} from 'vscode';
import { isInRequests } from '../../language/embedded/embedding.ts';
import { embeddingOf } from '../../language/embedded/registry.ts';
import { complete, type CompletionKind } from '../../language/features/completion.ts';
import { hiddenEntries, isRelativePath, typedPath } from '../../language/features/path-place.ts';
import type { App } from '../app.ts';
import { createFeatureContext } from './feature-context.ts';
import { toRange } from './positions.ts';

const kinds: Readonly<Record<CompletionKind, CompletionItemKind>> = {
  method: CompletionItemKind.Method,
  header: CompletionItemKind.Field,
  value: CompletionItemKind.Value,
  variable: CompletionItemKind.Variable,
  function: CompletionItemKind.Function,
  request: CompletionItemKind.Reference,
  directive: CompletionItemKind.Keyword,
  credential: CompletionItemKind.User,
};

export class RequestCompletion implements CompletionItemProvider {
  readonly #app: App;

  constructor(app: App) {
    this.#app = app;
  }

  async provideCompletionItems(
    document: TextDocument,
    position: Position,
    token: CancellationToken,
  ): Promise<CompletionItem[]> {
    const embedding = embeddingOf(document.languageId);
    if (embedding && !isInRequests(embedding, document.getText(), document.offsetAt(position))) return [];
    const path = typedPath(document.lineAt(position).text.slice(0, position.character));
    if (path !== undefined) return completePath(document, position, path);
    const offset = document.offsetAt(position);
    const found = await complete(
      this.#app.documents.parse(document),
      offset,
      createFeatureContext(this.#app, document),
    );
    if (token.isCancellationRequested) return [];
    return found.map((one, index) => {
      const item = new CompletionItem(one.label, kinds[one.kind]);
      item.insertText = one.label;
      item.filterText = one.label;
      item.sortText = String(index).padStart(5, '0');
      item.range = toRange(document, one.replace);
      if (one.detail !== undefined) item.detail = one.detail;
      if (one.documentation !== undefined) item.documentation = one.documentation;
      if (one.continues) item.command = { title: 'Suggest', command: 'editor.action.triggerSuggest' };
      return item;
    });
  }
}

async function completePath(document: TextDocument, position: Position, typed: string): Promise<CompletionItem[]> {
  if (document.uri.scheme === 'untitled' || !isRelativePath(typed)) return [];
  const slash = typed.lastIndexOf('/') + 1;
  const folder = Uri.joinPath(document.uri, '..', typed.slice(0, slash));
  const range = new Range(position.translate(0, slash - typed.length), position);
  const entries = await workspace.fs.readDirectory(folder).then(
    (found) => found,
    () => [],
  );
  return entries
    .filter(([name]) => !hiddenEntries.test(name))
    .slice(0, 1000)
    .map(([name, type]) => {
      const isFolder = (type & FileType.Directory) !== 0;
      const label = isFolder ? `${name}/` : name;
      const item = new CompletionItem(label, isFolder ? CompletionItemKind.Folder : CompletionItemKind.File);
      item.range = range;
      if (isFolder) item.command = { title: 'Suggest', command: 'editor.action.triggerSuggest' };
      return item;
    });
}
