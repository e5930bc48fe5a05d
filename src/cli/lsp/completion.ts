/** Completion over the protocol: the language room’s items in their order, and paths of files from the disk. */
import { readdir } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { CompletionItemKind, type CompletionItem, type CompletionParams } from 'vscode-languageserver/node';
import { isInRequests } from '../../language/embedded/embedding.ts';
import { complete, type CompletionKind } from '../../language/features/completion.ts';
import { hiddenEntries, isRelativePath, typedPath } from '../../language/features/path-place.ts';
import type { OpenDocument } from './open-documents.ts';
import type { Session } from './session.ts';

const mostEntries = 1000;

const kinds: Readonly<Record<CompletionKind, CompletionItemKind>> = {
  method: CompletionItemKind.Method,
  header: CompletionItemKind.Field,
  value: CompletionItemKind.Value,
  variable: CompletionItemKind.Variable,
  function: CompletionItemKind.Function,
  request: CompletionItemKind.Reference,
  directive: CompletionItemKind.Keyword,
  credential: CompletionItemKind.Constant,
};

export async function provideCompletion(
  session: Session,
  document: OpenDocument,
  { position }: CompletionParams,
): Promise<CompletionItem[]> {
  const { text, embedding } = document;
  const { positions } = session;
  const offset = positions.toOffset(text, position);
  if (embedding && !isInRequests(embedding, text.getText(), offset)) return [];
  const line = text.positionAt(offset).line;
  const typed = typedPath(text.getText().slice(text.offsetAt({ line, character: 0 }), offset));
  if (typed !== undefined) return completePath(session, document, offset, typed);
  const found = await complete(session.parse(document), offset, session.contextOf(document));
  return found.map((one, index) => ({
    label: one.label,
    kind: kinds[one.kind],
    filterText: one.label,
    sortText: String(index).padStart(5, '0'),
    textEdit: { range: positions.toRange(text, one.replace), newText: one.label },
    ...(one.detail === undefined ? {} : { detail: one.detail }),
    ...(one.documentation === undefined ? {} : { documentation: one.documentation }),
  }));
}

async function completePath(
  { positions }: Session,
  { text, path }: OpenDocument,
  offset: number,
  typed: string,
): Promise<CompletionItem[]> {
  if (path === undefined || !isRelativePath(typed)) return [];
  const slash = typed.lastIndexOf('/') + 1;
  const folder = join(dirname(path), typed.slice(0, slash));
  const range = positions.toRange(text, { start: offset - (typed.length - slash), end: offset });
  const entries = await readdir(folder, { withFileTypes: true }).catch(() => []);
  return entries
    .filter(({ name }) => !hiddenEntries.test(name))
    .slice(0, mostEntries)
    .map((entry) => {
      const label = entry.isDirectory() ? `${entry.name}/` : entry.name;
      const kind = entry.isDirectory() ? CompletionItemKind.Folder : CompletionItemKind.File;
      return { label, kind, textEdit: { range, newText: label } };
    });
}
