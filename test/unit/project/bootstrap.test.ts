/** The first script of every command: it runs the next one under the project's own Node and ends as it ends. */
import { execFile } from 'node:child_process';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { root } from '../../../scripts/paths.ts';

let folder: string;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'countersign-bootstrap-'));
});

afterAll(async () => {
  await rm(folder, { recursive: true });
});

/** Runs `text` as a script through the bootstrap; resolves to its exit code and output. */
async function run(text: string, args: readonly string[] = []): Promise<{ code: number; output: string }> {
  const script = join(folder, 'script.ts');
  await writeFile(script, text);
  return new Promise((done) => {
    execFile(process.execPath, ['scripts/bootstrap.mjs', script, ...args], { cwd: root }, (error, stdout) => {
      done({ code: typeof error?.code === 'number' ? error.code : 0, output: stdout });
    });
  });
}

describe('bootstrap', () => {
  it('runs TypeScript under Node 24 with the arguments', async () => {
    const text = 'const version: string = process.versions.node;\nconsole.log(version, process.argv.slice(2).join());';
    expect((await run(text, ['--port', '0'])).output).toMatch(/^24\.\d+\.\d+ --port,0\n$/);
  });

  it('ends with the exit code of the script', async () => {
    expect((await run('process.exit(7);')).code).toBe(7);
  });

  it('fails when the script throws', async () => {
    expect((await run('throw new Error("no");')).code).toBe(1);
  });

  it('installs nothing when all is there', async () => {
    expect((await run('console.log("only this");')).output).toBe('only this\n');
  });
});
