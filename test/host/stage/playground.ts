/** The playground beside the suite, started from the built extension as the tour starts it; one for all tests. */
import { spawn, type ChildProcess } from 'node:child_process';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import type { PlaygroundInfo } from '../../support/playground.ts';
import { extension } from './extension.ts';

let running:
  { readonly info: Promise<PlaygroundInfo>; readonly child: ChildProcess; readonly data: string } | undefined;

export async function playground(): Promise<PlaygroundInfo> {
  if (running) return running.info;
  const data = await mkdtemp(join(tmpdir(), 'host-playground-'));
  const program = join(extension().extensionPath, 'dist', 'playground.js');
  const child = spawn(process.execPath, [program, '--data', data], {
    stdio: ['pipe', 'pipe', 'ignore'],
    env: { ...process.env, NODE_OPTIONS: '', ELECTRON_RUN_AS_NODE: '1' },
  });
  const info = new Promise<PlaygroundInfo>((done, fail) => {
    child.once('error', fail);
    child.once('exit', (code) => {
      fail(new Error(`The playground ended with ${String(code)}.`));
    });
    createInterface({ input: child.stdout }).once('line', (line) => {
      done(JSON.parse(line) as PlaygroundInfo);
    });
  });
  running = { info, child, data };
  return info;
}

export async function stopPlayground(): Promise<void> {
  const ended = running;
  running = undefined;
  ended?.child.kill();
  if (ended) await rm(ended.data, { recursive: true, force: true, maxRetries: 3 });
}
