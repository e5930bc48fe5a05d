/** What is loaded before a person sees anything: bounded, so that it cannot grow unseen. */
import { build } from 'esbuild';
import { describe, expect, it } from 'vitest';
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
