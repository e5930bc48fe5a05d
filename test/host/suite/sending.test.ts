/** What happens to a request in flight while a person goes on: edits, closes, deletes its file, presses Send again. */
import assert from 'node:assert/strict';
import { randomUUID } from 'node:crypto';
import { once } from 'node:events';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, afterEach, before, describe, it } from 'mocha';
import * as vscode from 'vscode';
import type { RunResult } from '../../../src/run/types.ts';
import { answering, features } from '../stage/extension.ts';

describe('sending', () => {
  let server: Server;
  let address: string;
  let folder: string;
  let arrived: string[] = [];
  const held: ServerResponse[] = [];
  let waiting: (() => void) | undefined;

  const answer = (request: IncomingMessage, response: ServerResponse): void => {
    arrived.push(request.url ?? '');
    held.push(response);
    waiting?.();
  };

  const arrival = async (count: number): Promise<void> => {
    while (arrived.length < count) {
      await new Promise<void>((done) => {
        waiting = done;
      });
    }
  };

  const letGo = (): void => {
    for (const response of held.splice(0)) response.end('{"ok":true}');
  };

  const send = (uri: vscode.Uri, request = 0): Thenable<RunResult | undefined> =>
    vscode.commands.executeCommand('countersign.send', { uri: uri.toString(), request });

  const openFile = async (text: string): Promise<vscode.TextDocument> => {
    const path = join(folder, `${String(Date.now())}.http`);
    await writeFile(path, text);
    const document = await vscode.workspace.openTextDocument(path);
    await vscode.window.showTextDocument(document);
    return document;
  };

  before(async () => {
    server = createServer(answer).listen(0, '127.0.0.1');
    await once(server, 'listening');
    address = `http://127.0.0.1:${String((server.address() as AddressInfo).port)}`;
    folder = await mkdtemp(join(tmpdir(), 'host-sending-'));
  });

  afterEach(async () => {
    letGo();
    arrived = [];
    await vscode.commands.executeCommand('workbench.action.files.revert');
    await vscode.commands.executeCommand('workbench.action.closeAllEditors');
  });

  after(async () => {
    server.close();
    await rm(folder, { recursive: true, force: true });
  });

  it('as several identities: one request each, one panel, and one that may not go there is a row', async () => {
    const document = await openFile(`# @expect-status none=200\nGET ${address}/each\n`);
    const target = { uri: document.uri.toString(), request: 0, as: ['nobody-knows-this', 'none'] };
    const several = vscode.commands.executeCommand<readonly RunResult[]>('countersign.sendAsEach', target);
    await arrival(1);
    letGo();
    const results = await several;
    assert.deepEqual(
      results.map(({ comparison, error }) => [comparison?.as, comparison?.asExpected, error?.code]),
      [
        ['nobody-knows-this', undefined, 'CS-DEF-UNKNOWN'],
        ['none', true, undefined],
      ],
    );
    const tabs = vscode.window.tabGroups.all.flatMap((group) => group.tabs);
    assert.equal(tabs.filter(({ input }) => input instanceof vscode.TabInputWebview).length, 1);
  });

  it('a second press sends nothing twice', async () => {
    const document = await openFile(`GET ${address}/once\n`);
    const first = send(document.uri);
    const second = send(document.uri);
    await arrival(1);
    assert.equal(await send(document.uri), undefined);
    letGo();
    const results = await Promise.all([first, second]);
    assert.deepEqual(
      results.map((result) => result?.exchange?.response.status),
      [200, undefined],
    );
    assert.deepEqual(arrived, ['/once']);
    const again = send(document.uri);
    await arrival(2);
    letGo();
    assert.equal((await again)?.exchange?.response.status, 200);
  });

  it('sends what stood there when Send was pressed, whatever is typed meanwhile', async () => {
    const document = await openFile(`GET ${address}/before\n`);
    const sent = send(document.uri);
    await arrival(1);
    const edit = new vscode.WorkspaceEdit();
    edit.replace(document.uri, new vscode.Range(0, 0, 1, 0), `POST ${address}/after\n`);
    assert.ok(await vscode.workspace.applyEdit(edit));
    letGo();
    const result = await sent;
    assert.equal(result?.error, undefined);
    assert.deepEqual(arrived, ['/before']);
  });

  it('a file closed and deleted in flight loses no answer, and Resend says that its request is gone', async () => {
    const document = await openFile(`GET ${address}/gone\n`);
    const { uri } = document;
    const sent = send(uri);
    await arrival(1);
    await vscode.commands.executeCommand('workbench.action.closeAllEditors');
    await vscode.workspace.fs.delete(uri);
    letGo();
    assert.equal((await sent)?.exchange?.response.status, 200);
    await vscode.commands.executeCommand('countersign.resend');
    assert.deepEqual(arrived, ['/gone']);
  });

  it('cancels, and the next press sends again', async () => {
    const document = await openFile(`GET ${address}/slow\n`);
    const sent = send(document.uri);
    await arrival(1);
    await vscode.commands.executeCommand('countersign.cancel');
    assert.equal((await sent)?.error?.code, 'CS-NET-CANCELLED');
    const again = send(document.uri);
    await arrival(2);
    letGo();
    assert.equal((await again)?.exchange?.response.status, 200);
    assert.equal((await features()).app.runs.runningCount, 0);
  });

  it('B1 the lens tells elapsed time and bytes while an answer arrives, and cancels', async () => {
    const document = await openFile(`GET ${address}/stream\n`);
    const sent = send(document.uri);
    await arrival(1);
    const [response] = held;
    response?.write('x'.repeat(340_000));
    const words = /^\$\(sync~spin\)\u00a0Cancel · (\d+ ms|\d+\.\d s) · 340\.0 kB$/;
    const until = Date.now() + 5000;
    let lens: vscode.CodeLens | undefined;
    while (!words.test(lens?.command?.title ?? '') && Date.now() < until) {
      const lenses = await vscode.commands.executeCommand<vscode.CodeLens[]>(
        'vscode.executeCodeLensProvider',
        document.uri,
        20,
      );
      lens = lenses.find((each) => each.command?.command === 'countersign.cancel') ?? lens;
      await new Promise((done) => setTimeout(done, 50));
    }
    assert.match(lens?.command?.title ?? '', words);
    await vscode.commands.executeCommand(
      lens?.command?.command ?? '',
      ...((lens?.command?.arguments ?? []) as unknown[]),
    );
    assert.equal((await sent)?.error?.code, 'CS-NET-CANCELLED');
  });

  it('R04 sends a credential whose value comes back in the answer', async () => {
    const { vault } = (await features()).app.composed;
    const secret = `canary-${randomUUID()}`;
    await vault.saveDefinition('echoed', { scheme: 'bearer', origins: [address] });
    const named = await vault.find('echoed', undefined);
    assert.ok(named);
    const document = await openFile(`# @auth echoed\nGET ${address}/echo\n`);
    await answering({ texts: [secret] }, () =>
      vscode.commands.executeCommand('countersign.enterSecret', { name: 'echoed' }),
    );
    const sent = send(document.uri);
    const early = await Promise.race([arrival(1), sent]);
    assert.equal(early?.error, undefined);
    for (const response of held.splice(0)) {
      const received = response.req.headers.authorization ?? '';
      response.setHeader('X-Received', received).end(JSON.stringify({ received }));
    }
    assert.equal((await sent)?.exchange?.response.status, 200);
    await new Promise((resolve) => setTimeout(resolve, 300));
    assert.equal((await vault.findSecret(named))?.reveal(), secret);
    await vault.removeCredential(named);
  });

  it('sends from a text that no folder holds', async () => {
    const document = await vscode.workspace.openTextDocument({
      language: 'http',
      content: `GET ${address}/untitled\n`,
    });
    const sent = send(document.uri);
    await arrival(1);
    letGo();
    assert.equal((await sent)?.exchange?.response.status, 200);
  });

  it('a press where no request is sends nothing', async () => {
    const document = await openFile('### nothing\n# only a comment\n');
    assert.equal(await send(document.uri), undefined);
    assert.deepEqual(arrived, []);
  });
});
