/** A response page that never says it is ready, as a browser can leave it: tried again, then its tab is replaced. */
import assert from 'node:assert/strict';
import { describe, it } from 'mocha';
import * as vscode from 'vscode';
import { ResponsePanel, type OwnPanelDeps } from '../../../src/vscode/response-panel/response-panel.ts';

/** A panel whose page does nothing but note what it was given. */
function deadPanel(): { panel: vscode.WebviewPanel; pages: string[]; isClosed(): boolean } {
  const pages: string[] = [];
  const disposed = new vscode.EventEmitter<void>();
  let closed = false;
  const none = new vscode.EventEmitter<never>();
  const webview = {
    options: {},
    cspSource: 'self',
    asWebviewUri: (uri: vscode.Uri) => uri,
    onDidReceiveMessage: none.event,
    postMessage: () => Promise.resolve(true),
    set html(text: string) {
      pages.push(text);
    },
  };
  const panel = {
    webview,
    title: 'GET orders',
    visible: true,
    active: false,
    viewColumn: vscode.ViewColumn.Two,
    onDidChangeViewState: none.event,
    onDidDispose: disposed.event,
    dispose: () => {
      closed = true;
      disposed.fire();
    },
  };
  return { panel: panel as unknown as vscode.WebviewPanel, pages, isClosed: () => closed };
}

describe('a response page that stays blank', () => {
  it('is loaded again, then stands in a tab of its own, and is given up after that', async () => {
    const first = deadPanel();
    const second = deadPanel();
    const replaced: vscode.WebviewPanel[] = [];
    let closings = 0;
    const deps = {
      extensionUri: vscode.Uri.file('/extension'),
      patienceMs: 40,
      replace: (panel: vscode.WebviewPanel) => {
        replaced.push(panel);
        return second.panel;
      },
    } as unknown as OwnPanelDeps;
    const shown = new ResponsePanel(
      first.panel,
      deps,
      () => undefined,
      () => closings++,
    );
    await new Promise((done) => setTimeout(done, 400));
    assert.deepEqual([first.pages.length, second.pages.length], [2, 1]);
    assert.deepEqual(replaced, [first.panel]);
    assert.equal(second.panel.title, 'GET orders');
    assert.ok(first.isClosed() && !second.isClosed());
    assert.equal(closings, 0, 'closing the dead tab is not closing the panel');
    shown.dispose();
    assert.equal(closings, 1);
  });
});
