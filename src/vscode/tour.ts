/**
 * The tour outside `npm start`: a copy of its files in the user's own storage, and the playground as a child process
 * that ends with the window. Both are made on request, never by themselves. Source: ux.md J1.
 */
import { spawn } from 'node:child_process';
import { cp, mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { ConfigurationTarget, Uri, workspace } from 'vscode';
import { CountersignError } from '../errors/countersign-error.ts';
import type { App } from './app.ts';

interface PlaygroundInfo {
  readonly issuer: string;
  readonly api: string;
  readonly ca: string;
  readonly broken: Readonly<Record<string, string>>;
  readonly clients: Readonly<Record<'native' | 'confidential', { readonly client_id: string }>>;
}

/** Starts the playground, writes the tour folder, and trusts the playground's authority in the user's settings. */
export async function ensureTour(app: App): Promise<Uri> {
  const storage = app.context.globalStorageUri.fsPath;
  const info = await startPlayground(app, join(storage, 'playground'));
  const folder = join(storage, 'tour');
  await mkdir(folder, { recursive: true });
  await cp(app.context.asAbsolutePath('media/tour'), folder, { recursive: true, force: true });
  await writeFile(join(folder, 'http-client.env.json'), `${JSON.stringify(toEnvironment(info), null, 2)}\n`);
  const settings = workspace.getConfiguration('countersign');
  const files = settings.inspect<string[]>('tls.caFiles')?.globalValue ?? [];
  if (!files.includes(info.ca)) await settings.update('tls.caFiles', [...files, info.ca], ConfigurationTarget.Global);
  return Uri.file(folder);
}

/** In the tour's own folder the practice API is started again: the person asked for it when they opened the tour. */
export async function resumeTour(app: App): Promise<void> {
  const own = join(app.context.globalStorageUri.fsPath, 'tour');
  if (app.root === own && workspace.isTrusted) await ensureTour(app);
}

function toEnvironment(info: PlaygroundInfo): object {
  return {
    playground: {
      api: info.api,
      issuer: info.issuer,
      native_client_id: info.clients.native.client_id,
      service_client_id: info.clients.confidential.client_id,
      ...Object.fromEntries(Object.entries(info.broken).map(([name, url]) => [snakeCase(name), url])),
    },
  };
}

/** `selfSigned` to `self_signed`, as the variables of the tour are written. */
function snakeCase(name: string): string {
  return name.replace(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`);
}

function startPlayground(app: App, data: string): Promise<PlaygroundInfo> {
  const program = app.context.asAbsolutePath('dist/playground.js');
  const child = spawn(process.execPath, [program, '--data', data], {
    stdio: ['pipe', 'pipe', 'ignore'],
    env: { ...process.env, ELECTRON_RUN_AS_NODE: '1' },
  });
  app.context.subscriptions.push({ dispose: () => child.kill() });
  return new Promise((done, fail) => {
    const gone = (): void =>
      fail(new CountersignError('CS-CLI-INTERNAL', 'The practice API of the tour did not start.'));
    child.once('error', gone);
    child.once('exit', gone);
    createInterface({ input: child.stdout }).once('line', (line) => done(JSON.parse(line) as PlaygroundInfo));
  });
}
