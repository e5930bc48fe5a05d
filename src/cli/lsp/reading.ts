/** Hover, definition, references, outline, folding, links, signature help: the language room’s answers over the protocol. */
import { dirname, resolve } from 'node:path';
import { pathToFileURL } from 'node:url';
import {
  SymbolKind,
  type DocumentLink,
  type DocumentSymbol,
  type CancellationToken,
  type FoldingRange,
  type Hover,
  type InlayHint,
  type Location,
  type Position,
  type Range,
  type SignatureHelp,
  type SymbolInformation,
} from 'vscode-languageserver/node';
import { TextDocument } from 'vscode-languageserver-textdocument';
import { definitions, referencesTo, type DefinitionPlace } from '../../language/features/definition.ts';
import { foldingRanges } from '../../language/features/folding.ts';
import { hover, type HoverContent } from '../../language/features/hover.ts';
import { inlayHints } from '../../language/features/inlay-hints.ts';
import { fileLinks } from '../../language/features/links.ts';
import { signatureHelp } from '../../language/features/signature-help.ts';
import { symbols, type FileSymbol } from '../../language/features/symbols.ts';
import type { OpenDocument } from './open-documents.ts';
import type { Session } from './session.ts';
import { findRequestFiles } from './workspace-files.ts';

const mostSymbols = 1000;

export async function provideHover(session: Session, document: OpenDocument, at: Position): Promise<Hover | null> {
  const { positions } = session;
  const offset = positions.toOffset(document.text, at);
  const found = await hover(session.parse(document), offset, session.contextOf(document));
  if (!found) return null;
  return {
    contents: { kind: 'plaintext', value: toPlainText(found) },
    range: positions.toRange(document.text, found.span),
  };
}

/** Plain, since values and names come from anywhere and each editor renders Markdown its own way. */
function toPlainText({ title, about, rows = [], text = [], links = [] }: HoverContent): string {
  const lines = [about === undefined ? title : `${title} · ${about}`];
  for (const { label, value, tail } of rows) lines.push(`${label}: ${value}${tail === undefined ? '' : ` ${tail}`}`);
  lines.push(...text);
  for (const link of links) if ('url' in link) lines.push(`${link.title}: ${link.url}`);
  return lines.map((line) => line.replace(/\s+/g, ' ').trim()).join('\n');
}

export async function provideDefinition(session: Session, document: OpenDocument, at: Position): Promise<Location[]> {
  const offset = session.positions.toOffset(document.text, at);
  const found = await definitions(session.parse(document), offset, session.contextOf(document));
  return found.map((place) => toLocation(session, document, place));
}

function toLocation(session: Session, own: OpenDocument, place: DefinitionPlace): Location {
  const { file, line = 1, span } = place;
  const { positions } = session;
  if ((file === undefined || file === own.path) && span) {
    return { uri: own.text.uri, range: positions.toRange(own.text, span) };
  }
  const at = { line: line - 1, character: 0 };
  return { uri: file === undefined ? own.text.uri : session.uriOf(file), range: { start: at, end: at } };
}

export function provideReferences(
  session: Session,
  document: OpenDocument,
  at: Position,
  withDefinitions: boolean,
): Location[] {
  const { text } = document;
  const offset = session.positions.toOffset(text, at);
  return referencesTo(session.parse(document), offset, withDefinitions).map((span) => ({
    uri: text.uri,
    range: session.positions.toRange(text, span),
  }));
}

const symbolKinds: Readonly<Record<FileSymbol['kind'], SymbolKind>> = {
  request: SymbolKind.Method,
  variable: SymbolKind.Variable,
};

export function provideSymbols(session: Session, document: OpenDocument): DocumentSymbol[] {
  const { positions } = session;
  return symbols(session.parse(document)).map(({ kind, name, detail, span, selection }) => ({
    name,
    detail,
    kind: symbolKinds[kind],
    range: positions.toRange(document.text, span),
    selectionRange: positions.toRange(document.text, selection),
  }));
}

/** For clients that know no tree of symbols. */
export function toFlatSymbols(uri: string, tree: readonly DocumentSymbol[]): SymbolInformation[] {
  return tree.map(({ name, kind, range }) => ({ name, kind, location: { uri, range } }));
}

export async function provideWorkspaceSymbols(session: Session, query: string): Promise<SymbolInformation[]> {
  const wanted = query.toLowerCase();
  const found: SymbolInformation[] = [];
  for (const path of await findRequestFiles(session.roots)) {
    if (found.length >= mostSymbols) break;
    const file = await session.fileAt(path).catch(() => undefined);
    // A file that went away or is not text has no symbols.
    if (!file) continue;
    const uri = session.uriOf(path);
    const text = TextDocument.create(uri, 'http', 0, file.text);
    for (const { name, detail, kind, selection } of symbols(file)) {
      if (!`${name} ${detail}`.toLowerCase().includes(wanted)) continue;
      const range = session.positions.toRange(text, selection);
      found.push({ name, kind: symbolKinds[kind], containerName: detail, location: { uri, range } });
    }
  }
  return found.slice(0, mostSymbols);
}

export function provideFolding(session: Session, document: OpenDocument): FoldingRange[] {
  return foldingRanges(session.parse(document)).map(({ start, end }) => ({ startLine: start - 1, endLine: end - 1 }));
}

export function provideLinks(session: Session, document: OpenDocument): DocumentLink[] {
  const { path } = document;
  if (path === undefined) return [];
  return fileLinks(session.parse(document)).map((link) => ({
    range: session.positions.toRange(document.text, link.span),
    target: pathToFileURL(resolve(dirname(path), link.path.replaceAll('\\', '/'))).href,
  }));
}

export async function provideHints(
  session: Session,
  document: OpenDocument,
  range: Range,
  token: CancellationToken,
): Promise<InlayHint[]> {
  const within = session.positions.toSpan(document.text, range);
  const found = await inlayHints(session.parse(document), within, session.contextOf(document), {
    credentials: true,
    isCancelled: () => token.isCancellationRequested,
  });
  return found.map(({ offset, label }) => ({
    position: session.positions.toPosition(document.text, offset),
    label,
    paddingLeft: true,
  }));
}

export function provideSignature(session: Session, document: OpenDocument, at: Position): SignatureHelp | null {
  const offset = session.positions.toOffset(document.text, at);
  const found = signatureHelp(session.parse(document), offset, session.contextOf(document));
  if (!found) return null;
  const { signature, documentation, parameters } = found.signature;
  return {
    signatures: [
      {
        label: signature,
        documentation,
        parameters: parameters.map(({ name, description }) => ({ label: name, documentation: description })),
      },
    ],
    activeSignature: 0,
    activeParameter: found.active,
  };
}
