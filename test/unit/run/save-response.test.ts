/** `>> file` through the whole engine, in real folders: where it may write, and that nothing is lost or half there. */
import { mkdir, mkdtemp, readdir, readFile, realpath, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import type { RunResult } from '../../../src/run/types.ts';
import { createEngineFixture } from '../../support/engine.ts';
import { serveHttp, type Listening } from '../../support/http-servers.ts';

let server: Listening;
let base: string;
let root: string;

beforeAll(async () => {
  server = await serveHttp((request, response) => {
    if (request.url === '/cut') {
      response.writeHead(200, { 'content-length': '100' });
      response.write('half');
      return void setTimeout(() => response.destroy(), 20);
    }
    response.end(`body of ${request.url ?? ''}`);
  });
});
afterAll(() => server.close());
beforeEach(async () => {
  base = await realpath(await mkdtemp(join(tmpdir(), 'countersign-save-')));
  root = join(base, 'project');
  await mkdir(root);
});
afterEach(() => rm(base, { recursive: true }));

async function send(redirect: string, path = '/a'): Promise<RunResult> {
  const fixture = createEngineFixture({ onDisk: true });
  const text = `@name = report\n\nGET ${server.url}${path}\n\n${redirect}\n`;
  const result = await fixture.engine.send({
    text,
    path: join(root, 'requests.http'),
    root,
    request: 0,
    environments: [],
    signal: new AbortController().signal,
  });
  await fixture.dispose();
  return result;
}

describe('>> file', () => {
  it('saves the body beside the request file, folders on the way made, variables filled in', async () => {
    const result = await send('>> out/{{name}}.txt');
    expect(result.error).toBeUndefined();
    expect(await readFile(join(root, 'out/report.txt'), 'utf8')).toBe('body of /a');
    expect(result.log).toEqual([`The answer is saved as ${join(root, 'out/report.txt')}.`]);
  });
  it('takes another name when there is one already; >>! replaces it', async () => {
    await send('>> a.json', '/1');
    await send('>> a.json', '/2');
    await send('>> a.json', '/3');
    expect((await readdir(root)).sort()).toEqual(['a-1.json', 'a-2.json', 'a.json']);
    expect(await readFile(join(root, 'a.json'), 'utf8')).toBe('body of /1');
    await send('>>! a.json', '/4');
    expect(await readFile(join(root, 'a.json'), 'utf8')).toBe('body of /4');
    expect((await readdir(root)).length).toBe(3);
  });
  it('leaves a file alone when the body broke off', async () => {
    await writeFile(join(root, 'a.txt'), 'before');
    const result = await send('>>! a.txt', '/cut');
    expect(result.error?.code).toBe('CS-BODY-TRUNCATED');
    expect(await readFile(join(root, 'a.txt'), 'utf8')).toBe('before');
    expect(await readdir(root)).toEqual(['a.txt']);
  });
  it('reads nothing and writes nothing for <> file', async () => {
    const result = await send('<> old.200.json');
    expect(result.error).toBeUndefined();
    expect(await readdir(root)).toEqual([]);
  });

  it.each([
    ['above the workspace', '>>! ../outside.txt'],
    ['at an absolute path', '>>! /tmp/countersign-must-not-exist.txt'],
    ['into a hidden folder', '>>! .git/hooks/pre-commit'],
    ['into a hidden folder by its short name', '>>! GIT~1/hooks/pre-commit'],
    ['into a hidden file', '>> .env'],
    ['into the settings of the editor', '>>! .vscode/tasks.json'],
    ['on a network share', '>>! \\\\evil\\share\\x'],
  ])('W04 does not write %s', async (_, redirect) => {
    await writeFile(join(base, 'outside.txt'), 'mine');
    const result = await send(redirect);
    expect(result.exchange?.response.status).toBe(200);
    expect(result.error).toMatchObject({ code: 'CS-FILE-OUTSIDE', place: { line: 5 } });
    expect(await readFile(join(base, 'outside.txt'), 'utf8')).toBe('mine');
    expect(await readdir(root)).toEqual([]);
  });
  it('W04 does not follow a link out of the workspace, of a folder or of the file', async () => {
    await mkdir(join(base, 'elsewhere'));
    await writeFile(join(base, 'elsewhere', 'x.txt'), 'mine');
    await symlink(join(base, 'elsewhere'), join(root, 'folder'));
    await symlink(join(base, 'elsewhere', 'x.txt'), join(root, 'link.txt'));
    for (const redirect of ['>>! folder/x.txt', '>> folder/new/y.txt', '>>! link.txt']) {
      expect((await send(redirect)).error?.code).toBe('CS-FILE-OUTSIDE');
    }
    expect(await readdir(join(base, 'elsewhere'))).toEqual(['x.txt']);
    expect(await readFile(join(base, 'elsewhere', 'x.txt'), 'utf8')).toBe('mine');
  });
});
