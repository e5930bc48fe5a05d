/** `countersign lsp` as it ships, asked by a real client of the protocol. */
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import {
  CallHierarchyIncomingCallsRequest,
  CallHierarchyOutgoingCallsRequest,
  CallHierarchyPrepareRequest,
  CodeActionRequest,
  CompletionRequest,
  DefinitionRequest,
  DidChangeConfigurationNotification,
  DidCloseTextDocumentNotification,
  DocumentFormattingRequest,
  DocumentHighlightRequest,
  DocumentLinkRequest,
  DocumentSymbolRequest,
  FoldingRangeRequest,
  HoverRequest,
  InlayHintRequest,
  LinkedEditingRangeRequest,
  PositionEncodingKind,
  PrepareRenameRequest,
  ReferencesRequest,
  RenameRequest,
  SelectionRangeRequest,
  SemanticTokensRequest,
  SignatureHelpRequest,
  WorkspaceSymbolRequest,
  type CompletionItem,
  type TextEdit,
} from 'vscode-languageserver/node';
import { TextDocument } from 'vscode-languageserver-textdocument';
import { Cli } from '../../support/cli.ts';
import { atMark, LspClient, type ClientOptions } from '../../support/lsp-client.ts';

const secret = 'whisper-7731-canary';
let cli: Cli;
let client: LspClient | undefined;

beforeAll(async () => {
  cli = await Cli.build();
}, 60_000);
afterAll(() => cli.dispose());
afterEach(async () => {
  client?.child.kill();
  client?.connection.dispose();
  client = undefined;
  await cli.reset();
});

async function start(options: ClientOptions = {}): Promise<LspClient> {
  client = await LspClient.start(cli, options);
  return client;
}

/** What an editor would have after the edits. */
function applied(text: string, edits: readonly TextEdit[]): string {
  return TextDocument.applyEdits(TextDocument.create('file:///x.http', 'http', 1, text), [...edits]);
}

