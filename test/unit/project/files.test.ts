/** Rules about the files themselves: their length, their opening comment, and nothing of one machine in them. */
import { readFile, stat } from 'node:fs/promises';
import { homedir, hostname } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { root } from '../../../scripts/paths.ts';
import { trackedFiles } from '../../support/tracked-files.ts';

const read = (name: string): Promise<string> => readFile(join(root, name), 'utf8');
const isSource = (name: string): boolean => /^src\/.*\.ts$/.test(name);
const isText = (name: string): boolean =>
  /\.(ts|mjs|cjs|js|json|md|http|rest|yml|css|html|txt|svg)$|^\.[^/]+$|^\.ci\//.test(name);

describe('files', () => {
  it('of src have at most 400 lines', async () => {
    const long: string[] = [];
    for (const name of await trackedFiles(isSource)) {
      const lines = (await read(name)).split('\n').length - 1;
      if (lines > 400) long.push(`${name}: ${lines}`);
    }
    expect(long).toEqual([]);
  });

  it('of src open with a comment that says what they own', async () => {
    const bare: string[] = [];
    // A catalogue area is rows of one table, which its neighbours explain.
    for (const name of await trackedFiles((file) => isSource(file) && !/^src\/errors\/catalog\/|\.d\.ts$/.test(file)))
      if (!(await read(name)).replace(/^#!.*\n/, '').startsWith('/**')) bare.push(name);
    expect(bare).toEqual([]);
  });

  it('name no folder of this machine, no host of it and no package registry', async () => {
    const parts = [root, homedir() === '/root' ? '' : homedir(), /^[a-z]+$/.test(hostname()) ? '' : hostname()];
    const forbidden = parts.filter((part) => part.length > 3).map((part) => `${part}/`);
    const found: string[] = [];
    for (const name of await trackedFiles(isText)) {
      if ((await stat(join(root, name))).size > 2_000_000) continue;
      const text = await read(name);
      if (
        forbidden.some((part) => text.includes(part)) ||
        /https?:\/\/[a-z0-9.-]*registry[a-z0-9.-]*[/:"']/i.test(text)
      )
        found.push(name);
    }
    expect(found).toEqual([]);
  });

  it('leave no work undone in src: no marker, no switched-off test', async () => {
    const found: string[] = [];
    const marker = new RegExp(['TO' + 'DO', 'FIX' + 'ME', 'X{3}'].map((word) => `\\b${word}\\b`).join('|'));
    for (const name of await trackedFiles((file) => /^(src|scripts|test)\/.*\.(ts|mjs)$/.test(file))) {
      if (name === 'test/unit/project/files.test.ts') continue;
      const text = await read(name);
      if (marker.test(text)) found.push(`${name}: marker`);
      if (/^\s*(it|describe|test)\.(only|skip|todo)\(/m.test(text)) found.push(`${name}: switched off`);
    }
    expect(found).toEqual([]);
  });
});

describe('package-lock.json', () => {
  it('holds no address to download from', async () => {
    const { packages } = JSON.parse(await read('package-lock.json')) as {
      packages: Record<string, { resolved?: string; integrity?: string; link?: boolean }>;
    };
    const entries = Object.entries(packages).filter(([path, entry]) => path !== '' && entry.link !== true);
    expect(entries.filter(([, entry]) => entry.resolved !== undefined).map(([path]) => path)).toEqual([]);
    expect(entries.filter(([, entry]) => entry.integrity === undefined).map(([path]) => path)).toEqual([]);
  });

  it('fixes exact versions, as package.json does', async () => {
    const manifest = JSON.parse(await read('package.json')) as Record<string, Record<string, string> | undefined>;
    const all = ['dependencies', 'devDependencies', 'optionalDependencies'].flatMap((kind) =>
      Object.entries(manifest[kind] ?? {}),
    );
    expect(all.filter(([, version]) => !/^\d+\.\d+\.\d+$/.test(version))).toEqual([]);
  });
});
