/**
 * A page that tries everything stands still in the preview: no request leaves, no script runs, nothing navigates, no
 * secret is in it; what is only markup and style is there (house.md §6.7).
 */
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { settled, startHarness, type Harness } from './harness/open-panel.ts';
import { canary, exchange, result } from './harness/results.ts';
import { hostilePage, states } from './harness/states.ts';

let harness: Harness;
beforeAll(async () => void (harness = await startHarness()), 60_000);
afterAll(async () => harness.close());

describe('A10 the preview of a page', () => {
  it('runs, loads and leads nowhere', async () => {
    const panel = await harness.open({ theme: 'dark', width: 560, height: 500 });
    const requests: string[] = [];
    const posted: unknown[] = [];
    panel.page.on('request', (request) => requests.push(request.url()));
    await panel.page.exposeFunction('noted', (data: unknown) => void posted.push(data));
    await panel.page.evaluate(() => {
      window.addEventListener('message', (event: MessageEvent<unknown>) => {
        if (event.data === 'ran') (window as unknown as { noted(data: unknown): void }).noted(event.data);
      });
    });
    const address = panel.page.url();
    await states.find((state) => state.name === 'preview')?.show(panel);
    const frame = panel.page.frameLocator('iframe.still');
    await frame.getByRole('heading', { name: 'Orders of November' }).waitFor();
    await frame.getByText('Details').click({ force: true });
    for (const acting of ['Terminal', 'Open', 'Pay']) await frame.getByText(acting).click({ force: true });
    await panel.page.waitForTimeout(300);
    // The panel loads the part of its own that draws the preview, when it is first shown; the page loads nothing.
    const own = new RegExp(`^${new URL(address).origin}/[a-z]+-view-\\w+\\.js$`);
    expect(requests.filter((url) => !url.startsWith('about:') && !own.test(url))).toEqual([]);
    expect([posted, panel.page.url()]).toEqual([[], address]);
    expect(panel.page.frames()).toHaveLength(2);
    expect(panel.received.join('\n')).not.toContain(canary);
    expect(await panel.page.locator('iframe.still').getAttribute('sandbox')).toBe('');
    await panel.close();
  });

  it('keeps what a page is: words, tables, styles of its own', async () => {
    const panel = await harness.open({ theme: 'dark', width: 560, height: 500 });
    await states.find((state) => state.name === 'preview')?.show(panel);
    const frame = panel.page.frameLocator('iframe.still');
    const colour = (element: Element): string => getComputedStyle(element).color;
    expect(await frame.locator('h1').evaluate(colour)).toBe('rgb(1, 2, 3)');
    expect(await frame.locator('p').evaluate(colour)).toBe('rgb(4, 5, 6)');
    expect(await frame.getByRole('cell').allInnerTexts()).toEqual(['ord_1', '59.90']);
    expect(await frame.locator('p').innerText()).toContain('••••');
    await panel.close();
  });

  it('says when a page is too large', async () => {
    const panel = await harness.open({ theme: 'dark', width: 560, height: 500 });
    const headers = [['content-type', 'text/html']] as const;
    await panel.show(
      result({ exchange: exchange(`${hostilePage}${' '.repeat(3_000_000)}`, { headers: [...headers] }) }),
    );
    await panel.page.getByRole('radio', { name: 'Preview' }).click();
    await settled(panel.page);
    expect(await panel.page.locator('.state').innerText()).toContain('up to 2 MB');
    await panel.close();
  });
});
