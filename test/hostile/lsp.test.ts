/** A client of `countersign lsp` that sends what no editor sends. It ends, it does not grow, and it says why. */
import { once } from 'node:events';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import {
  CompletionRequest,
  DocumentFormattingRequest,
  DocumentSymbolRequest,
  HoverRequest,
  LSPErrorCodes,
  SemanticTokensRequest,
  WorkspaceSymbolRequest,
} from 'vscode-languageserver/node';
import { Cli, ended } from '../support/cli.ts';
import { LspClient } from '../support/lsp-client.ts';

let cli: Cli;

beforeAll(async () => {
  cli = await Cli.build();
}, 60_000);
afterAll(() => cli.dispose());

const message = (body: string): string => `Content-Length: ${Buffer.byteLength(body)}\r\n\r\n${body}`;

describe('countersign lsp', { timeout: 30_000 }, () => {
  it.each([
    ['no frame at all', 'GET / HTTP/1.1\r\n\r\n'],
    ['a header that never ends', 'x'.repeat(100_000)],
    ['no length', 'Content-Type: application/json\r\n\r\n{}'],
    ['two lengths', 'Content-Length: 2\r\nContent-Length: 4\r\n\r\n{}'],
    ['a negative length', 'Content-Length: -1\r\n\r\n{}'],
    ['a length of 9 GB', 'Content-Length: 9000000000\r\n\r\n{}'],
    ['bytes', Buffer.from(Array.from({ length: 20_000 }, (_, index) => (index * 7919) % 256)).toString('latin1')],
  ])('ends with a sentence at %s', async (_, input) => {
    const child = cli.start(['lsp']);
    child.stdin.on('error', () => undefined);
    // Not closed: it must end of itself.
    child.stdin.write(Buffer.from(input, 'latin1'));
    const { code, stdout, stderr } = await ended(child);
    expect(code).toBe(2);
    expect(stdout).toBe('');
    expect(stderr).toMatch(/^CS-CLI-USAGE: What arrived on stdin is no message of an editor: .*\.\nLet your editor /);
  });

  it('ends when stdin is closed, whether anything was said or not', async () => {
    expect((await cli.run(['lsp'])).code).toBe(1);
    const client = await LspClient.start(cli);
    const closed = once(client.child, 'close');
    client.child.stdin.end();
    expect(await closed).toEqual([1, null]);
  });

  it('ends with its client’s process', async () => {
    const child = cli.start(['lsp']);
    const client = await LspClient.start(cli);
    const gone = client.child.pid!;
    expect(await client.end()).toBe(0);
    const initialize = { jsonrpc: '2.0', id: 1, method: 'initialize', params: { capabilities: {}, processId: gone } };
    child.stdin.write(message(JSON.stringify(initialize)));
    expect((await ended(child)).code).toBe(1);
  });

  it('survives messages that are no JSON, questions of no method, and documents nobody opened', async () => {
    const client = await LspClient.start(cli);
    client.child.stdin.write(message('{"jsonrpc": nonsense'));
    client.child.stdin.write(message('[]'));
    client.child.stdin.write(message(''));
    await expect(client.connection.sendRequest('workspace/plunder', {})).rejects.toThrow();
    const nowhere = { textDocument: { uri: 'file:///nowhere.http' }, position: { line: 1, character: 1 } };
    expect(await client.connection.sendRequest(HoverRequest.type, nowhere)).toBeNull();
    await client.change('file:///nowhere.http', 7, [{ text: 'x' }]);
    const uri = await client.open('a.http', 'GET https://x.example\n');
    for (const position of [
      { line: 4e9, character: 4e9 },
      { line: -1, character: -1 },
    ]) {
      await client.connection.sendRequest(HoverRequest.type, { textDocument: { uri }, position });
    }
    expect(await client.connection.sendRequest(DocumentSymbolRequest.type, { textDocument: { uri } })).toHaveLength(1);
    expect(await client.end()).toBe(0);
  });

  it('takes addresses that are no files of this system', async () => {
    const client = await LspClient.start(cli);
    for (const uri of ['untitled:1', 'file://elsewhere/share/a.http', 'file:///a%00b.http', 'git:/a.http?x', '']) {
      const textDocument = { uri, languageId: 'http', version: 1, text: 'GET https://x.example/{{a}}\n< ./x\n' };
      await client.connection.sendNotification('textDocument/didOpen', { textDocument });
      const at = { textDocument: { uri }, position: { line: 0, character: 24 } };
      expect(await client.connection.sendRequest(HoverRequest.type, at)).not.toBeNull();
      expect(await client.connection.sendRequest(CompletionRequest.type, at)).toBeDefined();
    }
    expect(await client.end()).toBe(0);
  });

  it('reads a document of 20 MB that comes in one message, and a line of 1 MB', async () => {
    const client = await LspClient.start(cli);
    const text = `### Big\nPOST https://x.example\n\n${'{"a": "ü"}\n'.repeat(1_700_000)}`;
    const uri = await client.open('big.http', text);
    expect(await client.connection.sendRequest(DocumentSymbolRequest.type, { textDocument: { uri } })).toHaveLength(1);
    const long = await client.open('long.http', `GET https://x.example/${'{{a}}'.repeat(200_000)}\n`);
    const about = { textDocument: { uri: long } };
    expect(await client.connection.sendRequest(SemanticTokensRequest.type, about)).toBeDefined();
    expect(await client.end()).toBe(0);
  });

  it('gives up what is cancelled', async () => {
    const client = await LspClient.start(cli);
    const uri = await client.open('many.http', 'GET https://x.example/{{a}}\n\n###\n'.repeat(20_000));
    const ask = (id: number): string =>
      message(
        JSON.stringify({
          jsonrpc: '2.0',
          id,
          method: DocumentFormattingRequest.method,
          params: { textDocument: { uri }, options: {} },
        }),
      );
    const cancel = (id: number): string =>
      message(JSON.stringify({ jsonrpc: '2.0', method: '$/cancelRequest', params: { id } }));
    const seen: string[] = [];
    client.child.stdout.on('data', (chunk: Buffer) => seen.push(chunk.toString()));
    const ids = [9001, 9002, 9003, 9004];
    client.child.stdin.write(ids.map(ask).join('') + ids.map(cancel).join(''));
    // Answered in order: when this one is, those before it are settled.
    await client.connection.sendRequest(WorkspaceSymbolRequest.type, { query: 'none' });
    const all = seen.join('');
    const refused = ids.filter((id) => all.includes(`"id":${id},"error":{"code":${LSPErrorCodes.RequestCancelled}`));
    expect(refused.length).toBeGreaterThanOrEqual(3);
    expect(await client.end()).toBe(0);
  });

  it('ends when nobody reads its answers any more', async () => {
    const client = await LspClient.start(cli);
    const closed = once(client.child, 'close');
    client.child.stdout.destroy();
    client.child.stdin.end();
    await closed;
  });
});
