/** Semantic colours, format, linked edits, expand selection and symbols of the workspace, as VS Code’s types. */
import type { SemanticTokens } from 'vscode';
import {
  languages,
  LinkedEditingRanges,
  Location,
  SelectionRange,
  SemanticTokensBuilder,
  SemanticTokensLegend,
  SymbolInformation,
  SymbolKind,
  TextEdit,
  workspace,
  type Disposable,
  type Range,
  type TextDocument,
  type Uri,
} from 'vscode';
import { boundarySpans } from '../../language/features/boundaries.ts';
import { format } from '../../language/features/format.ts';
import { selectionSpans } from '../../language/features/selection-ranges.ts';
import { semanticTokens, tokenModifiers, tokenTypes } from '../../language/features/semantic-tokens.ts';
import { symbols } from '../../language/features/symbols.ts';
import { loadRequestFile } from '../../variables/imports/imported-files.ts';
import type { App } from '../app.ts';
import { toRange, toSpan } from './positions.ts';

const selector = { language: 'http' };
const legend = new SemanticTokensLegend([...tokenTypes], [...tokenModifiers]);
/** Of the files of the workspace that are looked through for a symbol. */
const mostFiles = 500;
const mostSymbols = 1000;

export function registerEditingProviders(app: App): Disposable[] {
  const tokens = (document: TextDocument, range?: Range): SemanticTokens => {
    const builder = new SemanticTokensBuilder(legend);
    const within = range && toSpan(document, range);
    for (const { type, modifier, ...span } of semanticTokens(app.documents.parse(document), within)) {
      builder.push(toRange(document, span), type, modifier === undefined ? [] : [modifier]);
    }
    return builder.build();
  };
  return [
    languages.registerDocumentRangeSemanticTokensProvider(
      selector,
      { provideDocumentRangeSemanticTokens: (document, range) => tokens(document, range) },
      legend,
    ),
    languages.registerDocumentSemanticTokensProvider(
      selector,
      { provideDocumentSemanticTokens: (document) => tokens(document) },
      legend,
    ),
    languages.registerDocumentFormattingEditProvider(selector, {
      provideDocumentFormattingEdits: (document) =>
        format(app.documents.parse(document)).map(({ span, text }) => TextEdit.replace(toRange(document, span), text)),
    }),
    languages.registerLinkedEditingRangeProvider(selector, {
      provideLinkedEditingRanges(document, position) {
        const spans = boundarySpans(app.documents.parse(document), document.offsetAt(position));
        const ranges = spans.map((span) => toRange(document, span));
        return ranges.length > 1 ? new LinkedEditingRanges(ranges, /[\w'()+,./:=?-]+/) : undefined;
      },
    }),
    languages.registerSelectionRangeProvider(selector, {
      provideSelectionRanges: (document, positions) =>
        positions.flatMap((position) => {
          const spans = selectionSpans(app.documents.parse(document), document.offsetAt(position));
          const outer = spans.reduceRight<SelectionRange | undefined>(
            (parent, span) => new SelectionRange(toRange(document, span), parent),
            undefined,
          );
          return outer ? [outer] : [];
        }),
    }),
    languages.registerWorkspaceSymbolProvider({
      provideWorkspaceSymbols: (query) => (workspace.isTrusted ? findSymbols(app, query) : []),
    }),
  ];
}

async function findSymbols(app: App, query: string): Promise<SymbolInformation[]> {
  const wanted = query.toLowerCase();
  const found: SymbolInformation[] = [];
  for (const uri of await workspace.findFiles('**/*.{http,rest}', '**/node_modules/**', mostFiles)) {
    if (found.length >= mostSymbols) break;
    found.push(...(await symbolsOf(app, uri, wanted)));
  }
  return found.slice(0, mostSymbols);
}

async function symbolsOf(app: App, uri: Uri, wanted: string): Promise<SymbolInformation[]> {
  try {
    const file = await loadRequestFile(uri.fsPath, { path: uri.fsPath }, app.composed.deps);
    const matching = symbols(file).filter(({ name, detail }) => `${name} ${detail}`.toLowerCase().includes(wanted));
    if (matching.length === 0) return [];
    const document = await workspace.openTextDocument(uri);
    return matching.map(({ name, kind, detail, selection }) => {
      const location = new Location(uri, toRange(document, selection));
      return new SymbolInformation(
        name,
        kind === 'request' ? SymbolKind.Method : SymbolKind.Variable,
        detail,
        location,
      );
    });
  } catch {
    // A file that went away or is not text has no symbols.
    return [];
  }
}
