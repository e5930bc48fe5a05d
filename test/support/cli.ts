/**
 * The real command line for tests: bundled once a test file as it ships, into a folder of its own where no keyring of
 * this system can be found, and run as a process with a home, a configuration and a temporary folder of its own.
 * A keyring of files can be put in its place. A terminal comes from `script` (util-linux), where it is installed.
 */
import { spawn, spawnSync, type ChildProcessWithoutNullStreams } from 'node:child_process';
import { once } from 'node:events';
import { copyFile, mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { build } from 'esbuild';
import { shippedBundles } from './shipped-bundles.ts';

export const projectRoot = join(dirname(fileURLToPath(import.meta.url)), '..', '..');

/** Stands in for the native package: a file a secret, in the folder of KEYRING_FOLDER; without it, a locked keyring. */
const keyringPackage = `
const fs = require('node:fs'), path = require('node:path');
const place = (service, key) => path.join(process.env.KEYRING_FOLDER, Buffer.from(service + ' ' + key).toString('hex'));
exports.Entry = class {
  constructor(service, key) {
    if (!process.env.KEYRING_FOLDER) throw new Error('locked');
    this.file = place(service, key);
  }
  getPassword() { try { return fs.readFileSync(this.file, 'utf8'); } catch { return null; } }
  setPassword(value) { const next = this.file + process.pid; fs.writeFileSync(next, value); fs.renameSync(next, this.file); }
  deletePassword() { try { fs.unlinkSync(this.file); return true; } catch { return false; } }
};
`;

export interface Ended {
  /** Exit code; null when a signal ended it. */
  readonly code: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

export interface RunOptions {
  readonly env?: Readonly<Record<string, string>>;
  readonly cwd?: string;
  /** Piped in; without it stdin is empty. */
  readonly input?: string | Uint8Array;
}

export class Cli {
  readonly program: string;
  /** Everything this command line may write to stands below it; `work` is the folder it is started in. */
  readonly home: string;
  readonly work: string;
  readonly config: string;
  readonly keyring: string;
  readonly #folder: string;

  private constructor(folder: string) {
    this.#folder = folder;
    this.program = join(folder, 'dist', 'cli.js');
    this.home = join(folder, 'home');
    this.work = join(folder, 'home', 'work');
    this.config = join(folder, 'home', 'config');
    this.keyring = join(folder, 'keyring');
  }

  static async build(): Promise<Cli> {
    const folder = await mkdtemp(join(tmpdir(), 'countersign-cli-'));
    const cli = new Cli(folder);
    const { cli: program, workers } = await shippedBundles(join(folder, 'dist'));
    for (const options of [program, workers])
      await build({ ...options, absWorkingDir: projectRoot, logLevel: 'error', metafile: false });
    const wasm = join('node_modules', '@jitl', 'quickjs-ng-wasmfile-release-sync', 'dist', 'emscripten-module.wasm');
    await copyFile(join(projectRoot, wasm), join(folder, 'dist', 'quickjs.wasm'));
    const fake = join(folder, 'dist', 'node_modules', '@napi-rs', 'keyring');
    for (const made of [fake, cli.work, cli.config, cli.keyring, join(cli.home, 'tmp')]) {
      await mkdir(made, { recursive: true });
    }
    await writeFile(join(folder, 'package.json'), '{"type":"module"}');
    await writeFile(join(fake, 'package.json'), '{"name":"@napi-rs/keyring","main":"index.js","type":"commonjs"}');
    await writeFile(join(fake, 'index.js'), keyringPackage);
    return cli;
  }

  async dispose(): Promise<void> {
    await rm(this.#folder, { recursive: true, force: true });
  }

  /** Writes files below `work`. */
  async write(files: Readonly<Record<string, string | Uint8Array>>): Promise<void> {
    for (const [name, content] of Object.entries(files)) {
      await mkdir(dirname(join(this.work, name)), { recursive: true });
      await writeFile(join(this.work, name), content);
    }
  }

  /** A fresh `work`, and nothing remembered: no configuration, no secret. */
  async reset(): Promise<void> {
    for (const folder of [this.work, this.config, this.keyring]) {
      await rm(folder, { recursive: true, force: true });
      await mkdir(folder, { recursive: true });
    }
  }

  /** What the process gets to see of the environment; nothing of the person who runs the tests. */
  environment(more: Readonly<Record<string, string>> = {}): Record<string, string> {
    return {
      PATH: process.env['PATH'] ?? '',
      HOME: this.home,
      TMPDIR: join(this.home, 'tmp'),
      COUNTERSIGN_CONFIG: this.config,
      NODE_DISABLE_COMPILE_CACHE: '1',
      LANG: 'C.UTF-8',
      ...more,
    };
  }

  start(args: readonly string[], options: RunOptions = {}): ChildProcessWithoutNullStreams {
    return spawn(process.execPath, [this.program, ...args], {
      cwd: options.cwd ?? this.work,
      env: this.environment(options.env),
    });
  }

  async run(args: readonly string[], options: RunOptions = {}): Promise<Ended> {
    const child = this.start(args, options);
    child.stdin.on('error', () => undefined);
    child.stdin.end(options.input ?? '');
    return ended(child);
  }

  /**
   * A program for BROWSER=… that signs a person in by the playground's forms.
   * @returns the environment that makes it the browser
   */
  async browser(person: { readonly username: string; readonly password: string }): Promise<Record<string, string>> {
    const file = join(this.home, 'browser.sh');
    const program = fileURLToPath(new URL('./browser-by-forms.ts', import.meta.url));
    const flags = '--experimental-strip-types --disable-warning=ExperimentalWarning';
    await writeFile(file, `#!/bin/sh\nexec '${process.execPath}' ${flags} '${program}' "$1"\n`, { mode: 0o755 });
    return { BROWSER: file, PLAYGROUND_USER: person.username, PLAYGROUND_PASSWORD: person.password };
  }

  /** Runs it on a terminal of `columns`; both outputs arrive together in `stdout`. */
  async runOnTerminal(
    args: readonly string[],
    options: RunOptions & { readonly columns?: number; readonly type?: (screen: string) => string | undefined } = {},
  ): Promise<Ended> {
    const words = [process.execPath, this.program, ...args].map((word) => `'${word.replaceAll("'", `'\\''`)}'`);
    const command = `stty cols ${String(options.columns ?? 80)} rows 24; exec ${words.join(' ')}`;
    const child = spawn('script', ['-qefc', command, '/dev/null'], {
      cwd: options.cwd ?? this.work,
      env: this.environment({ TERM: 'xterm-256color', SHELL: '/bin/sh', ...options.env }),
    });
    child.stdin.on('error', () => undefined);
    let screen = '';
    child.stdout.on('data', (chunk: Buffer) => {
      screen += chunk.toString();
      const typed = options.type?.(screen);
      if (typed !== undefined) child.stdin.write(typed);
    });
    const result = await ended(child);
    child.stdin.end();
    return result;
  }
}

/** Whether a terminal can be had here. */
export const hasTerminal = spawnSync('script', ['--version']).status === 0;

export async function ended(child: ChildProcessWithoutNullStreams): Promise<Ended> {
  let stdout = '';
  let stderr = '';
  child.stdout.setEncoding('utf8').on('data', (text: string) => (stdout += text));
  child.stderr.setEncoding('utf8').on('data', (text: string) => (stderr += text));
  const [code] = (await once(child, 'close')) as [number | null];
  return { code, stdout, stderr };
}

/** The objects of `--format json`. */
export function jsonLines(text: string): Record<string, unknown>[] {
  return text
    .split('\n')
    .filter((line) => line !== '')
    .map((line) => JSON.parse(line) as Record<string, unknown>);
}
