/** The extension activates without a sound: no secret is read, no connection opened, nothing registered twice. */
import assert from 'node:assert/strict';
import { appendFileSync } from 'node:fs';
import { Socket } from 'node:net';
import { describe, it } from 'mocha';
import * as vscode from 'vscode';
import { commandIds } from '../../../src/vscode/commands/ids.ts';
import { extension, features } from '../stage/extension.ts';

/** contracts.md §7. */
const promised = [
  'send',
  'sendAll',
  'sendAs',
  'cancel',
  'resend',
  'selectEnvironment',
  'addCredential',
  'signIn',
  'signOut',
  'removeCredential',
  'approveCredential',
  'showTrace',
  'exportTrace',
  'compareTraces',
  'copyAsCurl',
  'openTour',
];

describe('activation', () => {
  it('reads no secret and opens no connection', async () => {
    const found = extension();
    assert.equal(found.isActive, false, 'it was active before anything asked for it');
    const ours = `${found.extensionPath}/dist/`;
    const opened: string[] = [];
    const connect = Socket.prototype.connect as (...args: unknown[]) => Socket;
    Socket.prototype.connect = function (this: Socket, ...args: unknown[]): Socket {
      const stack = new Error('opened here').stack ?? '';
      if (stack.includes(ours)) opened.push(stack);
      return connect.apply(this, args);
    };
    try {
      const began = performance.now();
      const api = await found.activate();
      note('activation', performance.now() - began);
      const { app } = await api.features();
      note('features', performance.now() - began);
      await app.workspaceReady;
      await new Promise((done) => setTimeout(done, 500));
      assert.equal(app.secrets.reads, 0, 'a secret was read');
      assert.deepEqual(opened, []);
    } finally {
      Socket.prototype.connect = connect;
    }
  });

  it('registers every command that it contributes and that is promised', async () => {
    const manifest = extension().packageJSON as { contributes?: { commands?: { command: string }[] } } | undefined;
    const contributed = manifest?.contributes?.commands?.map((entry) => entry.command) ?? [];
    const registered = new Set(await vscode.commands.getCommands(true));
    const wanted = [...contributed, ...promised.map((name) => `countersign.${name}`)];
    assert.deepEqual(
      wanted.filter((command) => !registered.has(command)),
      [],
    );
  });

  it('has a handler behind every command', async () => {
    const { handled } = await features();
    assert.deepEqual(
      commandIds.filter((id) => !handled.includes(id)),
      [],
    );
  });

  it('runs a command about nothing without a word', async () => {
    for (const name of ['cancelSignIn', 'copySignInLink', 'pasteRedirect', 'removeOrigin']) {
      assert.ok(!(await vscode.commands.executeCommand(`countersign.${name}`)), name);
    }
  });
});

/** Kept beside the results, for the record; never asserted. */
function note(measure: string, ms: number): void {
  const file = process.env['COUNTERSIGN_HOST_RESULTS'];
  if (file) appendFileSync(file, `${JSON.stringify({ measure, ms: Math.round(ms * 10) / 10 })}\n`);
}
