/** netrc by choice: what is read of the file, whose it may be, and that an entry goes to its own host alone. */
import { chmodSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { findNetrcEntry } from '../../../src/credentials/netrc/parse-netrc.ts';
import { SchemeServers } from '../../support/scheme-servers.ts';

describe('the file', () => {
  const text = `# machine comment.example login c password c
machine api.example.com login ann password pw#1
machine two.example
  login bob
  account x
  password "two words \\" and more"
machine two.example login carol password three
macdef init
machine macro.example login m password m

machine API.Upper.example user up password p\\ q
machine nopassword.example login x
default login everybody password everywhere`;
  it.each([
    ['api.example.com', undefined, ['ann', 'pw#1']],
    ['two.example', undefined, ['bob', 'two words " and more']],
    ['two.example', 'carol', ['carol', 'three']],
    ['api.upper.example', undefined, ['up', 'p q']],
    ['two.example', 'nobody', undefined],
    ['nopassword.example', undefined, undefined],
    ['example.com', undefined, undefined],
    ['evil-api.example.com', undefined, undefined],
    ['macro.example', undefined, undefined],
    ['comment.example', undefined, undefined],
    ['default', undefined, undefined],
    ['', undefined, undefined],
  ])('%s %s', (host, login, expected) => {
    const found = findNetrcEntry(text, host, login);
    expect(found && [found.login, found.password]).toEqual(expected);
  });
  it.each(['machine', 'machine a', 'machine a login', 'macdef x', '"', '\\', 'default password x', ''])(
    'ends at %j',
    (broken) => {
      expect(findNetrcEntry(broken, 'a')).toBeUndefined();
    },
  );
});

describe('through the engine', () => {
  const servers = new SchemeServers();
  const folder = mkdtempSync(join(tmpdir(), 'countersign-netrc-'));
  const file = join(folder, '.netrc');
  beforeAll(() => servers.start());
  afterAll(async () => {
    await servers.stop();
    rmSync(folder, { recursive: true });
  });
  afterEach(() => servers.reset());
  const basic = (pair: string): string => `Basic ${Buffer.from(pair).toString('base64')}`;

  async function send(text: string, content: string, request: string, env: Record<string, string> = { HOME: folder }) {
    writeFileSync(file, content);
    chmodSync(file, text === 'open' ? 0o644 : 0o600);
    const fixture = await servers.engineWith(
      { scheme: 'netrc', origins: [servers.home, servers.stranger.replace('127.0.0.1', 'localhost')] },
      {},
      { onDisk: true, env },
    );
    return { fixture, result: await fixture.send(`# @auth svc\n${request}`) };
  }
  it('sends the entry of exactly this host, and masks it', async () => {
    const content = 'machine localhost login l password wrong-4711\nmachine 127.0.0.1 login ann password pw-0815-netrc';
    const { fixture, result } = await send('', content, `GET ${servers.home}/a`);
    expect(result.error).toBeUndefined();
    expect(servers.first.headers.authorization).toBe(basic('ann:pw-0815-netrc'));
    expect(result.credential?.identity?.label).toBe('ann');
    expect(JSON.stringify(result.request)).not.toContain('pw-0815-netrc');
    expect(fixture.redactor.redact('pw-0815-netrc')).not.toContain('0815');
  });
  it('NETRC names another file, before the one at home', async () => {
    const { result } = await send('', 'machine 127.0.0.1 login ann password pw', `GET ${servers.home}/a`, {
      NETRC: file,
    });
    expect(result.error).toBeUndefined();
    expect(servers.first.headers.authorization).toBe(basic('ann:pw'));
  });
  it('does not follow a redirect, not even to another origin of the same credential', async () => {
    const there = `${servers.stranger.replace('127.0.0.1', 'localhost')}/b`;
    const content = 'machine 127.0.0.1 login ann password pw-0815\nmachine localhost login eve password other';
    await send('', content, `GET ${servers.home}/a?to=${encodeURIComponent(there)}`);
    expect(servers.arrived.map(({ headers }) => headers.authorization)).toEqual([basic('ann:pw-0815'), undefined]);
  });
  it.each([
    ['open', 'machine 127.0.0.1 login ann password pw-4711', 'CS-FILE-PERMISSIONS'],
    ['', 'default login ann password pw-4711', 'CS-AUTH-NETRC'],
    ['', 'machine 127.0.0.1 login ann password "line\\nbreak-4711"', 'CS-STORE-VALUE'],
    ['', 'machine 127.0.0.1 login a:b password pw-4711', 'CS-STORE-VALUE'],
  ])('sends nothing when it must not: %s %s', async (how, content, code) => {
    const { result } = await send(how, content, `GET ${servers.home}/a`);
    expect(result.error).toMatchObject({ code });
    expect(JSON.stringify(result)).not.toContain('4711');
    expect(servers.arrived).toHaveLength(0);
  });
  it('says so when there is none', async () => {
    const { result } = await send('', '', `GET ${servers.home}/a`, { HOME: join(folder, 'nowhere') });
    expect(result.error).toMatchObject({ code: 'CS-FILE-MISSING' });
  });
});
