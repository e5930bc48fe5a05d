/**
 * Child processes that end with everything they started. On POSIX a child leads a process group of its own, so that
 * Ctrl-C in the terminal reaches only us and we end the others in order; on Windows the tree is ended by `taskkill`.
 */
import { type ChildProcess, spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { readdirSync, readFileSync } from 'node:fs';
import { setTimeout as delay } from 'node:timers/promises';

export interface Tree {
  readonly child: ChildProcess;
  /** Everything the process wrote, both streams, at most the last 200,000 characters. */
  output(): string;
  /** Resolves to the first match of `pattern` in the output; rejects with the output when the process ends first. */
  waitFor(pattern: RegExp, timeoutMs: number): Promise<RegExpExecArray>;
  /** Resolves when the process has ended: to its exit code, or null when a signal ended it or it never started. */
  readonly ended: Promise<number | null>;
  /** Ends the process and its descendants; resolves when they are gone. */
  stop(): Promise<void>;
}

export interface TreeOptions {
  readonly cwd?: string;
  readonly env?: NodeJS.ProcessEnv;
  /** Through a shell, for commands that are scripts on Windows. */
  readonly shell?: boolean;
}

const alive = new Set<Tree>();

/** Ends every tree that still runs, the latest first. */
export async function stopAllTrees(): Promise<void> {
  for (const tree of [...alive].reverse()) await tree.stop();
}

/** Starts `command` with an open stdin pipe, so that a child which watches its stdin ends when we are killed. */
export function startTree(command: string, args: readonly string[], options: TreeOptions = {}): Tree {
  const child = spawn(command, args, {
    cwd: options.cwd,
    env: options.env ?? process.env,
    stdio: ['pipe', 'pipe', 'pipe'],
    detached: process.platform !== 'win32',
    shell: options.shell ?? false,
  });
  let text = '';
  const listeners = new Set<() => void>();
  const take = (chunk: Buffer): void => {
    text = (text + chunk.toString()).slice(-200_000);
    for (const listener of listeners) listener();
  };
  child.stdout.on('data', take);
  child.stderr.on('data', take);
  child.stdin.on('error', () => undefined);
  let failure: Error | undefined;
  const ended = new Promise<number | null>((done) => {
    child.once('error', (error) => {
      failure = error;
      done(null);
    });
    child.once('exit', done);
  });

  const tree: Tree = {
    child,
    ended,
    output: () => text,
    waitFor: (pattern, timeoutMs) =>
      new Promise((resolve, reject) => {
        const finish = (settle: () => void): void => {
          clearTimeout(timer);
          listeners.delete(look);
          settle();
        };
        const refuse = (why: string): void => {
          finish(() => {
            reject(new Error(`${command} ${args.slice(0, 2).join(' ')}: ${why}\n${text.slice(-4000)}`));
          });
        };
        const look = (): void => {
          const match = pattern.exec(text);
          if (match)
            finish(() => {
              resolve(match);
            });
        };
        const timer = setTimeout(() => {
          refuse(`did not become ready in ${String(timeoutMs)} ms`);
        }, timeoutMs);
        listeners.add(look);
        void ended.then(() => {
          refuse(failure ? failure.message : `ended with ${String(child.exitCode ?? child.signalCode)}`);
        });
        look();
      }),
    stop: () => stopTree(child, ended),
  };
  alive.add(tree);
  void ended.then(() => alive.delete(tree));
  return tree;
}

async function stopTree(child: ChildProcess, ended: Promise<unknown>): Promise<void> {
  if (child.pid === undefined) return;
  if (process.platform === 'win32') {
    spawnSync('taskkill', ['/PID', String(child.pid), '/T', '/F'], { stdio: 'ignore' });
    await ended;
    return;
  }
  // A descendant may have made a group of its own: note them all before their parent is gone.
  const pids = [child.pid, ...descendantsOf(child.pid)];
  signalAll(child.pid, pids, 'SIGTERM');
  if (await allGone(pids, 5000)) return;
  signalAll(child.pid, pids, 'SIGKILL');
  await allGone(pids, 5000);
  if (child.exitCode === null && child.signalCode === null) await once(child, 'exit');
}

function signalAll(group: number, pids: readonly number[], signal: NodeJS.Signals): void {
  for (const target of [-group, ...pids]) {
    try {
      process.kill(target, signal);
    } catch {
      // Already gone.
    }
  }
}

async function allGone(pids: readonly number[], timeoutMs: number): Promise<boolean> {
  const end = Date.now() + timeoutMs;
  for (;;) {
    if (!pids.some(isAlive)) return true;
    if (Date.now() > end) return false;
    await delay(50);
  }
}

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
  } catch {
    return false;
  }
  try {
    return !/^State:\s+Z/m.test(readFileSync(`/proc/${String(pid)}/status`, 'utf8'));
  } catch {
    return process.platform !== 'linux';
  }
}

/** Process ids of all descendants, parents first. Linux reads /proc; elsewhere `ps` answers. */
function descendantsOf(pid: number): number[] {
  const children = new Map<number, number[]>();
  for (const [id, parent] of processTable()) children.set(parent, [...(children.get(parent) ?? []), id]);
  const found: number[] = [];
  const queue = [pid];
  for (let next = queue.shift(); next !== undefined; next = queue.shift()) {
    const own = children.get(next) ?? [];
    found.push(...own);
    queue.push(...own);
  }
  return found;
}

function processTable(): [id: number, parent: number][] {
  if (process.platform === 'linux') {
    return readdirSync('/proc')
      .filter((name) => /^\d+$/.test(name))
      .flatMap((name) => {
        try {
          const parent = /^PPid:\s+(\d+)/m.exec(readFileSync(`/proc/${name}/status`, 'utf8'))?.[1];
          return parent === undefined ? [] : [[Number(name), Number(parent)] as [number, number]];
        } catch {
          return [];
        }
      });
  }
  const table = spawnSync('ps', ['-A', '-o', 'pid=,ppid='], { encoding: 'utf8' }).stdout;
  return table
    .split('\n')
    .map((line) => line.trim().split(/\s+/).map(Number))
    .flatMap(([id, parent]) => (id === undefined || parent === undefined ? [] : [[id, parent] as [number, number]]));
}
