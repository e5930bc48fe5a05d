/** Requests that need others, over real sockets: `# @ref`, `# @force-ref`, `import`, `run`, circles, files that are not there. */
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { parseRequestFile } from '../../../src/language/parse-request-file.ts';
import { planSteps, type Step } from '../../../src/run/steps.ts';
import type { RunResult } from '../../../src/run/types.ts';
import { createEngineFixture, fixturePath, fixtureRoot, type EngineFixture } from '../../support/engine.ts';
import { fakeFiles } from '../../support/fake-files.ts';
import { serveHttp, type Listening } from '../../support/http-servers.ts';

let server: Listening;
let fixture: EngineFixture | undefined;
const arrived: string[] = [];

beforeAll(async () => {
  let count = 0;
  server = await serveHttp((request, response) => {
    arrived.push(`${request.method} ${request.url}`);
    response.writeHead(200, { 'content-type': 'application/json' }).end(`{"token":"t${(count += 1)}"}`);
  });
});
afterAll(async () => server.close());
afterEach(async () => {
  arrived.length = 0;
  await fixture?.dispose();
  fixture = undefined;
});

function engine(files: Readonly<Record<string, string>> = {}): EngineFixture {
  return (fixture = createEngineFixture({ files }));
}

function lines(...all: string[]): string {
  return all.join('\n');
}

function text(...all: string[]): string {
  return lines(...all).replaceAll('HOST', server.url.replace(/\/$/, ''));
}

describe('# @ref', () => {
  const file = (): string =>
    text(
      '# @name login',
      'POST HOST/login',
      '###',
      '# @name get',
      '# @ref login',
      'GET HOST/x?t={{login.response.body.$.token}}',
      '###',
      '# @name again',
      '# @forceRef login',
      'GET HOST/y',
    );
  it('sends the other first, once', async () => {
    const { send } = engine();
    const earlier: RunResult[] = [];
    const observer = { onEarlier: (result: RunResult) => void earlier.push(result) };
    const first = await send(file(), { name: 'get', observer });
    expect(first.error).toBeUndefined();
    expect(arrived).toEqual(['POST /login', expect.stringMatching(/^GET \/x\?t=t\d+$/)]);
    expect(earlier.map(({ name }) => name)).toEqual(['login']);
    await send(file(), { name: 'get' });
    expect(arrived).toHaveLength(3);
  });
  it('sends the other each time with force', async () => {
    const { send } = engine();
    await send(file(), { name: 'again' });
    await send(file(), { name: 'again' });
    expect(arrived).toEqual(['POST /login', 'GET /y', 'POST /login', 'GET /y']);
  });
  it('says where a name is not known, and which come close', async () => {
    const { send } = engine();
    const { error } = await send(text('# @name login', 'GET HOST/a', '###', '# @name b', '# @ref logn', 'GET HOST/b'), {
      name: 'b',
    });
    expect(error).toMatchObject({
      code: 'CS-PARSE-REF',
      next: 'Did you mean login?',
      place: { file: fixturePath, line: 5 },
    });
    expect(arrived).toEqual([]);
  });
  it('ends a circle', async () => {
    const { send } = engine();
    const circle = text(
      '# @name a',
      '# @ref b',
      'GET HOST/a',
      '###',
      '# @name b',
      '# @ref c',
      'GET HOST/b',
      '###',
      '# @name c',
      '# @ref a',
      'GET HOST/c',
    );
    const { error } = await send(circle, { name: 'a' });
    expect(error).toMatchObject({ code: 'CS-PARSE-CYCLE', place: { line: 10 } });
    expect(error?.message).toContain('a → b → c → a is a circle.');
    expect(arrived).toEqual([]);
  });
  it('sends no more than 200 first, however they multiply', async () => {
    const { send } = engine();
    const blocks = Array.from({ length: 12 }, (_, at) =>
      [
        `# @name n${at}`,
        ...(at < 11 ? [`# @forceRef n${at + 1}`, `# @forceRef n${at + 1}`] : []),
        `GET HOST/${at}`,
      ].join('\n'),
    );
    const { error } = await send(text(blocks.join('\n###\n')), { name: 'n0' });
    expect(error).toMatchObject({ code: 'CS-PARSE-LIMIT' });
    expect(arrived.length).toBeLessThanOrEqual(200);
  });
  it('fails with what the other failed with', async () => {
    const { send } = engine();
    const { error } = await send(text('# @name a', 'GET {{nowhere}}/a', '###', '# @name b', '# @ref a', 'GET HOST/b'), {
      name: 'b',
    });
    expect(error).toMatchObject({ code: 'CS-VAR-UNKNOWN', place: { line: 2 } });
    expect(error?.message).toMatch(/^a comes first: /);
    expect(arrived).toEqual([]);
  });
});

