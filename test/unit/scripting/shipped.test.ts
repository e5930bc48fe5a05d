/** The build holds all that scripts need: the worker, the engine's WebAssembly, and a CLI that finds both. */
import { execFile } from 'node:child_process';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { ensureBuilt } from '../../../scripts/build.ts';
import { root } from '../../../scripts/paths.ts';
import { serveHttp, type Listening } from '../../support/http-servers.ts';

let server: Listening;
let folder: string;

beforeAll(async () => {
  await ensureBuilt(() => undefined);
  folder = await mkdtemp(join(tmpdir(), 'countersign-shipped-'));
  server = await serveHttp((request, response) => {
    request.resume();
    response.writeHead(200, { 'content-type': 'application/json' }).end('{"id": 7}');
  });
}, 120_000);

afterAll(async () => {
  await server.close();
  await rm(folder, { recursive: true });
});

async function run(script: string): Promise<{ code: number; output: string; errors: string }> {
  const file = join(folder, 'tests.http');
  await writeFile(file, `### one\nGET ${server.url}/a\n\n> {% ${script} %}\n\n### two\nGET ${server.url}/{{id}}\n`);
  const args = [join(root, 'dist', 'cli.js'), 'run', file, '--format', 'json'];
  return new Promise((done) => {
    execFile(process.execPath, args, { cwd: folder }, (error, stdout, stderr) => {
      done({ code: typeof error?.code === 'number' ? error.code : 0, output: stdout, errors: stderr });
    });
  });
}

describe('the built CLI', () => {
  it('runs handlers, and later requests see what they kept', async () => {
    const { code, output, errors } = await run(
      'client.test("id", () => client.assert(response.body.id === 7)); client.global.set("id", response.body.id); client.log("a line")',
    );
    const [one, two] = output
      .trim()
      .split('\n')
      .map((line) => JSON.parse(line) as { tests: unknown; request: { url: string } });
    expect(one?.tests).toMatchObject([{ name: 'id', passed: true }]);
    expect(two?.request.url).toBe(`${server.url}/7`);
    expect(errors).toContain('a line');
    expect(code).toBe(0);
  });

  it('ends with 1 when a test failed', async () => {
    const { code, output } = await run(
      'client.global.set("id", 1); client.test("no", () => client.assert(false, "why"))',
    );
    expect(JSON.parse(output.split('\n')[0] ?? '')).toMatchObject({
      tests: [{ name: 'no', passed: false, message: 'why' }],
    });
    expect(code).toBe(1);
  });

  it('ends with 1 when a script stopped', async () => {
    const { code, output } = await run('client.global.set("id", 1); nope()');
    expect(JSON.parse(output.split('\n')[0] ?? '')).toMatchObject({
      response: { status: 200 },
      error: { code: 'CS-SCRIPT-ERROR', place: { line: 4 } },
    });
    expect(code).toBe(1);
  });
});
