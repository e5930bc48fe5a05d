/** `countersign parse` as a process: the form of its report, a corpus of request files, and that it reads nothing else. */
import { existsSync } from 'node:fs';
import { readdir, readFile, writeFile } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { Cli, jsonLines, projectRoot } from '../../support/cli.ts';

let cli: Cli;
const corpus = join(projectRoot, '..', 'shared', 'corpus');

beforeAll(async () => {
  cli = await Cli.build();
}, 60_000);
afterAll(async () => cli.dispose());
beforeEach(async () => cli.reset());

interface Report {
  readonly file: string;
  readonly requests: readonly Record<string, unknown>[];
}

const fields = ['file', 'dialect', 'requests', 'variables', 'diagnostics'];
const requestFields = [
  'name',
  'title',
  'line',
  'method',
  'url',
  'httpVersion',
  'headers',
  'body',
  'directives',
  'scripts',
];

describe('the report', () => {
  it('has exactly the fields of the contract', async () => {
    await cli.write({
      'a.http':
        '@host = http://x\n\n### Title\n# @name one\n< {% a() %}\nPOST {{host}}/a HTTP/1.1\nX-A: b\n\n{"a": 1}\n\n> {% b() %}\n\n###\nnonsense here\nGET\n',
    });
    const { stdout, code } = await cli.run(['parse', 'a.http', '--format', 'json']);
    expect(code).toBe(0);
    const [report, ...more] = jsonLines(stdout);
    expect(more).toEqual([]);
    expect(Object.keys(report ?? {})).toEqual(fields);
    const [first] = (report as unknown as Report).requests;
    expect(Object.keys(first ?? {})).toEqual(requestFields);
    expect(first).toMatchObject({
      name: 'one',
      title: 'Title',
      line: 6,
      method: 'POST',
      url: '{{host}}/a',
      httpVersion: 'HTTP/1.1',
      headers: [['X-A', 'b']],
      body: { kind: 'json', text: '{"a": 1}' },
      directives: [['name', 'one']],
      scripts: [
        { when: 'pre-request', line: 5 },
        { when: 'response', line: 11 },
      ],
    });
    expect(report).toMatchObject({ file: 'a.http', variables: [['host', 'http://x']] });
    for (const each of report?.['diagnostics'] as object[]) {
      expect(Object.keys(each)).toEqual(['code', 'severity', 'line', 'column', 'message']);
    }
    expect(report?.['diagnostics']).not.toEqual([]);
  });

  it('names by the title, and encodes what curl -u encodes', async () => {
    await cli.write({
      'a.http': '### Get all orders\ncurl http://x -u "üser:pass:word"\n###\ncurl http://x -u {{u}}:pass\n',
    });
    const { stdout } = await cli.run(['parse', 'a.http', '--format', 'json']);
    expect(jsonLines(stdout)[0]).toMatchObject({
      requests: [
        { name: 'Get all orders', title: 'Get all orders', headers: [['Authorization', 'Basic w7xzZXI6cGFzczp3b3Jk']] },
        { name: null, title: null, headers: [['Authorization', 'Basic {{u}}:pass']] },
      ],
    });
  });

  it('explains the conflicts it met, behind the fields of the contract', async () => {
    await cli.write({ 'a.http': '### Title\n# @ref x\nPOST http://x\n\n{}\n\nGET /y\n' });
    const { stdout } = await cli.run(['parse', 'a.http', '--format', 'json', '--explain']);
    const [report] = jsonLines(stdout);
    expect(Object.keys(report ?? {})).toEqual([...fields, 'signals', 'conflicts']);
    expect(report).toMatchObject({ dialect: 'httpyac', signals: ['httpYac: # @ref'], requests: [{}, { url: '/y' }] });
    expect(report?.['conflicts']).toMatchObject([
      { id: 'R3', lines: [7] },
      { id: 'N1', lines: [1], others: { 'REST Client': 'a comment' } },
    ]);
    const text = await cli.run(['parse', 'a.http', '--explain', '--dialect', 'rest-client']);
    expect(text.stdout).toContain('a.http · rest-client · 1 requests');
    expect(text.stdout).toContain('R3  a request line without ### above it (line 7)\n      Here: It starts');
    const wrong = await cli.run(['parse', 'a.http', '--dialect', 'insomnia']);
    expect(wrong.code).toBe(2);
    expect(wrong.stderr).toContain('rest-client, visual-studio, union');
  });

  it('of the http blocks of Markdown', async () => {
    await cli.write({ 'README.md': '# Orders\n\nGET it:\n\n```http\nGET http://x/y\n```\n' });
    const { stdout } = await cli.run(['parse', 'README.md', '--format', 'json']);
    expect(jsonLines(stdout)[0]).toMatchObject({ requests: [{ url: 'http://x/y', line: 6 }], diagnostics: [] });
  });

  it('of stdin', async () => {
    const { stdout } = await cli.run(['parse', '-', '--format', 'json'], { input: 'GET http://x/\n' });
    expect(jsonLines(stdout)[0]).toMatchObject({ file: '-', requests: [{ url: 'http://x/', line: 1 }] });
  });

  it('of UTF-16 from stdin', async () => {
    const { stdout } = await cli.run(['parse', '-', '--format', 'json'], {
      input: Buffer.from('\ufeffGET http://x/ü\n', 'utf16le'),
    });
    expect(jsonLines(stdout)[0]).toMatchObject({ requests: [{ url: 'http://x/ü' }] });
  });

  it('as text names each request by its place', async () => {
    await cli.write({ 'a.http': '### One\nGET http://x/\n' });
    const { stdout } = await cli.run(['parse', 'a.http']);
    expect(stdout).toContain('a.http:2  GET http://x/  (One)');
  });

  for (const [what, bytes] of [
    ['nothing', Buffer.alloc(0)],
    ['binary', Buffer.from([0, 1, 2, 0xff, 0xfe, 10, 71, 69, 84])],
    ['half a surrogate in UTF-16', Buffer.from([0xff, 0xfe, 0x00, 0xd8, 0x0a])],
    ['an odd byte of UTF-16 BE', Buffer.from([0xfe, 0xff, 0x00])],
  ] as const) {
    it(`of ${what} is a report, exit 0`, async () => {
      await cli.write({ 'a.http': bytes });
      const { stdout, code } = await cli.run(['parse', 'a.http', '--format', 'json']);
      expect(code).toBe(0);
      expect(Object.keys(jsonLines(stdout)[0] ?? {})).toEqual(fields);
    });
  }

  it('of a missing file is an error, exit 2', async () => {
    const { stderr, code } = await cli.run(['parse', 'no.http']);
    expect(code).toBe(2);
    expect(stderr).toContain('CS-FILE-MISSING');
  });
});

