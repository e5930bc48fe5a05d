/** The build holds all that scripts need: the worker, the engine's WebAssembly, and a CLI that finds both. */
import { execFile } from 'node:child_process';
import { copyFile, mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { ensureBuilt } from '../../../scripts/build.ts';
import { root } from '../../../scripts/paths.ts';
import { serveHttp, type Listening } from '../../support/http-servers.ts';
import { startPlayground } from '../../support/playground.ts';

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

interface Ended {
  readonly code: number;
  readonly output: string;
  readonly errors: string;
}

function countersign(args: readonly string[], cwd: string, env: Record<string, string> = {}): Promise<Ended> {
  const options = { cwd, env: { ...process.env, ...env } };
  return new Promise((done) => {
    execFile(process.execPath, [join(root, 'dist', 'cli.js'), ...args], options, (error, stdout, stderr) => {
      done({ code: typeof error?.code === 'number' ? error.code : 0, output: stdout, errors: stderr });
    });
  });
}

async function run(script: string): Promise<Ended> {
  const file = join(folder, 'tests.http');
  await writeFile(file, `### one\nGET ${server.url}/a\n\n> {% ${script} %}\n\n### two\nGET ${server.url}/{{id}}\n`);
  return countersign(['run', file, '--format', 'json'], folder);
}

function testsIn(output: string): unknown[] {
  return output
    .trim()
    .split('\n')
    .flatMap((line) => (JSON.parse(line) as { tests: unknown[] }).tests);
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

  it('passes the tests of the tour against the playground', { timeout: 60_000 }, async () => {
    const playground = await startPlayground();
    try {
      const { api, issuer, ca, clients } = playground.info;
      const place = join(folder, 'tour');
      await mkdir(place);
      await copyFile(join(root, 'media', 'tour', '5-tests.http'), join(place, '5-tests.http'));
      const { client_id } = clients.confidential;
      const orders = {
        scheme: 'oauth2',
        grant: 'client_credentials',
        issuer,
        client_id,
        scope: 'orders.read',
        resource: api,
      };
      await writeFile(
        join(place, 'countersign.json'),
        JSON.stringify({ credentials: { orders: { ...orders, origins: [api] } } }),
      );
      const { code, output } = await countersign(
        ['run', '5-tests.http', '--format', 'json', '--var', `api=${api}`, '--ca', ca, '--secret', 'orders=ORDERS'],
        place,
        { ORDERS: clients.confidential.client_secret },
      );
      expect(testsIn(output)).toMatchObject([
        { name: 'three orders come', passed: true },
        { name: 'it is the one we asked for', passed: true },
      ]);
      expect(code).toBe(0);
    } finally {
      await playground.stop();
    }
  });
});
