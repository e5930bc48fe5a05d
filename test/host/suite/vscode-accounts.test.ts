/**
 * Accounts of VS Code inside a real extension host, over a provider of the test's own. VS Code refuses its consent
 * dialog in a test host, so here: that consent stands before a token, that looking asks nobody and makes no session,
 * and what a person reads when no consent was given.
 */
import assert from 'node:assert/strict';
import { after, before, describe, it } from 'mocha';
import * as vscode from 'vscode';
import type { AccountDefinition, NamedDefinition } from '../../../src/credentials/types.ts';
import { loadCredentialState } from '../../../src/run/credential-state.ts';
import type { Features } from '../../../src/vscode/features.ts';
import { features } from '../stage/extension.ts';

const provider = 'countersign-test-accounts';

describe('accounts of VS Code', () => {
  let parts: Features;
  let registration: vscode.Disposable;
  let made = 0;
  const sessions: vscode.AuthenticationSession[] = [];
  const changes = new vscode.EventEmitter<vscode.AuthenticationProviderAuthenticationSessionsChangeEvent>();

  const define = async (name: string, more: Partial<AccountDefinition> = {}): Promise<NamedDefinition> => {
    const { vault } = parts.app.composed;
    const origins = ['https://api.example.com'];
    await vault.saveDefinition(name, { scheme: 'account', provider, scopes: ['read'], origins, ...more });
    return (await vault.find(name, undefined)) as NamedDefinition;
  };

  before(async () => {
    parts = await features();
    registration = vscode.authentication.registerAuthenticationProvider(provider, 'Test accounts', {
      onDidChangeSessions: changes.event,
      getSessions: () => Promise.resolve(sessions),
      createSession: (scopes) => {
        made++;
        const account = { id: 'ada', label: 'Ada' };
        return Promise.resolve({ id: String(made), accessToken: `t0k3n-${String(made)}`, account, scopes });
      },
      removeSession: () => Promise.resolve(),
    });
  });

  after(async () => {
    registration.dispose();
    changes.dispose();
    const { vault } = parts.app.composed;
    for (const named of await vault.definitions(undefined)) await vault.removeCredential(named);
  });

  it('looks without asking, and a session without consent is none', async () => {
    const named = await define('acme');
    assert.equal((await loadCredentialState(named, parts.app.composed)).kind, 'not-signed-in');
    sessions.push({ id: 's', accessToken: 'p1anted-token', account: { id: 'ada', label: 'Ada' }, scopes: ['read'] });
    changes.fire({ added: sessions, removed: [], changed: [] });
    assert.equal((await loadCredentialState(named, parts.app.composed)).kind, 'not-signed-in');
    assert.equal(made, 0);
  });

  it('is a row that can be signed in, kept by VS Code', async () => {
    const named = await define('acme');
    const view = parts.credentialsView;
    const item = await view.getTreeItem({ kind: 'credential', named });
    assert.equal(item.description, 'not signed in');
    assert.match(item.contextValue ?? '', /\bcanSignIn\b/);
    const facts = (await view.getChildren({ kind: 'credential', named })).flatMap((node) =>
      node.kind === 'fact' ? [`${node.label} · ${node.description}`] : [],
    );
    assert.deepEqual(facts, [
      `${provider} · provider`,
      'api.example.com · may receive it',
      'read · scope asked for',
      'VS Code · kept by',
    ]);
  });

  it('goes through the consent of VS Code, which a test host does not give', async () => {
    await define('acme');
    const { accounts } = parts.app.composed.deps;
    assert.ok(accounts);
    await assert.rejects(accounts.acquire({ provider, scopes: ['read'] }, {}), { code: 'CS-AUTH-CANCELLED' });
    assert.equal(made, 0, 'a session was made without consent');
  });

  it('gives up waiting for VS Code when the send is cancelled', async () => {
    const { accounts } = parts.app.composed.deps;
    const signal = AbortSignal.abort(new Error('cancelled'));
    await assert.rejects(async () => accounts?.acquire({ provider, scopes: ['read'] }, { signal }), /cancelled/);
  });
});
