/** The extension is there, activates, and its commands exist. */
import assert from 'node:assert/strict';
import { describe, it } from 'mocha';
import * as vscode from 'vscode';

const id = 'countersign.countersign';

describe('activation', () => {
  it('activates', async () => {
    const extension = vscode.extensions.getExtension(id);
    assert.ok(extension, `${id} is not installed`);
    await extension.activate();
    assert.equal(extension.isActive, true);
  });

  it('registers every command that it contributes', async () => {
    const extension = vscode.extensions.getExtension(id);
    const manifest = extension?.packageJSON as { contributes?: { commands?: { command: string }[] } } | undefined;
    const contributed = manifest?.contributes?.commands?.map((entry) => entry.command) ?? [];
    assert.ok(contributed.includes('countersign.send'), 'countersign.send is not contributed');
    const registered = new Set(await vscode.commands.getCommands(true));
    assert.deepEqual(
      contributed.filter((command) => !registered.has(command)),
      [],
    );
  });
});