describe('import', () => {
  const auth = (): string =>
    text(
      '@user = ada',
      '@both = imported',
      '# @name login',
      'POST HOST/login?u={{user}}',
      '###',
      '# @name other',
      'GET HOST/o',
    );
  it('gives names and variables of another file, weaker than its own', async () => {
    const { send } = engine({ [`${fixtureRoot}/shared/auth.http`]: auth() });
    const own = text(
      '# @import ./shared/auth.http',
      '@both = own',
      '# @name x',
      '# @ref login',
      'GET HOST/x?{{user}}&{{both}}&{{login.response.body.$.token}}',
    );
    const { error } = await send(own, { name: 'x' });
    expect(error).toBeUndefined();
    expect(arrived).toEqual(['POST /login?u=ada', expect.stringMatching(/^GET \/x\?ada&own&t\d+$/)]);
  });
  it('reads the imports of imports, and a circle of imports once', async () => {
    const { send } = engine({
      [fixturePath]: '',
      [`${fixtureRoot}/a.http`]: text('import ./requests.http', 'import b.http'),
      [`${fixtureRoot}/b.http`]: text('import a.http', '@deep = down', 'GET HOST/b'),
    });
    const { error } = await send(text('import a.http', '', 'GET HOST/{{deep}}'));
    expect(error).toBeUndefined();
    expect(arrived).toEqual(['GET /down']);
  });
  it.each([
    ['import ./gone.http', 'CS-FILE-MISSING'],
    ['import ../../etc/passwd', 'CS-FILE-OUTSIDE'],
    ['import ../outside.http', 'CS-FILE-OUTSIDE'],
    ['import ./notes.txt', 'CS-FILE-OUTSIDE'],
  ])('%s is %s at its place', async (line, code) => {
    const { send } = engine({
      '/etc/passwd': 'GET x',
      '/outside.http': 'GET x',
      [`${fixtureRoot}/notes.txt`]: 'GET x',
    });
    const { error } = await send(text('# first', line, '', 'GET HOST/a'));
    expect(error).toMatchObject({ code, place: { file: fixturePath, line: 2, start: 15 } });
    expect(arrived).toEqual([]);
  });
});

describe('run', () => {
  const plan = (own: string, files: Readonly<Record<string, string>> = {}): Promise<readonly Step[]> =>
    planSteps({ file: parseRequestFile(own), path: fixturePath, root: fixtureRoot, files: fakeFiles(files) });
  const shown = (steps: readonly Step[]): string[] =>
    steps.map((step) =>
      step.kind === 'failed'
        ? `${step.line} ${step.error.code}`
        : [
            step.path?.split('/').at(-1),
            step.request.line,
            ...[...step.variables].map(([name, { text: value }]) => `${name}=${value}`),
          ].join(' '),
    );
  const a = lines('@host = h', 'GET HOST/1', '### two', '# @disabled', 'GET HOST/2', '### Get three', 'GET HOST/3');
  const file = `${fixtureRoot}/a.http`;

  it('names requests of the file and of imports, in the order of the file', async () => {
    const own = lines(
      'import a.http',
      '### one',
      'GET HOST/own',
      '',
      'run #Get three',
      '### two',
      'GET HOST/own2',
      '',
      'run #two',
    );
    expect(shown(await plan(own, { [file]: a }))).toEqual([
      'requests.http 3',
      'a.http 7',
      'requests.http 7',
      'requests.http 7',
    ]);
  });
  it('runs a whole file, with variables', async () => {
    expect(shown(await plan(lines('run ./a.http (@host=x, @b=1,2)'), { [file]: a }))).toEqual([
      'a.http 2 host=x b=1,2',
      'a.http 7 host=x b=1,2',
    ]);
    expect(shown(await plan(lines('run a.http #Get three (@b = c)'), { [file]: a }))).toEqual(['a.http 7 b=c']);
  });
  it.each([
    ['with requests', 'GET HOST/x'],
    ['with nothing else', '# nothing'],
  ])('ends where files multiply, %s', async (_what, line) => {
    const names = Array.from({ length: 40 }, (_, at) => at);
    const files = Object.fromEntries(
      names.map((at) => [
        `${fixtureRoot}/f${at}.http`,
        at === 39 ? line : lines(line, '###', `run f${at + 1}.http`, `run f${at + 1}.http`),
      ]),
    );
    const steps = await plan(lines('run f0.http', 'run f0.http'), files);
    expect(steps.length).toBeLessThan(11_000);
    expect(steps.at(-1)).toMatchObject({ kind: 'failed', error: { code: 'CS-PARSE-LIMIT' } });
  });
  it('tells what is not there and what runs itself', async () => {
    expect(shown(await plan(lines('run #gone', 'run ./gone.http', 'GET HOST/own')))).toEqual([
      '1 CS-PARSE-REF',
      '2 CS-FILE-MISSING',
      'requests.http 3',
    ]);
    const [, second] = await plan(lines('run a.http'), {
      [fixturePath]: '',
      [file]: lines('GET HOST/1', '###', 'run ./requests.http'),
    });
    expect(second).toMatchObject({ kind: 'failed', line: 3, error: { code: 'CS-PARSE-CYCLE', place: { file } } });
  });
});
