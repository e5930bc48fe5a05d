/** The credential commands inside a real extension host: what they ask, what they change, what they never show. */
import assert from 'node:assert/strict';
import { after, before, describe, it } from 'mocha';
import * as vscode from 'vscode';
import type { Definition, NamedDefinition } from '../../../src/credentials/types.ts';
import type { App } from '../../../src/vscode/app.ts';
import { answering, features, withSettings } from '../stage/extension.ts';
import { plant } from '../stage/plant.ts';
import { playground, stopPlayground } from '../stage/playground.ts';
import type { PlaygroundInfo } from '../../support/playground.ts';

const run = (name: string, ...args: unknown[]): Thenable<unknown> =>
  vscode.commands.executeCommand(`countersign.${name}`, ...args);

describe('credential commands', () => {
  let app: App;
  let info: PlaygroundInfo;

  before(async function () {
    this.timeout(60_000);
    app = (await features()).app;
    info = await playground();
  });

  const define = async (name: string, definition: Definition): Promise<NamedDefinition> => {
    await app.composed.vault.saveDefinition(name, definition);
    const named = await app.composed.vault.find(name, undefined);
    assert.ok(named);
    return named;
  };
  const weather = (): Promise<NamedDefinition> =>
    define('weather', { scheme: 'apiKey', in: 'header', name: 'X-API-Key', origins: [info.api] });
  const batch = (): Promise<NamedDefinition> =>
    define('batch', {
      scheme: 'oauth2',
      grant: 'client_credentials',
      issuer: info.issuer,
      client_id: info.clients.confidential.client_id,
      scope: 'orders.read',
      origins: [info.api],
    });

  after(async () => {
    for (const named of await app.composed.vault.definitions(undefined))
      await app.composed.vault.removeCredential(named);
    await stopPlayground();
  });

  it('asks for a secret saying where it goes and where it is kept, and keeps it in SecretStorage', async () => {
    const named = await weather();
    const { inputs, result } = await answering({ texts: [info.apiKey.value] }, () =>
      run('enterSecret', { name: 'weather' }),
    );
    assert.equal(result, true);
    assert.equal(inputs.length, 1);
    assert.equal(inputs[0]?.password, true);
    assert.match(inputs[0].prompt, /^Goes to https:\/\/127\.0\.0\.2:\d+ as header X-API-Key\. Kept in /);
    assert.equal((await app.composed.vault.findSecret(named))?.reveal(), info.apiKey.value);
    assert.equal(JSON.stringify(await app.composed.vault.status(named)).includes(info.apiKey.value), false);
    const stored = await app.context.secrets.get('countersign/secret/user/weather');
    assert.ok(stored?.includes(info.apiKey.value), 'SecretStorage does not hold it');
  });

  it('changes nothing when the person gives up', async () => {
    const named = await define('given-up', { scheme: 'bearer', origins: [info.api] });
    const { result } = await answering({}, () => run('enterSecret', { name: 'given-up' }));
    assert.equal(result, false);
    assert.equal(await app.composed.vault.findSecret(named), undefined);
    await answering({}, () => run('removeCredential', { name: 'given-up' }));
    assert.ok(await app.composed.vault.find('given-up', undefined), 'it was removed without a yes');
  });

  it('adds an origin that is one, removes it again, and keeps the last', async () => {
    const origins = async (): Promise<readonly string[]> =>
      (await app.composed.vault.find('weather', undefined))?.definition.origins ?? [];
    await answering({ texts: ['https://api.example.com/path'] }, () => run('addOrigin', { name: 'weather' }));
    assert.deepEqual(await origins(), [info.api]);
    await answering({ texts: ['https://api.example.com'] }, () => run('addOrigin', { name: 'weather' }));
    assert.deepEqual(await origins(), [info.api, 'https://api.example.com']);
    const target = { name: 'weather', origin: 'https://api.example.com' };
    const { modals } = await answering({ buttons: ['Remove'] }, () => run('removeOrigin', target));
    assert.equal(modals[0]?.title, 'Remove https://api.example.com from weather?');
    assert.deepEqual(await origins(), [info.api]);
    await answering({ buttons: ['Remove'] }, () => run('removeOrigin', { name: 'weather', origin: info.api }));
    assert.deepEqual(await origins(), [info.api]);
  });

  it('renames with its secret', async () => {
    const { result } = await answering({ texts: ['climate'] }, () => run('renameCredential', { name: 'weather' }));
    assert.equal(result, 'climate');
    const named = await app.composed.vault.find('climate', undefined);
    assert.ok(named);
    assert.equal((await app.composed.vault.findSecret(named))?.reveal(), info.apiKey.value);
    assert.equal(await app.context.secrets.get('countersign/secret/user/weather'), undefined);
  });

  it('copies a reference and no secret', async () => {
    await run('copyReference', { name: 'climate' });
    assert.equal(await vscode.env.clipboard.readText(), '# @auth climate');
  });

  it('says what is lost before it removes', async () => {
    const { modals } = await answering({ buttons: ['Remove'] }, () => run('removeCredential', { name: 'climate' }));
    assert.equal(modals[0]?.title, 'Remove climate and its API key from this machine?');
    assert.equal(await app.composed.vault.find('climate', undefined), undefined);
    assert.equal(await app.context.secrets.get('countersign/secret/user/climate'), undefined);
  });

  it('signs in, shows claims and trace without the token, refreshes and signs out', async () => {
    await withSettings({ 'countersign.tls.caFiles': [info.ca] }, async () => {
      const named = await batch();
      const signedIn = await answering({ texts: [info.clients.confidential.client_secret] }, () =>
        run('signIn', { name: 'batch' }),
      );
      assert.equal(signedIn.result, true, app.composed.broker.trace('batch')?.cause);
      assert.match(signedIn.inputs[0]?.prompt ?? '', /^Goes to https:\/\/127\.0\.0\.2:\d+ when a token is asked for\./);
      const token = (await app.composed.vault.session(named))?.accessToken;
      assert.ok(token);
      const first = token.reveal();
      plant(first);

      await run('showClaims', { name: 'batch' });
      const claims = vscode.window.activeTextEditor?.document;
      assert.equal(claims?.languageId, 'json');
      const shown = claims.getText();
      assert.equal(shown.includes(first), false, 'the token is in the document');
      assert.equal(shown.includes(first.split('.')[2] ?? first), false, 'the signature is in the document');
      assert.match(shown, /"credential": "batch"/);
      assert.match(shown, /not verified|opaque/);

      assert.equal(await run('introspectToken', { name: 'batch' }), true);
      const introspection = vscode.window.activeTextEditor?.document;
      assert.equal(introspection?.languageId, 'json');
      assert.match(introspection.getText(), /"note": "a signed answer[^]*"active": true[^]*"local_times"/);
      assert.equal(introspection.getText().includes(first), false, 'the token is in the document');
      assert.equal(await run('userInfo', { name: 'batch' }), undefined, 'nobody has claims');
      const nowhere = await answering({}, () => run('signOutEverywhere', { name: 'batch' }));
      assert.deepEqual([nowhere.result, nowhere.modals], [false, []], 'a service account is in no browser');
      assert.ok(await app.composed.vault.session(named));

      await run('signIn', { name: 'batch' });
      await run('showTrace', { name: 'batch' });
      const trace = vscode.window.activeTextEditor?.document.getText() ?? '';
      assert.match(trace, /^Sign-in trace of batch\nclient_credentials · .* · ok/);
      for (const secret of [first, info.clients.confidential.client_secret]) {
        assert.equal(trace.includes(secret), false, 'a secret is in the trace');
      }

      assert.equal(await run('refreshToken', { name: 'batch' }), true);
      assert.notEqual((await app.composed.vault.session(named))?.accessToken.reveal(), first);

      await run('compareTraces', { name: 'batch' });
      const compared = vscode.window.tabGroups.activeTabGroup.activeTab?.input;
      assert.ok(compared instanceof vscode.TabInputTextDiff, 'the two traces stand side by side');
      for (const uri of [compared.original, compared.modified]) {
        const side = (await vscode.workspace.openTextDocument(uri)).getText();
        assert.match(side, /^Sign-in trace of batch\n.* · ‹time› · ok/);
        assert.equal(side.includes(first), false, 'a secret is in a compared trace');
      }

      const kept = await answering({}, () => run('signOut', { name: 'batch' }));
      assert.equal(kept.result, false);
      const { modals, result } = await answering({ buttons: ['Sign Out'] }, () => run('signOut', { name: 'batch' }));
      assert.equal(result, true);
      assert.equal(modals[0]?.title, 'Sign out of batch?');
      assert.match(modals[0].detail, /^Its tokens are deleted here and revoked at 127\.0\.0\.2:\d+\./);
      assert.equal(await app.composed.vault.session(named), undefined);
    });
  }).timeout(60_000);

  it('knows the session under a sign-out of all', async () => {
    await withSettings({ 'countersign.tls.caFiles': [info.ca] }, async () => {
      assert.equal(await run('signIn', { name: 'batch' }), true);
      const { modals, result } = await answering({ buttons: ['Sign Out'] }, () => run('signOutAll'));
      assert.equal(result, true);
      assert.match(modals[0]?.detail ?? '', /batch, at 127\.0\.0\.2/);
    });
  }).timeout(60_000);

  it('an unknown name ends with a message, not an exception', async () => {
    assert.equal(await run('signIn', { name: 'nobody' }), undefined);
  });
});
