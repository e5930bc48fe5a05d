/**
 * Starts the playground as a child process, as a user has it, for every suite. Takes dist/playground.js when it is newer
 * than its sources, else the sources themselves (Node strips the types). Owns the child and its data folder.
 */
import { spawn } from 'node:child_process';
import type { ChildProcess } from 'node:child_process';
import { mkdtemp, readdir, rm, stat } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

/** The line of contracts §2. */
export interface PlaygroundInfo {
  readonly issuer: string;
  readonly api: string;
  /** Path of the root certificate, PEM. */
  readonly ca: string;
  /** Origin of what a browser opens, plain http. */
  readonly pages: string;
  readonly broken: Readonly<Record<'selfSigned' | 'expired' | 'wrongHost' | 'missingIntermediate', string>>;
  readonly clients: {
    readonly native: { readonly client_id: string };
    readonly confidential: { readonly client_id: string; readonly client_secret: string };
    readonly jwt: { readonly client_id: string; readonly jwks: string; readonly key: string };
    readonly mtls: { readonly client_id: string; readonly cert: string; readonly key: string };
    readonly device: { readonly client_id: string };
    readonly legacy: { readonly client_id: string };
  };
  readonly user: { readonly username: string; readonly password: string };
  readonly admin: { readonly username: string; readonly password: string };
  readonly apiKey: { readonly header: string; readonly query: string; readonly cookie: string; readonly value: string };
  readonly basic: { readonly username: string; readonly password: string };
}

export interface StartOptions {
  /** A folder to keep or to start again from; without it a fresh one, removed by stop(). */
  readonly data?: string;
  readonly port?: number;
  readonly clockSkew?: number;
  readonly accessTokenTtl?: number;
}

export interface RunningPlayground {
  readonly info: PlaygroundInfo;
  /** What it printed on stdout and stderr so far. */
  output(): { readonly stdout: string; readonly stderr: string };
  /** Ends it (SIGTERM) and resolves with its exit code. Calling it again is harmless. */
  stop(): Promise<number | null>;
  readonly child: ChildProcess;
}

const root = join(dirname(fileURLToPath(import.meta.url)), '..', '..');

async function newest(folder: string): Promise<number> {
  const names = await readdir(folder, { recursive: true });
  const stats = await Promise.all(names.map(async (name) => stat(join(folder, name))));
  return Math.max(...stats.map((one) => one.mtimeMs));
}

/** `PLAYGROUND_PROGRAM` names another build to test. */
async function resolveProgram(): Promise<readonly string[]> {
  const named = process.env['PLAYGROUND_PROGRAM'];
  if (named !== undefined) return [named];
  const built = join(root, 'dist', 'playground.js');
  const source = join(root, 'src', 'playground');
  const builtAt = await stat(built).then(
    (found) => found.mtimeMs,
    () => 0,
  );
  if (builtAt > (await newest(source))) return [built];
  return ['--experimental-strip-types', '--disable-warning=ExperimentalWarning', join(source, 'main.ts')];
}

async function readInfo(child: ChildProcess, output: { stdout: string; stderr: string }): Promise<PlaygroundInfo> {
  return new Promise((resolve, reject) => {
    child.stdout?.setEncoding('utf8').on('data', (text: string) => {
      output.stdout += text;
      const end = output.stdout.indexOf('\n');
      if (end >= 0) resolve(JSON.parse(output.stdout.slice(0, end)) as PlaygroundInfo);
    });
    child.stderr?.setEncoding('utf8').on('data', (text: string) => {
      output.stderr += text;
    });
    child.once('error', reject);
    child.once('exit', (code) => {
      reject(new Error(`The playground ended with ${String(code)} before it was ready:\n${output.stderr}`));
    });
  });
}

/** Starts one and waits for its line. Rejects with what it printed when it ends instead. */
export async function startPlayground(options: StartOptions = {}): Promise<RunningPlayground> {
  const data = options.data ?? (await mkdtemp(join(tmpdir(), 'playground-')));
  const given = { port: options.port, 'clock-skew': options.clockSkew, 'access-token-ttl': options.accessTokenTtl };
  const flags = Object.entries(given).flatMap(([name, value]) =>
    value === undefined ? [] : [`--${name}=${String(value)}`],
  );
  const program = await resolveProgram();
  const child = spawn(process.execPath, [...program, '--data', data, ...flags], {
    stdio: ['pipe', 'pipe', 'pipe'],
    env: { ...process.env, NODE_OPTIONS: '', ELECTRON_RUN_AS_NODE: '1' },
  });
  const output = { stdout: '', stderr: '' };
  const ended = new Promise<number | null>((resolve) => {
    child.once('exit', resolve);
    child.once('error', () => {
      resolve(null);
    });
  });
  const stop = async (): Promise<number | null> => {
    if (child.exitCode === null) child.kill('SIGTERM');
    const code = await ended;
    if (options.data === undefined) await rm(data, { recursive: true, force: true });
    return code;
  };
  try {
    return { info: await readInfo(child, output), output: () => ({ ...output }), stop, child };
  } catch (error) {
    await stop();
    throw error;
  }
}

/** Definitions of a person's sign-in and of a service, as a folder's countersign.json has them. */
export function playgroundCredentials({ issuer, api, clients }: PlaygroundInfo): Record<'orders' | 'batch', object> {
  return {
    orders: {
      scheme: 'oauth2',
      grant: 'authorization_code',
      issuer,
      client_id: clients.native.client_id,
      scope: 'openid profile offline_access orders.read',
      origins: [api],
    },
    batch: {
      scheme: 'oauth2',
      grant: 'client_credentials',
      issuer,
      client_id: clients.confidential.client_id,
      scope: 'orders.read',
      origins: [api],
    },
  };
}
