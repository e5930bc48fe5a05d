/** `npm start` as a newcomer sees it: one ready line, the tour open and trusted, and nothing left after Ctrl-C. */
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Browser } from 'playwright-core';
import { ensureBrowser, launchBrowser } from '../../scripts/browser.ts';
import { isFree } from '../../scripts/ports.ts';
import { startTree, type Tree } from '../../scripts/process-tree.ts';
import { Workbench } from '../support/workbench.ts';

let demo: Tree;
let browser: Browser;
let url: string;

beforeAll(async () => {
  demo = startTree(process.execPath, ['scripts/start.ts', '--browser', '--no-open']);
  url = (await demo.waitFor(/^ready: (\S+)$/m, 120_000))[1] ?? '';
  browser = await launchBrowser(ensureBrowser(() => undefined).path);
});

afterAll(async () => {
  await browser.close();
  await demo.stop();
});

describe('npm start', () => {
  it('says once that it is ready, after the accounts', () => {
    const lines = demo.output().trimEnd().split('\n');
    expect(lines.filter((line) => line.startsWith('ready: '))).toHaveLength(1);
    expect(lines.at(-1)).toBe(`ready: ${url}`);
    expect(demo.output()).toMatch(/Sign in as +\S+ with password \S+/);
  });

  it('opens the tour trusted, with its first file, its lenses and no message', async () => {
    const workbench = new Workbench(await browser.newPage({ viewport: { width: 1280, height: 800 } }), url, 'start');
    await workbench.open();
    await workbench.lenses('Send').first().waitFor();
    expect(await workbench.page.locator('.tab.active').innerText()).toMatch(/\.http/);
    expect((await workbench.statusBar()).join('\n')).not.toContain('Restricted Mode');
    expect(await workbench.hasDialog()).toBe(false);
    expect(await workbench.notifications()).toEqual([]);
    await workbench.screenshot('tour');
  });

  it('ends all it started on a signal', async () => {
    demo.child.kill('SIGTERM');
    expect(await demo.ended).toBe(0);
    expect(await isFree(Number(new URL(url).port))).toBe(true);
  });
});
