/** Editor features of request files inside a real extension host. */
import assert from 'node:assert/strict';
import { after, before, describe, it } from 'mocha';
import * as vscode from 'vscode';
import type { App } from '../../../src/vscode/app.ts';
import { answering, features } from '../stage/extension.ts';

const token = 'sk_test_4eC39HqLyjWDarjtT1zdp7dcXY';

describe('language features', () => {
  let app: App;

  before(async () => {
    app = (await features()).app;
  });

  after(async () => {
    for (const named of await app.composed.vault.definitions(undefined))
      await app.composed.vault.removeCredential(named);
    await vscode.commands.executeCommand('workbench.action.closeAllEditors');
  });

  const open = async (content: string): Promise<vscode.TextDocument> => {
    const document = await vscode.workspace.openTextDocument({ language: 'http', content });
    await vscode.window.showTextDocument(document);
    return document;
  };

  /** The diagnostics once one of this code is there. */
  const waitFor = async (document: vscode.TextDocument, code: string): Promise<vscode.Diagnostic> => {
    for (let round = 0; round < 200; round++) {
      const found = vscode.languages.getDiagnostics(document.uri).find((one) => one.code === code);
      if (found) return found;
      await new Promise((resolve) => setTimeout(resolve, 25));
    }
    throw new assert.AssertionError({ message: `no ${code}` });
  };

  const fixes = async (document: vscode.TextDocument, at: vscode.Range): Promise<readonly vscode.CodeAction[]> =>
    vscode.commands.executeCommand('vscode.executeCodeActionProvider', document.uri, at);

  it('unknown names are said where they stand, with their fixes', async () => {
    const document = await open('@base_url = http://127.0.0.1:9\n\n# @auth nobody\nGET {{baseUrl}}/x\n');
    const unknown = await waitFor(document, 'CS-VAR-UNKNOWN');
    assert.match(unknown.message, /^No variable is called “baseUrl”.* Close: base_url\.$/);
    assert.equal(document.getText(unknown.range), '{{baseUrl}}');
    const [change] = await fixes(document, unknown.range);
    assert.equal(change?.title, 'Change to “base_url”');
    assert.ok(change.edit && (await vscode.workspace.applyEdit(change.edit)));
    assert.equal(document.lineAt(3).text, 'GET {{base_url}}/x');
    assert.equal((await waitFor(document, 'CS-DEF-UNKNOWN')).message, 'No credential is called “nobody”.');
  });

  it('completes in the order of likelihood', async () => {
    const document = await open('@api = http://127.0.0.1:9\n\nPOST {{api}}/x\n\n');
    const list: vscode.CompletionList = await vscode.commands.executeCommand(
      'vscode.executeCompletionItemProvider',
      document.uri,
      new vscode.Position(3, 0),
    );
    const first = list.items.find(({ sortText }) => sortText === '00000');
    assert.equal(first?.label, 'Content-Type: ');
  });

  it('reads a file as the dialect that settings choose', async () => {
    const document = await open('POST http://127.0.0.1:9/a\n\n{}\n\nGET /b\n');
    const settings = vscode.workspace.getConfiguration('countersign');
    const count = (): number => app.documents.parse(document).requests.length;
    assert.equal(count(), 1);
    try {
      await settings.update('dialect', 'httpyac', vscode.ConfigurationTarget.Global);
      assert.equal(count(), 2);
      assert.equal(app.documents.parse(document).dialect, 'httpyac');
    } finally {
      await settings.update('dialect', undefined, vscode.ConfigurationTarget.Global);
    }
    assert.equal(count(), 1);
  });

  it('puts lenses over the http blocks of Markdown, and nowhere else', async () => {
    const lensesOf = async (content: string): Promise<number[]> => {
      const document = await vscode.workspace.openTextDocument({ language: 'markdown', content });
      const lenses: vscode.CodeLens[] = await vscode.commands.executeCommand(
        'vscode.executeCodeLensProvider',
        document.uri,
      );
      return [...new Set(lenses.map(({ range }) => range.start.line))];
    };
    assert.deepEqual(await lensesOf('# API\n\n```http\nGET http://127.0.0.1:9\n```\n'), [3]);
    assert.deepEqual(await lensesOf('GET http://127.0.0.1:9\n'), []);
  });

  it('renames, formats and colours', async () => {
    const document = await open(
      '@api=http://127.0.0.1:9\n\nGET  {{api}}/x\n###\nPOST {{api}}/y\n\n{}\n// not sent\n{}\n',
    );
    const tokens: vscode.SemanticTokens | undefined = await vscode.commands.executeCommand(
      'vscode.provideDocumentSemanticTokens',
      document.uri,
    );
    // Two methods, one definition, two uses, one comment line: five numbers each.
    assert.equal(tokens?.data.length, 6 * 5);
    const renamed: vscode.WorkspaceEdit = await vscode.commands.executeCommand(
      'vscode.executeDocumentRenameProvider',
      document.uri,
      new vscode.Position(2, 8),
      'base',
    );
    assert.ok(await vscode.workspace.applyEdit(renamed));
    const edits: vscode.TextEdit[] = await vscode.commands.executeCommand(
      'vscode.executeFormatDocumentProvider',
      document.uri,
      { tabSize: 4, insertSpaces: true },
    );
    const formatted = new vscode.WorkspaceEdit();
    formatted.set(document.uri, edits);
    assert.ok(await vscode.workspace.applyEdit(formatted));
    assert.equal(
      document.getText(),
      '@base = http://127.0.0.1:9\n\nGET {{base}}/x\n\n###\nPOST {{base}}/y\n\n{}\n// not sent\n{}\n',
    );
  });

  it('puts Run above a run line', async () => {
    const document = await open('### a\nGET http://127.0.0.1:9\n\n###\nrun #a\n');
    const lenses: vscode.CodeLens[] = await vscode.commands.executeCommand(
      'vscode.executeCodeLensProvider',
      document.uri,
    );
    const run = lenses.find(({ command }) => command?.command === 'countersign.runLine');
    assert.equal(run?.range.start.line, 4);
    assert.deepEqual(run.command?.arguments, [{ uri: document.uri.toString(), line: 5 }]);
  });

  it('hovers tell value and origin', async () => {
    const document = await open('@api = http://127.0.0.1:9\n\nGET {{api}}/x\n');
    const hovers: vscode.Hover[] = await vscode.commands.executeCommand(
      'vscode.executeHoverProvider',
      document.uri,
      new vscode.Position(2, 7),
    );
    const text = hovers.flatMap(({ contents }) => contents as vscode.MarkdownString[]).map(({ value }) => value);
    assert.match(text.join('\n'), /`http:\/\/127\.0\.0\.1:9`/);
    assert.match(text.join('\n'), /this file\\, line 1/);
  });

  it('moves a literal secret to the store first, then out of the file, in one step', async () => {
    const content = `### Me\nGET https://api.example.com/me\nAuthorization: Bearer ${token}\nAccept: a/b\n`;
    const document = await open(content);
    const found = await waitFor(document, 'CS-DEF-SECRET');
    assert.equal(document.getText(found.range), token);
    const move = (await fixes(document, found.range)).find(({ isPreferred }) => isPreferred);
    assert.equal(move?.title, 'Move to the secret store as credential…');
    const { command } = move;
    assert.ok(command);
    assert.equal(JSON.stringify(command.arguments).includes(token), false);
    const stored: Thenable<string | undefined>[] = [];
    const listener = vscode.workspace.onDidChangeTextDocument(({ document: changed, contentChanges }) => {
      if (changed === document && contentChanges.length > 0)
        stored.push(app.context.secrets.get('countersign/secret/user/mine'));
    });
    const { inputs, modals } = await answering({ texts: ['mine'] }, () =>
      vscode.commands.executeCommand(command.command, ...((command.arguments ?? []) as unknown[])),
    );
    listener.dispose();
    assert.equal(inputs.length, 1);
    assert.deepEqual(modals, []);
    assert.equal(document.getText(), '### Me\n# @auth mine\nGET https://api.example.com/me\nAccept: a/b\n');
    assert.equal(stored.length, 1, 'the text did not change in one step');
    assert.ok((await stored[0])?.includes(token), 'the text changed before the secret was stored');
    const named = await app.composed.vault.find('mine', undefined);
    assert.ok(named);
    assert.deepEqual(named.definition, { scheme: 'bearer', origins: ['https://api.example.com'] });
    assert.equal((await app.composed.vault.findSecret(named))?.reveal(), token);
    assert.equal(app.composed.redactor.redact(`x ${token} y`).includes(token), false);
    await vscode.commands.executeCommand('undo');
    assert.equal(document.getText(), content);
  });

  it('remembers what is no secret, as a hash', async () => {
    const other = `${token}Z9`;
    const document = await open(`GET https://api.example.com/me\nX-API-Key: ${other}\n`);
    const found = await waitFor(document, 'CS-DEF-SECRET');
    const fix = (await fixes(document, found.range)).find(({ title }) => title === 'This is not a secret');
    assert.ok(fix?.command);
    await vscode.commands.executeCommand(fix.command.command, ...((fix.command.arguments ?? []) as unknown[]));
    for (let round = 0; round < 200 && vscode.languages.getDiagnostics(document.uri).length > 0; round++)
      await new Promise((resolve) => setTimeout(resolve, 25));
    assert.deepEqual(vscode.languages.getDiagnostics(document.uri), []);
    assert.equal(JSON.stringify(app.context.globalState.get('notSecrets')).includes(other), false);
  });

  it('lists requests in the outline and folds them', async () => {
    const document = await open('### One\nGET http://x\nA: b\n\n### Two\nGET http://y\n');
    const found: vscode.DocumentSymbol[] = await vscode.commands.executeCommand(
      'vscode.executeDocumentSymbolProvider',
      document.uri,
    );
    assert.deepEqual(
      found.map(({ name }) => name),
      ['One', 'Two'],
    );
    const folds: vscode.FoldingRange[] = await vscode.commands.executeCommand(
      'vscode.executeFoldingRangeProvider',
      document.uri,
    );
    assert.deepEqual(
      folds.map(({ start, end }) => [start, end]),
      [
        [0, 2],
        [4, 5],
      ],
    );
  });
});
