/** Writes the exchange on screen as HAR 1.2, without secrets, to a file the person chooses. */
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { Uri, window, workspace } from 'vscode';
import type { RunResult } from '../run/types.ts';
import type { App } from './app.ts';

export async function saveHar({ context, composed }: App, result: RunResult | undefined): Promise<void> {
  const { toHar } = await import('../convert/exporters/har.ts');
  const { version } = context.extension.packageJSON as { readonly version: string };
  const har = result && (await toHar(result, { version, redact: (text) => composed.redactor.redact(text) }));
  if (!har) {
    void window.setStatusBarMessage('Nothing was exchanged: there is nothing to save.', 4000);
    return;
  }
  const folder = workspace.workspaceFolders?.[0]?.uri.fsPath;
  const name = `${(result.name ?? 'exchange').replace(/[^\w-]/g, '_')}.har`;
  const target = await window.showSaveDialog({
    title: 'Save Exchange as HAR',
    filters: { 'HTTP Archive': ['har'] },
    ...(folder === undefined ? {} : { defaultUri: Uri.file(join(folder, name)) }),
  });
  if (!target) return;
  await writeFile(target.fsPath, `${JSON.stringify(har, undefined, 2)}\n`);
  void window.setStatusBarMessage(`Saved ${workspace.asRelativePath(target)}, without secrets.`, 4000);
}
