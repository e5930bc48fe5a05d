/** Best practice in `countersign.json` as it is edited, its quick fix, and the document of a check. */
import assert from 'node:assert/strict';
import { readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { after, before, describe, it } from 'mocha';
import * as vscode from 'vscode';
import type { CheckReport } from '../../../src/run/check-credential.ts';
import { features } from '../stage/extension.ts';

const definitions = `{
  // kept
  "credentials": {
    "old": {
      "scheme": "oauth2",
      "grant": "password",
      "issuer": "https://127.0.0.1:9",
      "client_id": "cli",
      "username": "ada",
      "origins": ["https://api.example.com"]
    }
  }
}
`;

describe('best practice', () => {
  const file = join(vscode.workspace.workspaceFolders?.[0]?.uri.fsPath ?? '', 'countersign.json');
  let kept: string | undefined;

  before(async () => {
    await features();
    kept = await readFile(file, 'utf8').catch(() => undefined);
    await writeFile(file, definitions);
  });

  after(async () => {
    await vscode.commands.executeCommand('workbench.action.revertAndCloseActiveEditor');
    await vscode.commands.executeCommand('workbench.action.closeAllEditors');
    if (kept === undefined) await rm(file, { force: true });
    else await writeFile(file, kept);
  });

  const codeOf = ({ code }: vscode.Diagnostic): unknown => (typeof code === 'object' ? code.value : code);

  it('stands where it is, with the rule to open and a fix that keeps the rest', async () => {
    const document = await vscode.workspace.openTextDocument(file);
    await vscode.window.showTextDocument(document);
    let found: vscode.Diagnostic | undefined;
    for (let round = 0; round < 200 && !found; round++) {
      found = vscode.languages.getDiagnostics(document.uri).find((one) => codeOf(one) === 'CS-ADV-PASSWORD');
      if (!found) await new Promise((resolve) => setTimeout(resolve, 25));
    }
    assert.ok(found, 'no CS-ADV-PASSWORD');
    assert.equal(document.getText(found.range), '"password"');
    assert.equal(found.severity, vscode.DiagnosticSeverity.Error);
    const target = typeof found.code === 'object' ? found.code.target.toString(true) : '';
    assert.equal(target, 'https://www.rfc-editor.org/rfc/rfc9700#section-2.4');
    const actions = await vscode.commands.executeCommand<readonly vscode.CodeAction[]>(
      'vscode.executeCodeActionProvider',
      document.uri,
      found.range,
    );
    const fix = actions.find(({ title }) => title === 'Sign in with a browser instead');
    assert.ok(fix?.edit && (await vscode.workspace.applyEdit(fix.edit)));
    assert.match(document.getText(), /"grant": "authorization_code"/);
    assert.match(document.getText(), /\/\/ kept/);
    assert.doesNotMatch(document.getText(), /username/);
    await document.save();
  });

  it('is a document of its own, also when the issuer cannot be asked', async () => {
    const report = await vscode.commands.executeCommand<CheckReport | undefined>('countersign.checkCredential', {
      name: 'old',
    });
    assert.equal(report?.failure?.code, 'CS-NET-REFUSED');
    const shown = vscode.window.activeTextEditor?.document;
    assert.match(shown?.getText() ?? '', /^# old: best practice\n/);
    assert.match(shown?.getText() ?? '', /could not be asked/);
    assert.equal(shown?.isUntitled, false);
  });
});
