/** The icon font holds the icons that are used, and a browser takes it. */
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { root } from '../../scripts/paths.ts';
import { startHarness, type Harness } from './harness/open-panel.ts';

let harness: Harness;
beforeAll(async () => void (harness = await startHarness()), 60_000);
afterAll(async () => harness.close());

describe('the icon font', () => {
  it('draws every icon of icons.ts, and no other', async () => {
    const source = await readFile(join(root, 'src/webview/shared/icons.ts'), 'utf8');
    const used = [...source.matchAll(/\\u([0-9a-f]{4})/g)].map(([, hex = '']) => parseInt(hex, 16));
    expect(used.length).toBeGreaterThan(40);
    const panel = await harness.open({ theme: 'dark' });
    const drawn = await panel.page.evaluate(async () => {
      await document.fonts.load('16px codicon', '\uea87');
      const context = document.createElement('canvas').getContext('2d', { willReadFrequently: true });
      if (!context) throw new Error('no canvas');
      context.font = '16px codicon';
      const inked: number[] = [];
      for (let code = 0xea60; code < 0xec60; code++) {
        context.clearRect(0, 0, 40, 40);
        context.fillText(String.fromCharCode(code), 8, 28);
        if (context.getImageData(0, 0, 40, 40).data.some((value) => value > 0)) inked.push(code);
      }
      return inked;
    });
    await panel.close();
    expect(used.filter((code) => !drawn.includes(code))).toEqual([]);
    // Some outlines have more than one character.
    expect(drawn.length).toBeLessThan(used.length * 2);
  });
});
