/** The first things a person does: the tour, a new request. And the output channel. */
import { commands, env, ProgressLocation, Uri, ViewColumn, window, workspace } from 'vscode';
import { ensureTour } from '../tour.ts';
import type { CommandContext, CommandGroup } from './command.ts';

export const beginnings: CommandGroup = {
  openTour,
  newRequest,
  showOutput: ({ app }) => Promise.resolve(app.log.show()),
};

async function openTour({ app }: CommandContext): Promise<void> {
  const here = workspace.workspaceFolders?.find((folder) => folder.name === 'tour' && folder.uri.scheme === 'file');
  const started = here
    ? here.uri
    : await window.withProgress(
        { location: ProgressLocation.Notification, title: 'Starting the practice API of the tour…' },
        () => ensureTour(app),
      );
  const first = Uri.joinPath(started, '1-hello.http');
  if (here) {
    await window.showTextDocument(first, { viewColumn: ViewColumn.One, preview: false });
    return;
  }
  await commands.executeCommand('vscode.openFolder', started, {
    forceNewWindow: workspace.workspaceFolders !== undefined,
  });
}

const curlStart = /^\s*curl\s/i;

/** A URL or a curl command becomes a small readable file, which is sent (ux.md J2). */
async function newRequest({ sender }: CommandContext): Promise<void> {
  const clipboard = (await env.clipboard.readText()).trim();
  const offered =
    clipboard.length < 4000 && (curlStart.test(clipboard) || /^https?:\/\/\S+$/.test(clipboard)) ? clipboard : '';
  const answer = await window.showInputBox({
    title: 'New Request',
    prompt: 'An address, or a curl command.',
    value: offered,
    ignoreFocusOut: true,
    validateInput: (text) =>
      text.trim() === '' || curlStart.test(text) || /^[^\s]+$/.test(text.trim())
        ? undefined
        : 'Write an address or a curl command.',
  });
  if (!answer?.trim()) return;
  const text = answer.trim();
  const content = curlStart.test(text)
    ? `### From curl\n${text}\n`
    : `### ${titleOf(text)}\nGET ${text}\nAccept: application/json\n`;
  const folder = workspace.workspaceFolders?.[0];
  const document = folder
    ? await workspace.openTextDocument(await write(folder.uri, content))
    : await workspace.openTextDocument({ language: 'http', content });
  await window.showTextDocument(document);
  await sender.send({ uri: document.uri.toString(), request: 0 });
}

async function write(folder: Uri, content: string): Promise<Uri> {
  for (let number = 1; ; number++) {
    const uri = Uri.joinPath(folder, number === 1 ? 'requests.http' : `requests-${number}.http`);
    const taken = await workspace.fs.stat(uri).then(
      () => true,
      () => false,
    );
    if (taken) continue;
    await workspace.fs.writeFile(uri, new TextEncoder().encode(content));
    return uri;
  }
}

function titleOf(address: string): string {
  return address.replace(/^[a-z]+:\/\//i, '').split(/[?#]/)[0] ?? address;
}
