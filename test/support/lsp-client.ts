/** A real client of the Language Server Protocol, talking to the command line as it ships over its stdin and stdout. */
import type { ChildProcessWithoutNullStreams } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import {
  createProtocolConnection,
  DidChangeTextDocumentNotification,
  DidOpenTextDocumentNotification,
  ExitNotification,
  InitializedNotification,
  InitializeRequest,
  PublishDiagnosticsNotification,
  ShutdownRequest,
  type ClientCapabilities,
  type InitializeResult,
  type ProtocolConnection,
  type PublishDiagnosticsParams,
  type TextDocumentContentChangeEvent,
} from 'vscode-languageserver/node';
import type { Cli } from './cli.ts';

export interface ClientOptions {
  readonly capabilities?: ClientCapabilities;
  readonly initializationOptions?: unknown;
}

export class LspClient {
  readonly connection: ProtocolConnection;
  readonly child: ChildProcessWithoutNullStreams;
  readonly result: InitializeResult;
  readonly #cli: Cli;
  readonly #published: PublishDiagnosticsParams[] = [];
  readonly #waiting = new Set<() => void>();

  private constructor(
    cli: Cli,
    child: ChildProcessWithoutNullStreams,
    connection: ProtocolConnection,
    result: InitializeResult,
  ) {
    this.#cli = cli;
    this.child = child;
    this.connection = connection;
    this.result = result;
    connection.onNotification(PublishDiagnosticsNotification.type, (params) => {
      this.#published.push(params);
      for (const look of this.#waiting) look();
    });
  }

  static async start(cli: Cli, options: ClientOptions = {}): Promise<LspClient> {
    const child = cli.start(['lsp', '--stdio']);
    child.stdin.on('error', () => undefined);
    const connection = createProtocolConnection(child.stdout, child.stdin);
    connection.listen();
    const result = await connection.sendRequest(InitializeRequest.type, {
      processId: process.pid,
      // eslint-disable-next-line @typescript-eslint/no-deprecated -- the type asks for it
      rootUri: pathToFileURL(cli.work).href,
      workspaceFolders: [{ uri: pathToFileURL(cli.work).href, name: 'work' }],
      capabilities: options.capabilities ?? {},
      initializationOptions: options.initializationOptions,
    });
    const client = new LspClient(cli, child, connection, result);
    await connection.sendNotification(InitializedNotification.type, {});
    return client;
  }

  uri(name: string): string {
    return pathToFileURL(join(this.#cli.work, name)).href;
  }

  async open(name: string, text: string, languageId = 'http'): Promise<string> {
    const uri = this.uri(name);
    await this.connection.sendNotification(DidOpenTextDocumentNotification.type, {
      textDocument: { uri, languageId, version: 1, text },
    });
    return uri;
  }

  async change(uri: string, version: number, contentChanges: TextDocumentContentChangeEvent[]): Promise<void> {
    const textDocument = { uri, version };
    await this.connection.sendNotification(DidChangeTextDocumentNotification.type, { textDocument, contentChanges });
  }

  /** The next published diagnostics of a document that fit, of those published already too. */
  async diagnostics(uri: string, fit: (found: PublishDiagnosticsParams) => boolean): Promise<PublishDiagnosticsParams> {
    return new Promise((resolve) => {
      const look = (): void => {
        const found = this.#published.find((params) => params.uri === uri && fit(params));
        if (!found) return;
        this.#waiting.delete(look);
        resolve(found);
      };
      this.#waiting.add(look);
      look();
    });
  }

  /** Ends it as an editor does. @returns the exit code */
  async end(): Promise<number | null> {
    const closed = once(this.child, 'close');
    await this.connection.sendRequest(ShutdownRequest.type);
    await this.connection.sendNotification(ExitNotification.type);
    const [code] = (await closed) as [number | null];
    this.connection.dispose();
    return code;
  }
}

/** The text without its `$0`, and where that stood, in UTF-16 code units. */
export function atMark(marked: string): {
  readonly text: string;
  readonly position: { readonly line: number; readonly character: number };
} {
  const offset = marked.indexOf('$0');
  if (offset < 0) throw new Error(`no mark in ${marked}`);
  const before = marked.slice(0, offset).split('\n');
  return {
    text: marked.slice(0, offset) + marked.slice(offset + 2),
    position: { line: before.length - 1, character: before.at(-1)!.length },
  };
}
