/** Writes a response body to a file the person chooses, as received after decoding, without reading it whole. */
import { createWriteStream } from 'node:fs';
import { join } from 'node:path';
import { pipeline } from 'node:stream/promises';
import { Uri, window, workspace } from 'vscode';
import { extension } from 'mime-types';
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
    ...(folder === undefined ? {} : { defaultUri: Uri.file(join(folder, suggestedName(result))) }),
  });
  if (!target) return;
  await pipeline(exchange.body.stream(), createWriteStream(target.fsPath));
  void window.setStatusBarMessage(`Saved ${workspace.asRelativePath(target)}.`, 4000);
}

function suggestedName(result: RunResult): string {
  const headers = result.exchange?.response.headers ?? [];
  const value = (name: string): string => headers.find(([key]) => key.toLowerCase() === name)?.[1] ?? '';
  const given = /filename="?([^";]+)"?/i.exec(value('content-disposition'))?.[1];
  const safe = given
    ?.split(/[\\/]/)
    .at(-1)
    ?.replace(/[^\w.\- ]/g, '_')
    .replace(/^\.+/, '');
  if (safe) return safe;
  return `${(result.name ?? 'response').replace(/[^\w-]/g, '_')}.${extension(value('content-type')) || 'bin'}`;
}
