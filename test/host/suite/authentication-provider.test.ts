/**
 * The authentication provider as other extensions meet it. VS Code refuses its own consent dialog in a test host, so
 * here: what VS Code lists, that consent stands between an extension and a token, and that the provider's sessions work
 * at the API. The consent itself is clicked in the end-to-end suite.
 */
import assert from 'node:assert/strict';
import { after, before, describe, it } from 'mocha';
import * as vscode from 'vscode';
import { Secret } from '../../../src/credentials/secret.ts';
import { features, withSettings } from '../stage/extension.ts';
import { playground, stopPlayground } from '../stage/playground.ts';
import type { PlaygroundInfo } from '../../support/playground.ts';
import type { Features } from '../../../src/vscode/features.ts';

describe('authentication provider', () => {
  let info: PlaygroundInfo;
  let parts: Features;

  before(async function () {
    this.timeout(60_000);
    parts = await features();
    info = await playground();
    const { vault } = parts.app.composed;
    await vault.saveDefinition('batch', {
      scheme: 'oauth2',
      grant: 'client_credentials',
      issuer: info.issuer,
      client_id: info.clients.confidential.client_id,
      scope: 'orders.read',
      origins: [info.api],
    });
    const named = await vault.find('batch', undefined);
    assert.ok(named);
    await vault.setSecret(named, '', new Secret(info.clients.confidential.client_secret, 'batch client secret'));
  });

  after(async () => {
    const named = await parts.app.composed.vault.find('batch', undefined);
    if (named) await parts.app.composed.vault.removeCredential(named);
    await stopPlayground();
  });

  const shared = <T>(names: string[], action: () => Promise<T>): Promise<T> =>
    withSettings(
      { 'countersign.tls.caFiles': [info.ca], 'countersign.credentials.shareWithExtensions': names },
      action,
    );

  it('lists nothing and gives nothing of a credential that is not shared', async () => {
    await shared([], async () => {
      assert.deepEqual(await vscode.authentication.getAccounts('countersign'), []);
      await assert.rejects(parts.authentication.createSession(['credential:batch']), { code: 'CS-AUTH-NOT-SHARED' });
    });
  });

  it('gives a session for a shared credential, with the scopes as they were asked for', async () => {
    await shared(['batch'], async () => {
      const changes: string[] = [];
      const listener = vscode.authentication.onDidChangeSessions(({ provider }) => changes.push(provider.id));
      const session = await parts.authentication.createSession(['orders.read', 'credential:batch']);
      assert.deepEqual(session.scopes, ['orders.read', 'credential:batch']);
      const current = await parts.authentication.getSessions(['credential:batch'], {});
      assert.equal(current[0]?.accessToken, session.accessToken);
      assert.deepEqual(await parts.authentication.getSessions(['credential:batch', 'orders.write'], {}), []);
      const accounts = await vscode.authentication.getAccounts('countersign');
      assert.deepEqual(
        accounts.map(({ label }) => label),
        [info.clients.confidential.client_id],
      );
      listener.dispose();
      assert.ok(changes.includes('countersign'), 'VS Code was not told of the session');
      await parts.authentication.removeSession(session.id);
      assert.deepEqual(await parts.authentication.getSessions(['credential:batch'], {}), []);
    });
  }).timeout(60_000);

  it('another extension gets nothing without the person’s consent', async () => {
    await shared(['batch'], async () => {
      await parts.authentication.createSession(['credential:batch']);
      const ask = (options: vscode.AuthenticationGetSessionOptions): Thenable<unknown> =>
        vscode.commands.executeCommand('consumer.getSession', ['credential:batch'], options);
      assert.equal(await ask({ silent: true }), undefined);
      const outcome = await Promise.race([
        Promise.resolve(ask({ createIfNone: true })).then(
          (session) => (session === undefined ? 'nothing' : 'a session'),
          () => 'refused',
        ),
        new Promise<string>((done) => setTimeout(done, 3000, 'still asking')),
      ]);
      assert.notEqual(outcome, 'a session');
    });
  }).timeout(60_000);
});
