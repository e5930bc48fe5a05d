/** The rows of `run` for people: no row wider than the terminal, places under their words, colours where wanted. */
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { cut, widthOf, wrapped } from '../../../src/cli/output/text-width.ts';
import { Cli, hasTerminal } from '../../support/cli.ts';
import { serveHttp, type Listening } from '../../support/http-servers.ts';

let cli: Cli;
let api: Listening;
const escape = String.fromCharCode(27);
const escapes = new RegExp(`${escape}\\[[0-9;]*m`, 'g');

beforeAll(async () => {
  cli = await Cli.build();
  api = await serveHttp((request, response) => {
    const { pathname, searchParams } = new URL(request.url ?? '/', 'http://x');
    const wait = Number(searchParams.get('wait') ?? 0);
    setTimeout(() => {
      if (pathname === '/redirect') response.writeHead(302, { location: '/end' });
      response.end('ok');
    }, wait);
  });
  const long = 'An unusually long name of a request that nobody would write but somebody will '.repeat(3);
  await cli.write({
    'a.http': [
      `### ${long}`,
      `GET ${api.url}/${'path/'.repeat(60)}?q=1`,
      '### 世界 🌍 in wide characters, 世界世界世界世界世界世界世界世界世界世界世界世界',
      `POST ${api.url}/b`,
      '### refused',
      `GET http://127.0.0.1:1/${'p'.repeat(200)}`,
      '### unknown',
      `GET ${api.url}/${'x'.repeat(120)}{{unknown}}`,
      '### short',
      `DELETE ${api.url}/c`,
      '',
    ].join('\n'),
    'slow.http': `# @name slow\nGET ${api.url}/slow?wait=900\n`,
    'plain.http': `GET ${api.url}/1\n`,
  });
}, 60_000);
afterAll(async () => {
  await api.close();
  await cli.dispose();
});

describe('rows', () => {
  for (const columns of [20, 39, 40, 48, 60, 80, 120]) {
    it(`are not wider than ${String(columns)} columns`, async () => {
      const { stdout } = await cli.run(['run', 'a.http'], { env: { COLUMNS: String(columns) } });
      const lines = stdout.split('\n');
      const rows = lines.filter((line) => /^(PASS|FAIL|WARN) /.test(line));
      expect(rows).toHaveLength(5);
      // Sentences are never set narrower than twenty columns, and a place stays in one piece for a click.
      const limit = Math.max(columns, 26);
      for (const line of lines) {
        if (!/^ {4}a\.http:\d+:\d+$/.test(line)) expect(widthOf(line), line).toBeLessThanOrEqual(limit);
      }
      for (const row of rows) expect(widthOf(row), row).toBeLessThanOrEqual(columns);
    });
  }

  it('below 40 columns are mark, name and status', async () => {
    const { stdout } = await cli.run(['run', 'plain.http'], { env: { COLUMNS: '30' } });
    expect(stdout.split('\n')[0]).toBe('PASS line 1 200');
  });

  it('have the status in one column', async () => {
    const { stdout } = await cli.run(['run', 'a.http']);
    const rows = stdout.split('\n').filter((line) => /^(PASS|FAIL) /.test(line));
    const ends = rows.map((row) => widthOf((/^.* (200|not sent)/.exec(row) as RegExpExecArray)[0]));
    expect(new Set(ends).size).toBe(1);
  });
});

