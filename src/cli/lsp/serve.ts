/**
 * The language server: the same answers as in VS Code, over the Language Server Protocol on stdin and stdout. It agrees
 * on what both sides can, keeps the documents, and hands each question on. It ends with its client.
 * Source: Language Server Protocol 3.17.
 */
import {
  CodeActionKind,
  createConnection,
  DidChangeWatchedFilesNotification,
  ErrorCodes,
  LSPErrorCodes,
  ProposedFeatures,
  ResponseError,
  TextDocumentSyncKind,
  type CancellationToken,
  type Connection,
  type InitializeParams,
  type InitializeResult,
} from 'vscode-languageserver/node';
import { toCountersignError } from '../../errors/countersign-error.ts';
import { completionTriggers } from '../../language/features/completion.ts';
import { tokenModifiers, tokenTypes } from '../../language/features/semantic-tokens.ts';
import { exitCodes } from '../exit-codes.ts';
import { prepareHierarchy, provideIncoming, provideOutgoing } from './capture-hierarchy.ts';
import { provideCompletion } from './completion.ts';
import { Diagnostics } from './diagnostics.ts';
import {
  prepareRename,
  provideActions,
  provideFormat,
  provideLinkedEdits,
  provideRename,
  provideSelections,
  provideTokens,
} from './editing.ts';
import { MessageFraming } from './framing.ts';
import { toPath, type OpenDocument } from './open-documents.ts';
import { agreedEncoding, Positions } from './positions.ts';
import {
  provideDefinition,
  provideFolding,
  provideHints,
  provideHover,
  provideLinks,
  provideReferences,
  provideSignature,
  provideSymbols,
  provideWorkspaceSymbols,
  toFlatSymbols,
} from './reading.ts';
import { Session } from './session.ts';
import { readSettings } from './settings.ts';

/** Files that answers rest on, beside the open ones. */
const watched = [
  '**/*.{http,rest}',
  '**/countersign.json',
  '**/*.env.json',
  '**/*.env.json.user',
  '**/{.env,.env.*,*.env}',
];

/** Returns when it listens; the process ends when the client says so or goes away. */
export function serve(input: NodeJS.ReadableStream, output: NodeJS.WritableStream): void {
  const framing = new MessageFraming();
  framing.on('error', ({ message }) => {
    process.stderr.write(`CS-CLI-USAGE: What arrived on stdin is no message of an editor: ${message}.\n`);
    process.stderr.write('Let your editor start “countersign lsp”; it is not used by hand.\n');
    process.exit(exitCodes.usage);
  });
  const connection = createConnection(ProposedFeatures.all, input.pipe(framing), output);
  let ready: Promise<Session> | undefined;
  connection.onInitialize(async (params): Promise<InitializeResult> => {
    const positions = new Positions(agreedEncoding(params.capabilities.general?.positionEncodings));
    ready = Session.open(positions);
    const session = await ready;
    session.settings = readSettings(params.initializationOptions);
    session.roots = rootsOf(params);
    answer(connection, session, params);
    return { capabilities: capabilitiesOf(positions), serverInfo: { name: 'countersign', version: version() } };
  });
  connection.onShutdown(async () => (await ready)?.close());
  connection.listen();
}

function version(): string {
  return process.env['COUNTERSIGN_VERSION'] ?? '0.1.0';
}

// eslint-disable-next-line @typescript-eslint/no-deprecated -- clients that know no folders say their root so
function rootsOf({ workspaceFolders, rootUri }: InitializeParams): readonly string[] {
  const uris = workspaceFolders?.map(({ uri }) => uri) ?? (typeof rootUri === 'string' ? [rootUri] : []);
  return uris.flatMap((uri) => toPath(uri) ?? []);
}

function capabilitiesOf({ encoding }: Positions): InitializeResult['capabilities'] {
  return {
    positionEncoding: encoding,
    textDocumentSync: { openClose: true, change: TextDocumentSyncKind.Incremental, save: true },
    completionProvider: { triggerCharacters: completionTriggers },
    hoverProvider: true,
    definitionProvider: true,
    referencesProvider: true,
    documentHighlightProvider: true,
    documentSymbolProvider: true,
    workspaceSymbolProvider: true,
    foldingRangeProvider: true,
    selectionRangeProvider: true,
    linkedEditingRangeProvider: true,
    documentFormattingProvider: true,
    documentLinkProvider: {},
    signatureHelpProvider: { triggerCharacters: [' ', '(', ','] },
    renameProvider: { prepareProvider: true },
    inlayHintProvider: true,
    callHierarchyProvider: true,
    codeActionProvider: { codeActionKinds: [CodeActionKind.QuickFix] },
    semanticTokensProvider: {
      legend: { tokenTypes: [...tokenTypes], tokenModifiers: [...tokenModifiers] },
      full: true,
      range: true,
    },
    workspace: { workspaceFolders: { supported: true, changeNotifications: true } },
  };
}

