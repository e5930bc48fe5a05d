/**
 * Brings the browser-hosted VS Code that demo and tests run in: the npm package code-server, pinned by version and
 * checksum, into .vscode-test/. Native add-ons are left out (no compiler is needed); the one that the extension host
 * insists on gets a stand-in. It does not start anything.
 */
import { existsSync, readFileSync } from 'node:fs';
import { mkdir, readdir, rename, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { isRunning } from './orphan.ts';
import { root } from './paths.ts';
import { startTree } from './process-tree.ts';

const version = '4.139.1';
const integrity = 'sha512-fUYvJVdz4ZoVJfakGiGWXFMpF8K1ObsrpGvX17ZxNpKOzdNHs7lANT670JTr4ZhA8DnWqyvvmFG/d3HV9Yy6ew==';
const home = join(root, '.vscode-test');

export interface CodeServer {
  /** Folder of the package code-server. */
  readonly wrapper: string;
  /** Folder of VS Code itself inside it. */
  readonly vscode: string;
}

/** The installed VS Code; installs it first (about 30 s) where it is missing, saying so through `say`. */
export async function ensureCodeServer(say: (line: string) => void): Promise<CodeServer> {
  const place = join(home, `code-server-${version}`);
  const wrapper = join(place, 'node_modules', 'code-server');
  const found = { wrapper, vscode: join(wrapper, 'lib', 'vscode') };
  if (existsSync(place)) return found;

  say(`Installing browser-hosted VS Code, once (code-server ${version} from npm) …`);
  const began = Date.now();
  const heartbeat = setInterval(() => {
    say(`  still installing, ${String(Math.round((Date.now() - began) / 1000))} s …`);
  }, 10_000);
  try {
    await removeUnfinished();
    const temporary = join(home, `unfinished-${String(process.pid)}`);
    await mkdir(temporary, { recursive: true });
    await install(temporary);
    try {
      await rename(temporary, place);
    } catch (error) {
      // Another process was quicker.
      if (!existsSync(place)) throw error;
      await rm(temporary, { recursive: true, force: true });
    }
  } finally {
    clearInterval(heartbeat);
  }
  say(`Installed in ${String(Math.round((Date.now() - began) / 1000))} s.`);
  return found;
}

async function removeUnfinished(): Promise<void> {
  await mkdir(home, { recursive: true });
  for (const name of await readdir(home)) {
    const pid = /^unfinished-(\d+)$/.exec(name)?.[1];
    if (pid !== undefined && !isRunning(Number(pid))) await rm(join(home, name), { recursive: true, force: true });
  }
}

async function install(folder: string): Promise<void> {
  await writeFile(
    join(folder, 'package.json'),
    JSON.stringify({ private: true, dependencies: { 'code-server': version } }),
  );
  await npm(folder, ['install', '--ignore-scripts']);
  const lock = JSON.parse(readFileSync(join(folder, 'package-lock.json'), 'utf8')) as {
    packages: Record<string, { integrity?: string } | undefined>;
  };
  const got = lock.packages['node_modules/code-server']?.integrity;
  if (got !== integrity) throw new Error(`code-server ${version} has the checksum ${String(got)}, not the pinned one.`);
  const vscode = join(folder, 'node_modules', 'code-server', 'lib', 'vscode');
  await npm(vscode, ['install', '--omit=dev', '--ignore-scripts']);
  await npm(join(vscode, 'extensions'), ['install', '--omit=dev', '--ignore-scripts']);
  const watchdog = join(vscode, 'node_modules', '@vscode', 'native-watchdog', 'build', 'Release');
  await mkdir(watchdog, { recursive: true });
  await writeFile(join(watchdog, 'watchdog.js'), 'exports.start = () => {};\nexports.exit = process.exit;\n');
}

async function npm(cwd: string, args: readonly string[]): Promise<void> {
  const tree = startTree('npm', [...args, '--no-audit', '--no-fund', '--loglevel=error'], {
    cwd,
    shell: process.platform === 'win32',
  });
  const code = await tree.ended;
  if (code !== 0) throw new Error(`npm ${args.join(' ')} ended with ${String(code)} in ${cwd}.\n${tree.output()}`);
}