describe('a failure', () => {
  it('says code, sentence, next step and place, and points at the words', async () => {
    const { stdout } = await cli.run(['run', '-'], { input: `GET ${api.url}/{{nope}}/x\n` });
    const lines = stdout.split('\n');
    expect(lines[1]).toBe('    CS-VAR-UNKNOWN: No variable is called “nope”.');
    expect(lines[3]).toMatch(/^ {4}-:1:\d+$/);
    const [source = '', carets = ''] = lines.slice(4, 6);
    expect(source.slice(carets.indexOf('^'), carets.lastIndexOf('^') + 1)).toBe('{{nope}}');
  });

  it('points at the address when the network failed', async () => {
    const { stdout } = await cli.run(['run', '-'], { input: '# comment\nGET http://127.0.0.1:1/x HTTP/1.1\n' });
    const lines = stdout.split('\n');
    const carets = lines[5] ?? '';
    expect(lines[3]).toBe('    -:2:5');
    expect(lines[4]?.slice(carets.indexOf('^'), carets.lastIndexOf('^') + 1)).toBe('http://127.0.0.1:1/x');
  });

  it('far to the right is shown with what stands around it', async () => {
    const { stdout } = await cli.run(['run', 'a.http', '--name', 'unknown']);
    const lines = stdout.split('\n');
    const carets = lines.find((line) => /^ +\^+$/.test(line)) ?? '';
    const source = lines[lines.indexOf(carets) - 1] ?? '';
    expect(source.slice(carets.indexOf('^'), carets.lastIndexOf('^') + 1)).toBe('{{unknown}}');
  });

  it('cannot move the cursor of the terminal', async () => {
    const { stdout } = await cli.run(['run', '-'], { input: `### na${escape}[2Jme\u202e\nGET http://127.0.0.1:1/\n` });
    expect(stdout).not.toContain(escape);
    expect(stdout).not.toContain('\u202e');
  });
});

describe('colour', () => {
  async function check(env: Readonly<Record<string, string>>, coloured: boolean): Promise<void> {
    const { stdout } = await cli.run(['run', 'plain.http'], { env });
    expect(stdout.includes(escape)).toBe(coloured);
    expect(stdout.replace(escapes, '')).toMatch(/^PASS line 1 /);
  }

  it('none in a pipe', () => check({}, false));
  it('FORCE_COLOR', () => check({ FORCE_COLOR: '1' }, true));
  it('FORCE_COLOR=0', () => check({ FORCE_COLOR: '0' }, false));
});

describe.runIf(hasTerminal)('on a terminal', () => {
  it('marks and colours', async () => {
    const { stdout } = await cli.runOnTerminal(['run', 'plain.http']);
    expect(stdout).toContain(`${escape}[32m✓`);
    expect(stdout).toContain(' · ');
  });

  it('NO_COLOR: the same words, no escape', async () => {
    const { stdout } = await cli.runOnTerminal(['run', 'plain.http'], { env: { NO_COLOR: '1' } });
    expect(stdout).not.toContain(escape);
    expect(stdout).toMatch(/^PASS line 1 /);
  });

  it('a locale without UTF-8 gets words for marks', async () => {
    const { stdout } = await cli.runOnTerminal(['run', 'plain.http'], { env: { LANG: 'C' } });
    expect(stdout).toContain('PASS');
    expect(stdout).not.toContain('✓');
  });

  it('takes its width from it', async () => {
    const { stdout } = await cli.runOnTerminal(['run', 'a.http'], { columns: 50 });
    const rows = stdout
      .replace(escapes, '')
      .split('\r\n')
      .filter((line) => /^[✓✗!] /.test(line));
    expect(rows).toHaveLength(5);
    for (const row of rows) expect(widthOf(row), row).toBeLessThanOrEqual(50);
  });

  it('shows one line while it waits, and erases it', async () => {
    const { stdout } = await cli.runOnTerminal(['run', 'slow.http']);
    expect(stdout).toMatch(/1\/1 slow · waiting for the first byte · 0\.\d s · Ctrl-C cancels/);
    const erased = stdout.lastIndexOf(`\r${escape}[2K`);
    expect(erased).toBeGreaterThan(stdout.lastIndexOf('Ctrl-C'));
    expect(stdout.indexOf('✓')).toBeGreaterThan(erased);
  });
});

describe('width', () => {
  const check = (text: string, expected: number): void => expect(widthOf(text)).toBe(expected);
  it('ASCII', () => check('abc', 3));
  it('wide', () => check('世界', 4));
  it('emoji', () => check('🌍', 2));
  it('combining', () => check('e\u0301', 1));
  it('cut counts columns', () => expect(cut('世界世界', 5)).toBe('世界…'));
  it('cut of nothing', () => expect(cut('abc', 1)).toBe(''));
  it('wrapping keeps every word', () =>
    expect(wrapped('a bb ccc dddddddddd', 5)).toEqual(['a bb', 'ccc', 'ddddd', 'ddddd']));
});
