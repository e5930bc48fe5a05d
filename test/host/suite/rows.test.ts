/** What the rows of the views do: a history entry is sent again, a credential sends and shows its definition. */
import assert from 'node:assert/strict';
import { once } from 'node:events';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, afterEach, before, describe, it } from 'mocha';
import * as vscode from 'vscode';
import type { RunResult } from '../../../src/run/types.ts';
import type { App } from '../../../src/vscode/app.ts';
import { answering, features } from '../stage/extension.ts';

describe('rows of the views', () => {
  let app: App;
  let server: Server;
  let address: string;
  let folder: string;
  let arrived: string[] = [];

  const run = (name: string, ...args: unknown[]): Thenable<RunResult | undefined> =>
    vscode.commands.executeCommand(`countersign.${name}`, ...args);

  const openFile = async (name: string, text: string): Promise<vscode.TextDocument> => {
    const path = join(folder, name);
    await writeFile(path, text);
    const document = await vscode.workspace.openTextDocument(path);
    await vscode.window.showTextDocument(document);
    return document;
  };

  const replace = async (document: vscode.TextDocument, text: string): Promise<void> => {
    const edit = new vscode.WorkspaceEdit();
    edit.replace(document.uri, new vscode.Range(0, 0, document.lineCount, 0), text);
    assert.ok(await vscode.workspace.applyEdit(edit));
    await document.save();
  };

  before(async () => {
    app = (await features()).app;
    server = createServer((request, response) => {
      arrived.push(`${request.method ?? ''} ${request.url ?? ''} ${request.headers.authorization ?? 'nobody'}`);
      response.end('{}');
    }).listen(0, '127.0.0.1');
    await once(server, 'listening');
    address = `http://127.0.0.1:${String((server.address() as AddressInfo).port)}`;
    folder = await mkdtemp(join(tmpdir(), 'host-rows-'));
  });

  afterEach(async () => {
    arrived = [];
    await vscode.commands.executeCommand('workbench.action.closeAllEditors');
  });

  after(async () => {
    for (const named of await app.composed.vault.definitions(undefined))
      await app.composed.vault.removeCredential(named);
    server.close();
    await rm(folder, { recursive: true, force: true });
  });

  it('A1.5 sends an entry again where its request stands now, and nothing when it is gone', async () => {
    const document = await openFile('again.http', `GET ${address}/a\n`);
    const id = (await run('send', { uri: document.uri.toString(), request: 0 }))?.id;
    assert.ok(id);
    await replace(document, `DELETE ${address}/b\n\n###\n\nGET ${address}/a\n`);
    assert.equal((await run('resendHistoryEntry', { id }))?.exchange?.response.status, 200);
    assert.deepEqual(arrived, ['GET /a nobody', 'GET /a nobody']);
    await replace(document, `###\n###\n# gone\n`);
    assert.equal(await run('resendHistoryEntry', { id }), undefined);
    assert.equal(await run('resendHistoryEntry', { id: 'never sent' }), undefined);
    assert.equal(arrived.length, 2);
  });

  it('A1.5 says what changed before it sends, and sends nothing without a yes', async () => {
    const document = await openFile('changed.http', `# @name one\nGET ${address}/then\n`);
    const id = (await run('send', { uri: document.uri.toString(), request: 0 }))?.id;
    await replace(document, `# @name one\nDELETE ${address}/now\n`);
    const unanswered = await answering({}, () => run('resendHistoryEntry', { id }));
    const words = `Then: GET ${address}/then with no credential. Now: DELETE ${address}/now with no credential.`;
    assert.deepEqual(unanswered.questions, [`This request changed since. ${words}`]);
    assert.equal(unanswered.result, undefined);
    assert.deepEqual(arrived, ['GET /then nobody']);
    await answering({ replies: ['Send as It Is Now'] }, () => run('resendHistoryEntry', { id }));
    assert.deepEqual(arrived, ['GET /then nobody', 'DELETE /now nobody']);
  });

  it('A1.3 filters the history by words, says so above the rows, and shows everything again', async () => {
    const { historyView } = await features();
    const entries = async (): Promise<string[]> => {
      const days = await historyView.getChildren();
      const rows = await Promise.all(days.map((day) => historyView.getChildren(day)));
      return rows.flat().map((row) => historyView.getTreeItem(row).label as string);
    };
    const document = await openFile('filter.http', `GET ${address}/apples\n\n###\n\nPOST ${address}/pears\n`);
    for (const request of [0, 1]) await run('send', { uri: document.uri.toString(), request });
    const all = await entries();
    const { inputs } = await answering({ texts: ['post PEARS'] }, () => run('filterHistory'));
    assert.equal(inputs[0]?.title, 'Filter History');
    assert.deepEqual(await entries(), ['POST /pears']);
    assert.equal(historyView.message, `1 of ${String(all.length)} requests holds “post PEARS”.`);
    await answering({}, () => run('filterHistory'));
    assert.deepEqual(await entries(), ['POST /pears']);
    await answering({ texts: ['nothing-like-it'] }, () => run('filterHistory'));
    assert.deepEqual(await entries(), []);
    assert.equal(historyView.message, `None of ${String(all.length)} requests holds “nothing-like-it”.`);
    await run('clearHistoryFilter');
    assert.deepEqual(await entries(), all);
    assert.equal(historyView.message, '');
  });

  it('C1 tells in the tooltip when a credential was last used, and nothing before', async () => {
    const { credentialsView } = await features();
    const tooltip = async (): Promise<string> => {
      await app.composed.vault.saveDefinition('told', { scheme: 'bearer', origins: [address] });
      const named = await app.composed.vault.find('told', undefined);
      assert.ok(named);
      const node = { kind: 'credential', named } as const;
      const item = await credentialsView.resolveTreeItem(await credentialsView.getTreeItem(node), node);
      return (item.tooltip as vscode.MarkdownString).value;
    };
    assert.equal((await tooltip()).includes('Last used'), false);
    const document = await openFile('told.http', `# @auth told\nGET ${address}/told\n`);
    await answering({ texts: ['canary-of-the-tooltip'] }, async () => {
      await run('enterSecret', { name: 'told' });
      return run('send', { uri: document.uri.toString(), request: 0 });
    });
    const told = await tooltip();
    assert.match(told, /\| Last used \| .*`GET http:\/\/127\.0\.0\.1:\d+\/told`/);
    assert.equal(told.includes('canary-of-the-tooltip'), false);
  });

  it('C3 Enter Secret… stands where a secret is required or kept, and inline only where one is missing', async () => {
    const { credentialsView } = await features();
    const words = async (name: string): Promise<string[]> => {
      const named = await app.composed.vault.find(name, undefined);
      assert.ok(named);
      const { contextValue } = await credentialsView.getTreeItem({ kind: 'credential', named });
      return (contextValue ?? '').split(' ').filter((word) => word === 'hasSlot' || word === 'secretMissing');
    };
    const { vault } = app.composed;
    const issuer = 'https://issuer.example';
    const shared = { scheme: 'oauth2', grant: 'authorization_code', issuer, client_id: 'c', origins: [address] };
    await vault.saveDefinition('needs', { scheme: 'bearer', origins: [address] });
    await vault.saveDefinition('takes-none', { ...shared, token_endpoint_auth_method: 'none' });
    assert.deepEqual(await words('needs'), ['hasSlot', 'secretMissing']);
    assert.deepEqual(await words('takes-none'), []);
    await answering({ texts: ['canary-of-the-menu'] }, () => run('enterSecret', { name: 'needs' }));
    assert.deepEqual(await words('needs'), ['hasSlot']);
  });

  it('C2 each state has its icon, its words and its action', async () => {
    const { credentialsView } = await features();
    const { vault, broker } = app.composed;
    await vault.saveDefinition('states', {
      scheme: 'oauth2',
      grant: 'authorization_code',
      issuer: 'https://issuer.example',
      client_id: 'c',
      token_endpoint_auth_method: 'none',
      origins: [address],
    });
    const named = await vault.find('states', undefined);
    assert.ok(named);
    const session = { scope: [], requestedScope: [], obtainedAt: 0, expiresAt: Date.now() - 1000 };
    const seen: Record<string, unknown> = {};
    const states = {
      none: { kind: 'none' },
      'signing in': { kind: 'signing-in' },
      failed: { kind: 'failed', code: 'CS-AUTH-CLIENT', message: 'The client is not accepted.' },
      unreachable: { kind: 'unreachable', host: 'issuer.example' },
      ended: { kind: 'ended', session },
      'expired, refreshes': { kind: 'expired', session, refreshable: true },
      'expired for good': { kind: 'expired', session, refreshable: false },
    };
    const look = async (name: string): Promise<void> => {
      const item = await credentialsView.getTreeItem({ kind: 'credential', named });
      const actions = /\b(canSignIn|signingIn|canRefreshInline)\b/.exec(item.contextValue ?? '')?.[1] ?? 'none';
      seen[name] = [(item.iconPath as vscode.ThemeIcon).id, item.description, actions];
      assert.match(item.accessibilityInformation?.label ?? '', /^states, .+\.$/);
    };
    try {
      for (const [name, state] of Object.entries(states)) {
        Object.assign(broker, { state: () => Promise.resolve(state) });
        await look(name);
      }
      const status = await vault.status(named);
      Object.assign(broker, { state: () => Promise.resolve(states.none) });
      Object.assign(vault, { status: () => Promise.resolve({ ...status, memoryOnly: true }) });
      await look('memory only');
    } finally {
      Reflect.deleteProperty(broker, 'state');
      Reflect.deleteProperty(vault, 'status');
    }
    assert.deepEqual(seen, {
      none: ['circle-large-outline', 'not signed in', 'canSignIn'],
      'signing in': ['loading~spin', 'waiting for the browser…', 'signingIn'],
      failed: ['error', 'sign-in failed · CS-AUTH-CLIENT', 'canSignIn'],
      unreachable: ['debug-disconnect', 'issuer.example does not answer', 'canSignIn'],
      ended: ['error', 'session ended · sign in again', 'canSignIn'],
      'expired, refreshes': ['history', 'expired · refreshes when used', 'canRefreshInline'],
      'expired for good': ['error', 'session ended · sign in again', 'canSignIn'],
      'memory only': ['circle-large-outline', 'not signed in · until this window closes', 'canSignIn'],
    });
  });

  it('C3 sends the request at the cursor as the credential of the row, which is bound as ever', async () => {
    await app.composed.vault.saveDefinition('rows', { scheme: 'bearer', origins: [address] });
    const named = await app.composed.vault.find('rows', undefined);
    assert.ok(named);
    await openFile('as.http', `GET ${address}/as\n`);
    const { result } = await answering({ texts: ['canary-of-the-row'] }, async () => {
      await run('enterSecret', { name: 'rows' });
      return run('sendAsCredential', { kind: 'credential', named });
    });
    assert.equal((result as RunResult | undefined)?.exchange?.response.status, 200);
    assert.deepEqual(arrived, ['GET /as Bearer canary-of-the-row']);
    assert.equal(await run('sendAsCredential', { named: { ...named, owner: 'workspace', file: '/x' } }), undefined);
    await openFile('elsewhere.http', 'GET http://127.0.0.1:1/\n');
    assert.equal((await run('sendAsCredential', { named }))?.error?.code, 'CS-BIND-ORIGIN');
    assert.equal(arrived.length, 1);
  });

  it('C3 shows one’s own definition, without its secret, and opens a file at its entry', async () => {
    await app.composed.vault.saveDefinition('rows', { scheme: 'bearer', origins: [address] });
    const named = await app.composed.vault.find('rows', undefined);
    assert.ok(named);
    await run('showDefinition', { named });
    const shown = vscode.window.activeTextEditor?.document;
    assert.deepEqual(JSON.parse(shown?.getText() ?? '{}'), {
      credentials: { rows: { scheme: 'bearer', origins: [address] } },
    });
    const file = await openFile('countersign.json', '{\n  "credentials": {\n    "rows": {}\n  }\n}\n');
    await vscode.commands.executeCommand('workbench.action.closeAllEditors');
    await run('editDefinition', { named: { ...named, owner: 'workspace', file: file.uri.fsPath } });
    const editor = vscode.window.activeTextEditor;
    assert.equal(editor?.document.uri.fsPath, file.uri.fsPath);
    assert.equal(editor.document.getText(editor.selection), '"rows"');
  });
});
