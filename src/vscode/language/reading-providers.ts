/** Hover, definition, references, outline, folding, signature help and links: the language room’s answers as VS Code’s types. */
import {
  DocumentLink,
  DocumentSymbol,
  FoldingRange,
  Hover,
  languages,
  Location,
  MarkdownString,
  ParameterInformation,
  Position,
  Range,
  SignatureHelp,
  SignatureInformation,
  SymbolKind,
  Uri,
  type Disposable,
  type TextDocument,
} from 'vscode';
import { definitions, referencesTo, type DefinitionPlace } from '../../language/features/definition.ts';
import { foldingRanges } from '../../language/features/folding.ts';
import { hover } from '../../language/features/hover.ts';
import { fileLinks } from '../../language/features/links.ts';
import { signatureHelp } from '../../language/features/signature-help.ts';
import { symbols } from '../../language/features/symbols.ts';
import type { App } from '../app.ts';
import { createFeatureContext } from './feature-context.ts';
import { hoverCommands, toHoverMarkdown } from './hover-markdown.ts';
import { toRange } from './positions.ts';

const selector = { language: 'http' };

export function registerReadingProviders(app: App): Disposable[] {
  const parse = (document: TextDocument): ReturnType<App['documents']['parse']> => app.documents.parse(document);
  return [
    languages.registerHoverProvider(selector, {
      async provideHover(document, position) {
        const context = createFeatureContext(app, document);
        const found = await hover(parse(document), document.offsetAt(position), context);
        if (!found) return undefined;
        const text = new MarkdownString(toHoverMarkdown(found), found.icon !== undefined);
        if (found.links?.some((link) => 'command' in link)) text.isTrusted = { enabledCommands: hoverCommands };
        return new Hover(text, toRange(document, found.span));
      },
    }),
    languages.registerDefinitionProvider(selector, {
      async provideDefinition(document, position) {
        const context = createFeatureContext(app, document);
        const found = await definitions(parse(document), document.offsetAt(position), context);
        return found.map((place) => toLocation(document, place));
      },
    }),
    languages.registerReferenceProvider(selector, {
      provideReferences(document, position, { includeDeclaration }) {
        const spans = referencesTo(parse(document), document.offsetAt(position), includeDeclaration);
        return spans.map((span) => new Location(document.uri, toRange(document, span)));
      },
    }),
    languages.registerDocumentSymbolProvider(selector, {
      provideDocumentSymbols: (document) =>
        symbols(parse(document)).map(
          ({ kind, name, detail, span, selection }) =>
            new DocumentSymbol(
              name,
              detail,
              kind === 'request' ? SymbolKind.Method : SymbolKind.Variable,
              toRange(document, span),
              toRange(document, selection),
            ),
        ),
    }),
    languages.registerFoldingRangeProvider(selector, {
      provideFoldingRanges: (document) =>
        foldingRanges(parse(document)).map(({ start, end }) => new FoldingRange(start - 1, end - 1)),
    }),
    languages.registerSignatureHelpProvider(
      selector,
      {
        provideSignatureHelp(document, position) {
          const context = createFeatureContext(app, document);
          const found = signatureHelp(parse(document), document.offsetAt(position), context);
          if (!found) return undefined;
          const information = new SignatureInformation(found.signature.signature, found.signature.documentation);
          information.parameters = found.signature.parameters.map(
            ({ name, description }) => new ParameterInformation(name, description),
          );
          const help = new SignatureHelp();
          help.signatures = [information];
          help.activeParameter = found.active;
          return help;
        },
      },
      ' ',
      '(',
      ',',
    ),
    languages.registerDocumentLinkProvider(selector, {
      provideDocumentLinks: (document) =>
        document.uri.scheme === 'untitled'
          ? []
          : fileLinks(parse(document)).map(({ path, span }) => {
              const absolute = /^(?:\/|[a-z]:[\\/])/i.test(path);
              const target = absolute ? Uri.file(path) : Uri.joinPath(document.uri, '..', path.replaceAll('\\', '/'));
              return new DocumentLink(toRange(document, span), target);
            }),
    }),
  ];
}

function toLocation(document: TextDocument, { file, line, span }: DefinitionPlace): Location {
  const own = file === undefined || (document.uri.scheme === 'file' && document.uri.fsPath === file);
  if (own && span) return new Location(document.uri, toRange(document, span));
  const uri = own ? document.uri : Uri.file(file);
  return new Location(uri, new Range(new Position((line ?? 1) - 1, 0), new Position((line ?? 1) - 1, 0)));
}