describe('countersign lsp', { timeout: 30_000 }, () => {
  it('says what it can, agrees on UTF-16, and ends as the protocol wants', async () => {
    const one = await start();
    expect(one.result.capabilities.positionEncoding).toBe('utf-16');
    expect(one.result.serverInfo?.name).toBe('countersign');
    expect(Object.keys(one.result.capabilities)).toEqual(
      expect.arrayContaining(['completionProvider', 'hoverProvider', 'renameProvider', 'semanticTokensProvider']),
    );
    expect(await one.end()).toBe(0);
  });

  it('publishes diagnostics with codes, follows incremental edits, and clears them on close', async () => {
    const one = await start();
    const uri = await one.open('a.http', 'GET https://api.example.com/{{nme}}\n');
    const first = await one.diagnostics(uri, ({ diagnostics }) =>
      diagnostics.some(({ code }) => code === 'CS-VAR-UNKNOWN'),
    );
    expect(first.diagnostics[0]?.range).toEqual({
      start: { line: 0, character: 28 },
      end: { line: 0, character: 35 },
    });
    // Two changes in one notification; the second is said in the positions the first one left.
    await one.change(uri, 2, [
      { range: { start: { line: 0, character: 0 }, end: { line: 0, character: 0 } }, text: '@name = Ada 🙂\n' },
      { range: { start: { line: 1, character: 31 }, end: { line: 1, character: 31 } }, text: 'a' },
    ]);
    const second = await one.diagnostics(uri, ({ version }) => version === 2);
    expect(second.diagnostics).toEqual([]);
    const position = { line: 1, character: 32 };
    expect(await one.connection.sendRequest(HoverRequest.type, { textDocument: { uri }, position })).toMatchObject({
      contents: { kind: 'plaintext', value: expect.stringContaining('Value: Ada 🙂') as string },
    });
    await one.change(uri, 3, [{ text: 'GET {{gone}}\n' }]);
    await one.diagnostics(uri, ({ version, diagnostics }) => version === 3 && diagnostics.length === 1);
    await one.connection.sendNotification(DidCloseTextDocumentNotification.type, { textDocument: { uri } });
    await one.diagnostics(uri, ({ version, diagnostics }) => version === undefined && diagnostics.length === 0);
    expect(await one.connection.sendRequest(HoverRequest.type, { textDocument: { uri }, position })).toBeNull();
  });

  it('counts bytes where the client offers UTF-8', async () => {
    const one = await start({ capabilities: { general: { positionEncodings: ['utf-8', 'utf-16'] } } });
    expect(one.result.capabilities.positionEncoding).toBe(PositionEncodingKind.UTF8);
    const uri = await one.open('a.http', 'GET https://x.example/?q=ü🙂&v={{nope}}\n');
    const found = await one.diagnostics(uri, ({ diagnostics }) => diagnostics.length > 0);
    expect(found.diagnostics[0]?.range.start.character).toBe(Buffer.byteLength('GET https://x.example/?q=ü🙂&v='));
    await one.change(uri, 2, [
      { range: found.diagnostics[0]!.range, text: '' },
      { range: { start: { line: 0, character: 25 }, end: { line: 0, character: 31 } }, text: 'é' },
    ]);
    const symbols = await one.connection.sendRequest(DocumentSymbolRequest.type, { textDocument: { uri } });
    expect(symbols?.[0]?.name).toBe('GET https://x.example/?q=é&v=');
  });

  it('completes names, headers, credentials and paths, and inserts what it shows', async () => {
    await cli.write({
      'http-client.env.json': JSON.stringify({ dev: { tenant: 'north' } }),
      'countersign.json': JSON.stringify({
        credentials: { orders: { scheme: 'bearer', bindings: ['https://api.example.com'] } },
      }),
      'bodies/order.json': '{}',
      'swagger.yaml':
        'swagger: "2.0"\nbasePath: /v1\npaths:\n  /pets:\n    get: &get { summary: Pets, responses: {} }\n  /dogs:\n    get: *get\n',
      'broken.openapi.yml': 'paths: {[',
      'openapi.json': JSON.stringify({
        openapi: '3.1.0',
        paths: { '/orders/{id}': { get: { summary: 'One order', responses: {} } } },
      }),
    });
    const one = await start({ initializationOptions: { environment: 'dev' } });
    const labels = async (name: string, marked: string): Promise<string[]> => {
      const { text, position } = atMark(marked);
      const uri = await one.open(name, text);
      const found = (await one.connection.sendRequest(CompletionRequest.type, {
        textDocument: { uri },
        position,
      })) as CompletionItem[];
      return found.map(({ label }) => label);
    };
    expect(await labels('a.http', 'GET https://x.example/{{ten$0}}\n')).toContain('tenant');
    expect(await labels('b.http', 'GET https://x.example\nAcc$0\n')).toContain('Accept: ');
    expect(await labels('c.http', '# @auth $0\nGET https://x.example\n')).toContain('orders');
    expect(await labels('d.http', 'POST https://x.example\n\n< ./bodies/$0\n')).toEqual(['order.json']);
    expect(await labels('f.http', 'GET https://x.example/v1/$0\n')).toEqual(
      expect.arrayContaining(['/v1/pets', '/v1/dogs']),
    );
    expect(await labels('e.http', 'GET https://x.example/ord$0\n')).toContain('/orders/{{id}}');
  });

  it('shows no secret in a hover: dots', async () => {
    await cli.write({
      'http-client.env.json': JSON.stringify({ dev: { plain: 'north' } }),
      'http-client.private.env.json': JSON.stringify({ dev: { api_key: secret } }),
    });
    const one = await start({ initializationOptions: { countersign: { environment: ['dev'] } } });
    const { text, position } = atMark('GET https://x.example/?k={{api_$0key}}\n');
    const uri = await one.open('a.http', text);
    const shown = JSON.stringify(
      await one.connection.sendRequest(HoverRequest.type, { textDocument: { uri }, position }),
    );
    expect(shown).toContain('http-client.private.env.json');
    expect(shown).toContain('•');
    expect(shown).not.toContain(secret);
    const items = await one.connection.sendRequest(CompletionRequest.type, { textDocument: { uri }, position });
    expect(JSON.stringify(items)).toContain('api_key');
    expect(JSON.stringify(items)).not.toContain(secret);
  });

  it('takes a new environment from the settings and looks again', async () => {
    await cli.write({ 'http-client.env.json': JSON.stringify({ dev: {}, prod: { host: 'https://x.example' } }) });
    const one = await start({ initializationOptions: { environment: 'dev' } });
    const uri = await one.open('a.http', 'GET {{host}}/a\n');
    await one.diagnostics(uri, ({ diagnostics }) => diagnostics.length === 1);
    await one.connection.sendNotification(DidChangeConfigurationNotification.type, {
      settings: { countersign: { environment: 'prod' } },
    });
    await one.diagnostics(uri, ({ diagnostics }) => diagnostics.length === 0);
  });

  it('finds definitions and uses, and renames across files', async () => {
    const shared = '@base = https://x.example\n';
    const text =
      'import ./shared.http\n\n# @name login\nPOST {{base}}/login\n\n###\nGET {{base}}/a/{{login.response.body.$.id}}\n';
    await cli.write({ 'shared.http': shared, 'a.http': text });
    const one = await start();
    const uri = await one.open('a.http', text);
    const textDocument = { uri };
    const onBase = { line: 3, character: 9 };
    const onLogin = { line: 6, character: 20 };
    expect(await one.connection.sendRequest(DefinitionRequest.type, { textDocument, position: onBase })).toMatchObject([
      { uri: one.uri('shared.http'), range: { start: { line: 0 } } },
    ]);
    const context = { includeDeclaration: true };
    const uses = await one.connection.sendRequest(ReferencesRequest.type, { textDocument, position: onLogin, context });
    expect(uses?.map(({ range }) => range.start.line).sort()).toEqual([2, 6]);
    const marks = await one.connection.sendRequest(DocumentHighlightRequest.type, { textDocument, position: onLogin });
    expect(marks).toHaveLength(2);
    expect(await one.connection.sendRequest(PrepareRenameRequest.type, { textDocument, position: onBase })).toEqual({
      start: { line: 3, character: 7 },
      end: { line: 3, character: 11 },
    });
    const edit = await one.connection.sendRequest(RenameRequest.type, {
      textDocument,
      position: onBase,
      newName: 'origin',
    });
    expect(applied(text, edit!.changes![uri]!)).toBe(text.replaceAll('{{base}}', '{{origin}}'));
    expect(applied(shared, edit!.changes![one.uri('shared.http')]!)).toBe('@origin = https://x.example\n');
    await expect(
      one.connection.sendRequest(RenameRequest.type, { textDocument, position: onBase, newName: 'no good' }),
    ).rejects.toThrow(/holds no spaces/);
  });

  it('answers outline, folding, selections, links, symbols, signatures, tokens and boundaries', async () => {
    const text = [
      '### First',
      'POST https://x.example/up?n={{$randomInt 1 9}}',
      'Content-Type: multipart/form-data; boundary=line',
      '',
      '--line',
      'Content-Disposition: form-data; name="a"',
      '',
      '< ./part.txt',
      '--line--',
      '',
    ].join('\n');
    await cli.write({ 'a.http': text });
    const one = await start({
      capabilities: { textDocument: { documentSymbol: { hierarchicalDocumentSymbolSupport: true } } },
    });
    const uri = await one.open('a.http', text);
    const about = { textDocument: { uri } };
    const { connection } = one;
    expect(await connection.sendRequest(DocumentSymbolRequest.type, about)).toMatchObject([
      { name: 'First', selectionRange: { start: { line: 1 } } },
    ]);
    expect(await connection.sendRequest(FoldingRangeRequest.type, about)).toMatchObject([
      { startLine: 0, endLine: 8 },
      { startLine: 4, endLine: 8 },
    ]);
    expect(await connection.sendRequest(DocumentLinkRequest.type, about)).toMatchObject([
      { target: one.uri('part.txt'), range: { start: { line: 7, character: 2 } } },
    ]);
    expect(await connection.sendRequest(WorkspaceSymbolRequest.type, { query: 'fir' })).toMatchObject([
      { name: 'First', location: { uri } },
    ]);
    const selections = await connection.sendRequest(SelectionRangeRequest.type, {
      ...about,
      positions: [{ line: 1, character: 8 }],
    });
    expect(selections?.[0]?.parent).toBeDefined();
    const signature = await connection.sendRequest(SignatureHelpRequest.type, {
      ...about,
      position: { line: 1, character: 43 },
    });
    expect(signature).toMatchObject({ activeParameter: 1 });
    const boundaries = await connection.sendRequest(LinkedEditingRangeRequest.type, {
      ...about,
      position: { line: 4, character: 4 },
    });
    expect(boundaries?.ranges.map(({ start }) => start.line)).toEqual([2, 4, 8]);
    const tokens = await connection.sendRequest(SemanticTokensRequest.type, about);
    const legend = one.result.capabilities.semanticTokensProvider!.legend.tokenTypes;
    expect(tokens!.data.length % 5).toBe(0);
    const kinds = tokens!.data.filter((_, index) => index % 5 === 3).map((type) => legend[type]);
    expect([tokens!.data.slice(0, 3), tokens!.data.slice(5, 8)]).toEqual([
      [1, 0, 4],
      [0, 30, 10],
    ]);
    expect(kinds.slice(0, 2)).toEqual(['keyword', 'function']);
  });

  it('formats what is not sent, and leaves another document alone', async () => {
    const one = await start();
    const text = '###   One\nGET   https://x.example\nAccept:text/plain\n';
    const uri = await one.open('a.http', text);
    const options = { tabSize: 2, insertSpaces: true };
    const edits = await one.connection.sendRequest(DocumentFormattingRequest.type, { textDocument: { uri }, options });
    expect(applied(text, edits!)).toBe('### One\nGET https://x.example\nAccept: text/plain\n');
    const notes = await one.open('notes.md', `# Notes\n\n\n\n\`\`\`http\n${text}\`\`\`\n`, 'markdown');
    expect(
      await one.connection.sendRequest(DocumentFormattingRequest.type, { textDocument: { uri: notes }, options }),
    ).toEqual([]);
  });

  it('reads requests inside Markdown, and completes nothing in the prose around them', async () => {
    const one = await start();
    const text = 'Some prose.\n\n```http\nGET https://x.example/{{nope}}\n```\n';
    const uri = await one.open('notes.md', text, 'markdown');
    const { diagnostics } = await one.diagnostics(uri, (found) => found.diagnostics.length > 0);
    expect(diagnostics.map(({ code, range }) => [code, range.start.line])).toEqual([['CS-VAR-UNKNOWN', 3]]);
    const ask = (line: number): Promise<unknown> =>
      one.connection.sendRequest(CompletionRequest.type, { textDocument: { uri }, position: { line, character: 0 } });
    expect(await ask(1)).toEqual([]);
    expect(await ask(3)).not.toEqual([]);
  });

  it('offers quick fixes that are edits, and none that needs an extension', async () => {
    const one = await start();
    const text = '@tenant = north\n\n###\nGET https://x.example/{{tenannt}}\n';
    const uri = await one.open('a.http', text);
    const { diagnostics } = await one.diagnostics(uri, (found) => found.diagnostics.length > 0);
    const actions = await one.connection.sendRequest(CodeActionRequest.type, {
      textDocument: { uri },
      range: diagnostics[0]!.range,
      context: { diagnostics },
    });
    expect(actions?.map(({ title }) => title)).toEqual(['Change to “tenant”']);
    expect(applied(text, (actions![0] as { edit: { changes: Record<string, TextEdit[]> } }).edit.changes[uri]!)).toBe(
      text.replace('tenannt', 'tenant'),
    );
  });

  it('shows addresses filled in and credentials that go along, secrets as dots', async () => {
    await cli.write({
      'http-client.env.json': JSON.stringify({ dev: { host: 'api.example.com' } }),
      'http-client.private.env.json': JSON.stringify({ dev: { key: secret } }),
      'countersign.json': JSON.stringify({
        credentials: { orders: { scheme: 'bearer', bindings: ['https://api.example.com'], default: true } },
      }),
    });
    const one = await start({ initializationOptions: { environment: 'dev' } });
    const uri = await one.open(
      'a.http',
      'GET https://{{host}}/a?k={{key}}&n={{later}}\n\n###\nGET https://x.example\n',
    );
    const range = { start: { line: 0, character: 0 }, end: { line: 9, character: 0 } };
    const hints = await one.connection.sendRequest(InlayHintRequest.type, { textDocument: { uri }, range });
    const shown = hints!.map(({ label, position: { line } }) => `${line} ${label as string}`);
    expect(shown[0]).toMatch(/^0 → https:\/\/api\.example\.com\/a\?k=•+&n=\{\{later\}\}$/);
    expect(JSON.stringify(hints)).not.toContain(secret);
    expect(shown.every((line) => line.startsWith('0 '))).toBe(true);
  });

  it('tells who uses a response, in this file and in those that import it', async () => {
    const login = '# @name login\nPOST https://x.example/login\n\n###\n@token = {{login.response.body.$.t}}\n';
    const user = 'import ./login.http\n\n# @name me\nGET https://x.example/{{login.response.body.$.id}}\n';
    await cli.write({ 'login.http': login, 'me.http': user });
    const one = await start();
    const uri = await one.open('login.http', login);
    const items = await one.connection.sendRequest(CallHierarchyPrepareRequest.type, {
      textDocument: { uri },
      position: { line: 1, character: 2 },
    });
    expect(items).toMatchObject([{ name: 'login', detail: 'POST https://x.example/login' }]);
    const incoming = await one.connection.sendRequest(CallHierarchyIncomingCallsRequest.type, { item: items![0]! });
    expect(incoming).toMatchObject([
      { from: { name: '@token', uri }, fromRanges: [{ start: { line: 4 } }] },
      { from: { name: 'me', uri: one.uri('me.http') } },
    ]);
    const outgoing = await one.connection.sendRequest(CallHierarchyOutgoingCallsRequest.type, {
      item: incoming![1]!.from,
    });
    expect(outgoing).toMatchObject([{ to: { uri, selectionRange: { start: { line: 1 } } } }]);
  });
});
