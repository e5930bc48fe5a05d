import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { toEnvironment } from '../../../scripts/playground.ts';
import type { Announcement } from '../../../scripts/playground.ts';

const folder = join(import.meta.dirname, '..', '..', '..', 'media', 'tour');

async function load(name: string): Promise<string> {
  return readFile(join(folder, name), 'utf8');
}

const announcement = {
  broken: {},
  clients: { native: {}, confidential: {}, jwt: {}, mtls: {}, device: {}, legacy: {} },
  basic: {},
} as unknown as Announcement;

describe('the tour', async () => {
  const files = (await readdir(folder)).filter((name) => name.endsWith('.http')).sort();
  const environment = (JSON.parse(await load('http-client.env.json')) as { playground: Record<string, string> })
    .playground;

  it('has six files', () => {
    expect(files).toEqual([
      '1-hello.http',
      '2-sign-in.http',
      '3-api-key.http',
      '4-when-it-fails.http',
      '5-tests.http',
      '6-big.http',
    ]);
  });

  it('has the variables that a start writes', () => {
    expect(Object.keys(environment).sort()).toEqual(Object.keys(toEnvironment(announcement)).sort());
  });

  it.each(files)('%s is short, begins with what to press, and uses only known variables', async (name) => {
    const text = await load(name);
    expect(text.split('\n').length - 1).toBeLessThan(25);
    expect(text.split('\n')[0]).toMatch(/^# .*(press|Press) “Send”/);
    const set = [...text.matchAll(/client\.global\.set\("(\w+)"/g)].map(([, variable]) => variable);
    for (const [, variable = ''] of text.matchAll(/\{\{(\w+)\}\}/g)) {
      expect([...Object.keys(environment), ...set]).toContain(variable);
    }
  });

  it('defines “orders” and nothing with a secret', async () => {
    const text = await load('countersign.json');
    const { credentials } = JSON.parse(text) as { credentials: Record<string, object> };
    expect(Object.keys(credentials)).toEqual(['orders']);
    expect(text).not.toMatch(/secret|password/i);
    expect(credentials['orders']).toMatchObject({
      grant: 'authorization_code',
      issuer: '{{issuer}}',
      origins: ['{{api}}'],
    });
  });
});
