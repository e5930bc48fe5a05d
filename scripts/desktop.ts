/**
 * Opens a folder in the desktop VS Code that is on PATH, in a profile of its own beside the person's usual one, and ends
 * that instance again. VS Code's command returns at once; the instance is known by the lock file in its profile.
 */
import { spawn } from 'node:child_process';
import { accessSync, constants } from 'node:fs';
import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { delimiter, join } from 'node:path';
import { calmSettings } from './vscode-host.ts';

/** Path of the `code` command, when desktop VS Code put one on PATH. */
export function findDesktop(): string | undefined {
  const name = process.platform === 'win32' ? 'code.cmd' : 'code';
  const folders = (process.env['PATH'] ?? '').split(delimiter).filter(Boolean);
  return folders
    .map((folder) => join(folder, name))
    .find((path) => {
      try {
        accessSync(path, constants.X_OK);
        return true;
      } catch {
        return false;
      }
    });
}

export interface DesktopOptions {
  readonly executable: string;
  readonly profile: string;
  readonly folder: string;
  /** A file of it to show at once. */
  readonly file: string | undefined;
  readonly settings: Readonly<Record<string, unknown>>;
  /** False prepares the profile and opens no window. */
  readonly open: boolean;
}

/** Opens the folder; `stop` closes the instance that was opened. */
export async function openDesktop(options: DesktopOptions): Promise<{ stop(): Promise<void> }> {
  const user = join(options.profile, 'user');
  await mkdir(join(user, 'User'), { recursive: true });
  const settings = JSON.stringify({ ...calmSettings, ...options.settings }, undefined, 2);
  await writeFile(join(user, 'User', 'settings.json'), settings);
  if (!options.open) return { stop: () => Promise.resolve() };
  const args = [
    ...['--user-data-dir', user, '--extensions-dir', join(options.profile, 'extensions')],
    ...['--disable-workspace-trust', '--disable-updates', '--new-window', options.folder],
    ...(options.file === undefined ? [] : [options.file]),
  ];
  const child = spawn(options.executable, args, { stdio: 'ignore', shell: process.platform === 'win32' });
  const code = await new Promise<number | null>((done, fail) => {
    child.once('error', fail);
    child.once('exit', done);
  });
  if (code !== 0) throw new Error(`${options.executable} ended with ${String(code)}.`);
  return {
    async stop() {
      const pid = Number(await readFile(join(user, 'code.lock'), 'utf8').catch(() => ''));
      if (pid > 0) process.kill(pid);
    },
  };
}
