/**
 * Sign-ins that happen elsewhere, and what is asked of an issuer, as a person meets them inside a real extension host: the
 * device code, the request on another device, the probe, and a trace saved as a file.
 */
import assert from 'node:assert/strict';
import { readFile, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { after, before, describe, it } from 'mocha';
import * as vscode from 'vscode';
import { Secret } from '../../../src/credentials/secret.ts';
import type { OAuth2Definition } from '../../../src/credentials/types.ts';
import type { ProbeReport } from '../../../src/oauth/probe/probe.ts';
import type { App } from '../../../src/vscode/app.ts';
import { answering, features, withSettings } from '../stage/extension.ts';
import { plant } from '../stage/plant.ts';
import { playground, stopPlayground } from '../stage/playground.ts';
import { followRedirect } from '../../support/loopback-browser.ts';
import type { PlaygroundInfo } from '../../support/playground.ts';
import { allowSteps, FormBrowser, signInByForms } from '../../support/sign-in-by-forms.ts';

const run = (name: string, ...args: unknown[]): Thenable<unknown> =>
  vscode.commands.executeCommand(`countersign.${name}`, ...args);

describe('sign-ins elsewhere', () => {
  let app: App;
  let info: PlaygroundInfo;

  before(async function () {
    this.timeout(60_000);
    app = (await features()).app;
    info = await playground();
    plant(info.clients.confidential.client_secret);
  });

  after(async () => {
    for (const named of await app.composed.vault.definitions(undefined))
      await app.composed.vault.removeCredential(named);
    await stopPlayground();
  });

  const define = async (name: string, more: Partial<OAuth2Definition>, secret?: string): Promise<void> => {
    const { vault } = app.composed;
    const origins = [info.api];
    await vault.saveDefinition(name, {
      scheme: 'oauth2',
      grant: 'authorization_code',
      issuer: info.issuer,
      client_id: info.clients.native.client_id,
      scope: 'openid orders.read',
      origins,
      ...more,
    });
    const named = await vault.find(name, undefined);
    assert.ok(named);
    if (secret !== undefined) await vault.setSecret(named, '', new Secret(secret, `${name} client secret`));
  };
  const trusting = <T>(action: () => Promise<T>): Promise<T> =>
    withSettings({ 'countersign.tls.caFiles': [info.ca] }, action);
  const device = (): Promise<void> =>
    define('tv', {
      grant: 'urn:ietf:params:oauth:grant-type:device_code',
      client_id: info.clients.device.client_id,
      scope: 'openid offline_access orders.read',
    });

  it('a device code says where to enter it, for whom, and that it is copied; cancelling ends the sign-in', async () => {
    await device();
    await trusting(async () => {
      const { modals, result } = await answering({ buttons: ['Copy Code', 'Cancel'] }, () => run('signIn', 'tv'));
      assert.equal(result, false);
      assert.equal(modals.length, 2, 'copying closed the dialog');
      const [{ title, detail } = { title: '', detail: '' }] = modals;
      assert.match(title, /^([A-Z0-9-] ){7,}[A-Z0-9-]$/);
      assert.ok(detail.startsWith(`Enter this code at ${info.pages}/device. It is on the clipboard and works until `));
      for (const line of [
        'Credential: tv',
        `Identity provider: ${new URL(info.issuer).host}`,
        `Client: ${info.clients.device.client_id}`,
        'Scope: openid offline_access orders.read',
        'Only go on if you started this sign-in yourself.',
      ])
        assert.ok(detail.split('\n').includes(line), `${line}\nis not in\n${detail}`);
      const named = await app.composed.vault.find('tv', undefined);
      assert.equal(named && (await app.composed.broker.state(named as never)).kind, 'none');
    });
  }).timeout(60_000);

  it('a device code that is entered signs in, whatever is done with the dialog afterwards', async () => {
    await device();
    const { dialogs } = app;
    const before = dialogs.modal;
    let close = (): void => undefined;
    dialogs.modal = async (title, _detail, items) => {
      const code = title.replaceAll(' ', '');
      const steps = [
        { on: 'Connect a device', values: { user_code: code }, press: 'Go on' },
        { on: 'Is this the code?', press: 'Go on' },
        ...allowSteps(info.user),
      ];
      await new FormBrowser().walk(`${info.pages}/device`, steps);
      await new Promise<void>((done) => (close = done));
      return items.find((item) => item.isCloseAffordance);
    };
    try {
      assert.equal(await trusting(async () => run('signIn', 'tv')), true);
    } finally {
      close();
      dialogs.modal = before;
    }
    await delay(50);
    const named = await app.composed.vault.find('tv', undefined);
    assert.equal(named && (await app.composed.broker.state(named as never)).kind, 'signed-in');
  }).timeout(60_000);

  it('a request on another device says who is asked and what has to stand there; cancelling ends it', async () => {
    const { client_id, client_secret } = info.clients.confidential;
    const grant = 'urn:openid:params:grant-type:ciba';
    await define(
      'call',
      { grant, client_id, login_hint: info.user.username, scope: 'openid orders.read' },
      client_secret,
    );
    const shown: string[] = [];
    const before = vscode.window.withProgress;
    Object.assign(vscode.window, {
      withProgress: async (options: vscode.ProgressOptions, task: Parameters<typeof before>[1]) => {
        if (options.location !== vscode.ProgressLocation.Notification) return before(options, task);
        const source = new vscode.CancellationTokenSource();
        const report = ({ message = '' }: { message?: string }): void => {
          shown.push(`${options.title ?? ''}: ${message}`);
          setTimeout(() => source.cancel(), 10);
        };
        assert.equal(options.cancellable, true);
        return task({ report }, source.token);
      },
    });
    try {
      assert.equal(await trusting(async () => run('signIn', 'call')), false);
    } finally {
      Object.assign(vscode.window, { withProgress: before });
    }
    const words = shown.join('\n');
    assert.match(words, /^Sign in to call: 127\.0\.0\.2:\d+ asks ada on their own device \(client /m);
    assert.match(words, /Approve only if it shows \S+\.$/m);
  }).timeout(60_000);

  it('a probe asks first, signs in by the browser, and shows what the issuer enforces', async () => {
    await define('orders', { redirect: 'loopback' });
    const no = await answering({}, () => run('probeIssuer', 'orders'));
    assert.equal(no.result, undefined);
    assert.equal(no.modals.length, 1);
    assert.match(`${no.modals[0]?.title ?? ''} ${no.modals[0]?.detail ?? ''}`, /orders/);
    const before = vscode.env.openExternal;
    let opened = 0;
    const failures: unknown[] = [];
    const openExternal = (url: unknown): Promise<boolean> => {
      opened++;
      void signInByForms(String(url), info.user).then(followRedirect, (error: unknown) => failures.push(error));
      return Promise.resolve(true);
    };
    Object.assign(vscode.env, { openExternal });
    try {
      const { result } = await trusting(() => answering({ buttons: ['Probe'] }, () => run('probeIssuer', 'orders')));
      assert.deepEqual(failures, []);
      const report = result as ProbeReport;
      assert.ok(opened >= 2, `${String(opened)} sign-ins`);
      assert.ok(report.results.length > 0);
      const shown = vscode.window.activeTextEditor?.document;
      assert.match(shown?.uri.path ?? '', /orders \(probe\)\.md$/);
      assert.match(shown?.getText() ?? '', /PKCE/);
    } finally {
      Object.assign(vscode.env, { openExternal: before });
    }
  }).timeout(90_000);

  it('a trace is saved where the person says, without a secret in it', async () => {
    const { client_id, client_secret } = info.clients.confidential;
    await define('batch', { grant: 'client_credentials', client_id, scope: 'orders.read' }, client_secret);
    assert.equal(await trusting(async () => run('signIn', 'batch')), true);
    const named = await app.composed.vault.find('batch', undefined);
    const state = named && (await app.composed.broker.state(named as never));
    assert.ok(state?.kind === 'signed-in');
    const folder = vscode.workspace.workspaceFolders?.[0]?.uri.fsPath ?? '';
    const file = join(folder, 'batch-trace.txt');
    await rm(file, { force: true });
    const given = run('exportTrace', 'batch');
    const written = (): Promise<string> => readFile(file, 'utf8').catch(() => '');
    for (let turn = 0; turn < 40 && (await written()) === ''; turn++) {
      await delay(250);
      await vscode.commands.executeCommand('workbench.action.acceptSelectedQuickOpenItem');
    }
    await given;
    const text = await written();
    assert.match(text, /POST .*\/token/);
    for (const secret of [client_secret, state.session.accessToken.reveal()])
      assert.ok(!text.includes(secret), 'a secret stands in the exported trace');
    await rm(file, { force: true });
  }).timeout(60_000);
});
