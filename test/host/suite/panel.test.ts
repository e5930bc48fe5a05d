/** What the buttons of an error in the panel do: the client is mended and the request sent again, or nothing is sent. */
import assert from 'node:assert/strict';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, afterEach, before, describe, it } from 'mocha';
import * as vscode from 'vscode';
import type { CountersignError } from '../../../src/errors/countersign-error.ts';
import type { RunResult } from '../../../src/run/types.ts';
import type { App } from '../../../src/vscode/app.ts';
import type { PanelActions, PanelRun } from '../../../src/vscode/response-panel/panel-actions.ts';
import { answering, features, withSettings, type Answers, type Asked } from '../stage/extension.ts';
import { playground, stopPlayground } from '../stage/playground.ts';
import type { PlaygroundInfo } from '../../support/playground.ts';

describe('the action of an error in the panel', () => {
  let app: App;
  let actions: PanelActions;
  let info: PlaygroundInfo;
  let folder: string;

  before(async function () {
    this.timeout(60_000);
    const parts = await features();
    app = parts.app;
    actions = parts.panelActions;
    info = await playground();
    folder = await mkdtemp(join(tmpdir(), 'host-panel-'));
  });

  afterEach(async () => {
    await vscode.commands.executeCommand('workbench.action.closeAllEditors');
  });

  after(async () => {
    for (const named of await app.composed.vault.definitions(undefined))
      await app.composed.vault.removeCredential(named);
    await stopPlayground();
    await rm(folder, { recursive: true, force: true });
  });

  const define = (change: Partial<Record<string, unknown>> = {}): Promise<unknown> =>
    app.composed.vault.saveDefinition('batch', {
      scheme: 'oauth2',
      grant: 'client_credentials',
      issuer: info.issuer,
      client_id: info.clients.confidential.client_id,
      scope: 'orders.read',
      origins: [info.api],
      ...change,
    });

  const send = async (): Promise<RunResult> => {
    const path = join(folder, `${String(Date.now())}.http`);
    await writeFile(path, `# @auth batch\nGET ${info.api}/orders\n`);
    const document = await vscode.workspace.openTextDocument(path);
    await vscode.window.showTextDocument(document);
    const target = { uri: document.uri.toString(), request: 0 };
    const result = await vscode.commands.executeCommand<RunResult | undefined>('countersign.send', target);
    assert.ok(result);
    return result;
  };

  /** Presses the action and waits until it has sent again, or for a while when it is not meant to. */
  const press = (result: RunResult, answers: Answers, patience = 15_000): Promise<Asked & { result: unknown }> =>
    answering(answers, async () => {
      const { id, name, path, line } = result;
      const run: PanelRun = { runId: id, title: 'orders', name, path, line, result };
      actions.errorAction(run);
      const until = Date.now() + patience;
      while (app.runs.latest?.id === id && Date.now() < until) await new Promise((done) => setTimeout(done, 50));
      return app.runs.latest?.id === id ? undefined : app.runs.latest;
    });

  const withError = (result: RunResult, facts: Readonly<Record<string, unknown>>): RunResult => {
    assert.ok(result.error);
    const error: CountersignError = Object.assign(Object.create(result.error) as CountersignError, {
      facts: { ...result.error.facts, ...facts },
    });
    return { ...result, error };
  };

  it('CS-AUTH-CLIENT asks for the secret and sends again; given up, it sends nothing', async () => {
    await withSettings({ 'countersign.tls.caFiles': [info.ca] }, async () => {
      await define();
      await answering({ texts: ['not-the-secret'] }, () =>
        vscode.commands.executeCommand('countersign.enterSecret', { name: 'batch' }),
      );
      const failed = withError(await send(), { fix: undefined });
      assert.equal(failed.error?.code, 'CS-AUTH-CLIENT');
      const givenUp = await press(failed, {}, 500);
      assert.match(givenUp.inputs[0]?.title ?? '', /^batch: /);
      assert.equal(givenUp.result, undefined);
      const mended = await press(failed, { texts: [info.clients.confidential.client_secret] });
      assert.equal((mended.result as RunResult | undefined)?.exchange?.response.status, 200);
    });
  }).timeout(60_000);

  it('CS-AUTH-CLIENT sets what mends it in one’s own definition and sends again', async () => {
    await withSettings({ 'countersign.tls.caFiles': [info.ca] }, async () => {
      await define({ token_endpoint_auth_method: 'client_secret_post' });
      await answering({ texts: ['not-the-secret'] }, () =>
        vscode.commands.executeCommand('countersign.enterSecret', { name: 'batch' }),
      );
      const failed = await send();
      const fix = {
        title: 'Try client_secret_basic',
        field: 'token_endpoint_auth_method',
        value: 'client_secret_basic',
      };
      const { result, inputs } = await press(withError(failed, { fix }), {});
      assert.deepEqual(inputs, []);
      assert.equal((result as RunResult | undefined)?.error?.code, 'CS-AUTH-CLIENT');
      const { definition } = (await app.composed.vault.find('batch', undefined)) ?? {};
      assert.equal((definition as { token_endpoint_auth_method?: string }).token_endpoint_auth_method, fix.value);
    });
  }).timeout(60_000);

  it('CS-AUTH-CLIENT shows the definition of a client that takes no secret, and sends nothing', async () => {
    await withSettings({ 'countersign.tls.caFiles': [info.ca] }, async () => {
      await define({ token_endpoint_auth_method: 'none' });
      const failed = await send();
      assert.equal(failed.error?.code, 'CS-AUTH-CLIENT');
      const { result, inputs } = await press(failed, {}, 500);
      assert.deepEqual([result, inputs], [undefined, []]);
      const shown = vscode.window.activeTextEditor?.document;
      assert.match(shown?.uri.path ?? '', /batch \(definition\)\.json$/);
    });
  }).timeout(60_000);

  it('CS-AUTH-SECRET-MISSING sends again only when the secret was entered', async () => {
    await withSettings({ 'countersign.tls.caFiles': [info.ca] }, async () => {
      const named = await app.composed.vault.find('batch', undefined);
      if (named) await app.composed.vault.removeCredential(named);
      await define({ token_endpoint_auth_method: 'client_secret_basic' });
      const failed = await send();
      assert.equal(failed.error?.code, 'CS-AUTH-SECRET-MISSING');
      assert.equal((await press(failed, {}, 500)).result, undefined);
      const entered = await press(failed, { texts: [info.clients.confidential.client_secret] });
      assert.equal((entered.result as RunResult | undefined)?.exchange?.response.status, 200);
    });
  }).timeout(60_000);

  it('CS-AUTH-REDIRECT copies the address', async () => {
    const failed = await send();
    await vscode.env.clipboard.writeText('before');
    const redirectUri = 'http://127.0.0.1:9004/callback';
    const coded = { code: 'CS-AUTH-REDIRECT', message: '', next: '', facts: { redirectUri } } as unknown;
    await press({ ...failed, error: coded as CountersignError }, {}, 500);
    assert.equal(await vscode.env.clipboard.readText(), redirectUri);
  });
});