/** What a client may ask, each with its handler. A document that is not open has no answer. */
function answer(connection: Connection, session: Session, { capabilities }: InitializeParams): void {
  const diagnostics = new Diagnostics(connection, session);
  keepDocuments(connection, session, diagnostics);
  const { workspace, textDocument } = capabilities;
  connection.onInitialized(() => {
    if (workspace?.didChangeWatchedFiles?.dynamicRegistration === true) {
      const watchers = watched.map((globPattern) => ({ globPattern }));
      void connection.client.register(DidChangeWatchedFilesNotification.type, { watchers });
    }
    if (workspace?.workspaceFolders === true) {
      connection.workspace.onDidChangeWorkspaceFolders(({ added, removed }) => {
        const gone = new Set(removed.map(({ uri }) => toPath(uri)));
        const kept = session.roots.filter((root) => !gone.has(root));
        session.roots = [...kept, ...added.flatMap(({ uri }) => toPath(uri) ?? [])];
        diagnostics.all();
      });
    }
  });

  const about = <P extends { readonly textDocument: { readonly uri: string } }, R>(
    work: (document: OpenDocument, params: P, token: CancellationToken) => R | Promise<R>,
    nothing: R,
  ): ((params: P, token: CancellationToken) => Promise<R | ResponseError>) =>
    guarded(connection, (params: P, token) => {
      const document = session.documents.get(params.textDocument.uri);
      return document ? work(document, params, token) : nothing;
    });

  connection.onCompletion(about((document, params) => provideCompletion(session, document, params), []));
  connection.onHover(about((document, { position }) => provideHover(session, document, position), null));
  connection.onDefinition(about((document, { position }) => provideDefinition(session, document, position), []));
  connection.onReferences(
    about(
      (document, { position, context }) => provideReferences(session, document, position, context.includeDeclaration),
      [],
    ),
  );
  connection.onDocumentHighlight(
    about(
      (document, { position }) => provideReferences(session, document, position, true).map(({ range }) => ({ range })),
      [],
    ),
  );
  const tree = textDocument?.documentSymbol?.hierarchicalDocumentSymbolSupport === true;
  connection.onDocumentSymbol(
    about((document) => {
      const found = provideSymbols(session, document);
      return tree ? found : toFlatSymbols(document.text.uri, found);
    }, []),
  );
  connection.onWorkspaceSymbol(guarded(connection, ({ query }) => provideWorkspaceSymbols(session, query)));
  connection.onFoldingRanges(about((document) => provideFolding(session, document), []));
  connection.onSelectionRanges(about((document, { positions }) => provideSelections(session, document, positions), []));
  connection.onDocumentFormatting(about((document) => provideFormat(session, document), []));
  connection.onDocumentLinks(about((document) => provideLinks(session, document), []));
  connection.onSignatureHelp(about((document, { position }) => provideSignature(session, document, position), null));
  connection.onPrepareRename(about((document, { position }) => prepareRename(session, document, position), null));
  connection.onRenameRequest(
    about((document, { position, newName }) => provideRename(session, document, position, newName), null),
  );
  connection.onCodeAction(about((document, params) => provideActions(session, document, diagnostics, params), []));
  connection.languages.semanticTokens.on(about((document) => provideTokens(session, document), { data: [] }));
  connection.languages.semanticTokens.onRange(
    about((document, { range }) => provideTokens(session, document, range), { data: [] }),
  );
  connection.languages.inlayHint.on(
    about((document, { range }, token) => provideHints(session, document, range, token), []),
  );
  connection.languages.callHierarchy.onPrepare(
    about((document, { position }) => prepareHierarchy(session, document, position), []),
  );
  connection.languages.callHierarchy.onIncomingCalls(guarded(connection, ({ item }) => provideIncoming(session, item)));
  connection.languages.callHierarchy.onOutgoingCalls(guarded(connection, ({ item }) => provideOutgoing(session, item)));
  connection.languages.onLinkedEditingRange(
    about((document, { position }) => provideLinkedEdits(session, document, position), null),
  );
}

function keepDocuments(connection: Connection, session: Session, diagnostics: Diagnostics): void {
  const { documents } = session;
  connection.onDidOpenTextDocument((params) => diagnostics.later(documents.open(params), 0));
  connection.onDidChangeTextDocument((params) => {
    documents.change(params, session.positions);
    const document = documents.get(params.textDocument.uri);
    if (document) diagnostics.later(document);
  });
  connection.onDidCloseTextDocument(({ textDocument: { uri } }) => {
    documents.close(uri);
    diagnostics.close(uri);
  });
  connection.onDidSaveTextDocument(() => diagnostics.all());
  connection.onDidChangeWatchedFiles(() => diagnostics.all());
  connection.onDidChangeConfiguration(({ settings }) => {
    session.settings = readSettings(settings);
    diagnostics.all();
  });
}

/** An answer, or why there is none: given up by the client, refused, or a fault of ours whose text is not repeated. */
function guarded<P, R>(
  connection: Connection,
  work: (params: P, token: CancellationToken) => R | Promise<R>,
): (params: P, token: CancellationToken) => Promise<R | ResponseError> {
  return async (params, token) => {
    try {
      const result = await work(params, token);
      return token.isCancellationRequested ? new ResponseError(LSPErrorCodes.RequestCancelled, 'Cancelled.') : result;
    } catch (error) {
      if (error instanceof ResponseError) return error;
      const { code, message } = toCountersignError(error);
      connection.console.error(`${code}: ${message}`);
      return new ResponseError(ErrorCodes.InternalError, `${code}: ${message}`);
    }
  };
}
