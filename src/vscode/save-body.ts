/** Writes a response body to a file the person chooses, as received after decoding, without reading it whole. */
import { createWriteStream } from 'node:fs';
import { join } from 'node:path';
import { pipeline } from 'node:stream/promises';
import { Uri, window, workspace } from 'vscode';
import type { RunResult } from '../run/types.ts';

export async function saveResponseBody(result: RunResult | undefined): Promise<void> {
  const exchange = result?.exchange;
  if (!exchange) {
    void window.setStatusBarMessage('There is no body to save.', 4000);
    return;
  }
  const folder = workspace.workspaceFolders?.[0]?.uri.fsPath;
  const target = await window.showSaveDialog({
    title: 'Save Response Body',
    ...(folder === undefined ? {} : { defaultUri: Uri.file(join(folder, await suggestedName(result))) }),
  });
  if (!target) return;
  await pipeline(exchange.body.stream(), createWriteStream(target.fsPath));
  void window.setStatusBarMessage(`Saved ${workspace.asRelativePath(target)}.`, 4000);
}

async function suggestedName(result: RunResult): Promise<string> {
  const headers = result.exchange?.response.headers ?? [];
  const value = (name: string): string => headers.find(([key]) => key.toLowerCase() === name)?.[1] ?? '';
  const given = /filename="?([^";]+)"?/i.exec(value('content-disposition'))?.[1];
  const safe = given
    ?.split(/[\\/]/)
    .at(-1)
    ?.replace(/[^\w.\- ]/g, '_')
    .replace(/^\.+/, '');
  if (safe) return safe;
  // The tables of media types are large: loaded when something is saved. A bundled CommonJS package has `default` only.
  const { default: mime } = await import('mime-types');
  return `${(result.name ?? 'response').replace(/[^\w-]/g, '_')}.${mime.extension(value('content-type')) || 'bin'}`;
}
