/** What is loaded before a person sees anything: bounded, so that it cannot grow unseen. */
import { readFile, stat } from 'node:fs/promises';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join, relative } from 'node:path';
import { build } from 'esbuild';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { Cli } from '../../support/cli.ts';
import { shippedBundles, startOf } from '../../support/shipped-bundles.ts';

describe('the response panel', () => {
  it('loads two files of script before the first rows, at most 120 kB', async () => {
    const { webview } = await shippedBundles('/panel');
    const { metafile } = await build({ ...webview, write: false, metafile: true });
    const start = startOf(metafile, 'response.js');
    expect(start.size).toBe(2);
    expect([...start.values()].reduce((sum, size) => sum + size, 0)).toBeLessThanOrEqual(120_000);
    // What waits is there as well, a file a part.
    expect(Object.keys(metafile.outputs).filter((path) => /-(tab|view)-/.test(path)).length).toBeGreaterThan(8);
  });
});

describe('the command line', () => {
  let cli: Cli;
  beforeAll(async () => void (cli = await Cli.build()), 60_000);
  afterAll(() => cli.dispose());

  /** Writes down every file of ours that the process loads. */
  const tracer = `
import { appendFileSync } from 'node:fs';
import { registerHooks } from 'node:module';
registerHooks({
  load(url, context, next) {
    if (url.startsWith('file:')) appendFileSync(process.env.LOADED, new URL(url).pathname + '\\n');
    return next(url, context);
  },
});
`;

  async function loadedBy(args: readonly string[]): Promise<{ readonly files: string[]; readonly bytes: number }> {
    await cli.write({ 'tracer.mjs': tracer, loaded: '' });
    const [list, hook] = [join(cli.work, 'loaded'), join(cli.work, 'tracer.mjs')];
    const ended = await cli.run(args, { env: { LOADED: list, NODE_OPTIONS: `--import=${hook}` } });
    expect(ended).toMatchObject({ code: 0 });
    const files = (await readFile(list, 'utf8')).split('\n').filter((file) => file !== '' && file !== hook);
    const sizes = await Promise.all(files.map(async (file) => (await stat(file)).size));
    const folder = join(cli.program, '..');
    return { files: files.map((file) => relative(folder, file)), bytes: sizes.reduce((sum, size) => sum + size, 0) };
  }

  it('loads 8 files and 480 kB at most for a plain GET', async () => {
    const server = createServer((_, response) => response.end('{"ok":true}'));
    await new Promise<void>((done) => server.listen(0, '127.0.0.1', done));
    const { port } = server.address() as AddressInfo;
    await cli.write({ 'one.http': `GET http://127.0.0.1:${String(port)}/\n` });
    const { files, bytes } = await loadedBy(['run', 'one.http']);
    server.close();
    expect(files[0]).toBe('cli.js');
    expect(files.length, files.join(' ')).toBeLessThanOrEqual(8);
    expect(bytes).toBeLessThanOrEqual(480_000);
  });

  it('loads neither engine nor protocol to read a file', async () => {
    await cli.write({ 'one.http': 'GET https://example.com\n' });
    const { bytes } = await loadedBy(['parse', 'one.http']);
    expect(bytes).toBeLessThanOrEqual(220_000);
  });
});
