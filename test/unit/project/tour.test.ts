/** The tour's files use only names that the demo's environment has, and the sample environment has just those. */
import { mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { root } from '../../../scripts/paths.ts';
import { type Announcement, toEnvironment } from '../../../scripts/playground.ts';
import { firstRequestFile, writeTour } from '../../../scripts/tour.ts';

const tour = join(root, 'media', 'tour');
const client = (name: string): { client_id: string; client_secret: string } => ({
  client_id: name,
  client_secret: `${name}-canary`,
});
const announcement: Announcement = {
  issuer: 'https://127.0.0.2:1/',
  api: 'https://127.0.0.2:2',
  pages: 'http://127.0.0.2:3',
  ca: '/ca.pem',
  broken: { selfSigned: 'https://a', expired: 'https://b', wrongHost: 'https://c', missingIntermediate: 'https://d' },
  clients: {
    native: client('native'),
    confidential: client('confidential'),
    jwt: client('jwt'),
    mtls: client('mtls'),
    device: client('device'),
    legacy: client('legacy'),
  },
  user: { username: 'ada', password: 'user-canary' },
  admin: { username: 'alan', password: 'admin-canary' },
  apiKey: { header: 'X-API-Key', query: 'api_key', cookie: 'api_key', value: 'key-canary' },
  basic: { username: 'clerk', password: 'basic-canary' },
};
const environment = toEnvironment(announcement);

let folder: string;

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'countersign-tour-'));
});

afterEach(async () => {
  await rm(folder, { recursive: true });
});

describe('the tour', () => {
  it('comes with a sample environment of the same names as the demo writes', async () => {
    const sample = JSON.parse(await readFile(join(tour, 'http-client.env.json'), 'utf8')) as Record<string, object>;
    expect(Object.keys(sample)).toEqual(['playground']);
    expect(Object.keys(sample['playground'] ?? {}).sort()).toEqual(Object.keys(environment).sort());
  });

  it('uses names that the environment or the file itself defines', async () => {
    for (const name of await readdir(tour)) {
      const text = await readFile(join(tour, name), 'utf8');
      const own = [...text.matchAll(/^@(\w+)\s*=|client\.global\.set\(["'](\w+)|@capture\s+(\w+)/gm)].map(
        (match) => match[1] ?? match[2] ?? match[3],
      );
      const used = [...text.matchAll(/\{\{\s*([A-Za-z_]\w*)\s*\}\}/g)].map((match) => match[1] ?? '');
      expect(
        used.filter((variable) => !(variable in environment) && !own.includes(variable)),
        name,
      ).toEqual([]);
    }
  });

  it('is copied with this machine’s addresses and no secret', async () => {
    const copy = join(folder, 'tour');
    await writeTour(copy, join(folder, 'memory.json'), environment);
    const all = (await Promise.all((await readdir(copy)).map((name) => readFile(join(copy, name), 'utf8')))).join('\n');
    expect(all).toContain('https://127.0.0.2:2');
    expect(all).not.toContain('canary');
    expect(await firstRequestFile(copy)).toMatch(/1-[\w-]+\.http$/);
  });

  it('leaves a file that a person changed, and renews one that nobody did', async () => {
    const copy = join(folder, 'tour');
    const memory = join(folder, 'memory.json');
    await writeTour(copy, memory, environment);
    const [changed = '', untouched = ''] = (await readdir(copy)).filter((name) => name.endsWith('.http'));
    await writeFile(join(copy, changed), 'GET https://example.com/\n');
    await rm(join(copy, untouched));
    await writeTour(copy, memory, { ...environment, api: 'https://127.0.0.2:9' });
    expect(await readFile(join(copy, changed), 'utf8')).toBe('GET https://example.com/\n');
    expect(await readFile(join(copy, untouched), 'utf8')).toBe(await readFile(join(tour, untouched), 'utf8'));
    expect(await readFile(join(copy, 'http-client.env.json'), 'utf8')).toContain('https://127.0.0.2:9');
  });
});