describe('what it reads', () => {
  it('is the named file alone: no configuration of any tool, no script', async () => {
    const configurations = {
      'http-client.env.json': '{"dev": {"host": "http://from-env"}}',
      'http-client.private.env.json': '{"dev": {"host": "http://from-env"}}',
      'countersign.json': '{"credentials": {}}',
      '.env': 'host=http://from-env',
      'httpyac.config.js': 'require("fs").writeFileSync("ran", "")',
      '.httpyac.js': 'require("fs").writeFileSync("ran", "")',
      '.vscode/settings.json': '{}',
      'package.json': '{}',
      'body.json': '{}',
      'script.js': 'require("fs").writeFileSync("ran", "")',
    };
    await cli.write({ ...configurations, 'a.http': '# @import b.http\n> script.js\nPOST {{host}}/\n\n< body.json\n' });
    const trace = join(cli.home, 'trace.txt');
    const spy = `
      import fs from 'node:fs'; import { syncBuiltinESMExports } from 'node:module';
      let busy = false;
      const note = (path) => { if (busy) return; busy = true; try { write(trace, String(path) + '\\n', { flag: 'a' }); } finally { busy = false; } };
      const write = fs.writeFileSync, trace = ${JSON.stringify(trace)};
      for (const target of [fs, fs.promises]) for (const name of Object.keys(target)) {
        if (typeof target[name] !== 'function' || !/^(open|read|stat|lstat|access|exists|realpath|opendir|createReadStream)/.test(name)) continue;
        const real = target[name];
        target[name] = function (path, ...rest) { if (typeof path === 'string' || path instanceof URL) note(path); return real.call(this, path, ...rest); };
      }
      syncBuiltinESMExports();`;
    await writeFile(join(cli.home, 'spy.mjs'), spy);
    const spied = { env: { NODE_OPTIONS: `--import=${join(cli.home, 'spy.mjs')}` } };
    const { code, stdout } = await cli.run(['parse', 'a.http', '--format', 'json'], spied);
    expect(code).toBe(0);
    expect(jsonLines(stdout)[0]).toMatchObject({ requests: [{ url: '{{host}}/' }] });
    const touched = (await readFile(trace, 'utf8')).split('\n').map((path) => basename(path));
    expect(touched).toContain('a.http');
    for (const name of Object.keys(configurations).filter((each) => each !== 'package.json')) {
      expect(touched).not.toContain(basename(name));
    }
    expect(existsSync(join(cli.work, 'ran'))).toBe(false);

    // The same spy sees them when a run looks for them.
    await writeFile(trace, '');
    await cli.run(['run', 'a.http', '--env', 'dev', '--no-input'], spied);
    const byRun = (await readFile(trace, 'utf8')).split('\n').map((path) => basename(path));
    expect(byRun).toContain('http-client.env.json');
  });
});

async function requestFilesBelow(folder: string): Promise<string[]> {
  const names = await readdir(folder, { recursive: true });
  return names.filter((name) => /\.(http|rest)$/.test(name)).map((name) => join(folder, name));
}

describe.skipIf(!existsSync(corpus))('a corpus of request files', () => {
  it('each gives a report, exit 0', async () => {
    const files = await requestFilesBelow(corpus);
    const { stdout, stderr, code } = await cli.run(['parse', ...files, '--format', 'json']);
    expect(stderr).toBe('');
    expect(code).toBe(0);
    const reports = jsonLines(stdout) as unknown as Report[];
    expect(reports.map(({ file }) => file)).toEqual(files);
    for (const report of reports) {
      expect(Object.keys(report)).toEqual(fields);
      for (const request of report.requests) expect(Object.keys(request)).toEqual(requestFields);
    }
    expect(reports.reduce((sum, { requests }) => sum + requests.length, 0)).toBeGreaterThan(files.length);
  });
});
