/**
 * The panel at 200 %: a window of 640 px shows what fits 320, in half the height. Nothing is wider than the panel, no
 * control is out of reach, and what the panel is about keeps room (ux.md F4, WCAG 1.4.4 and 1.4.10).
 */
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { settled, startHarness, type Harness, type OpenPanel } from './harness/open-panel.ts';
import { states } from './harness/states.ts';

let harness: Harness;
beforeAll(async () => void (harness = await startHarness()), 60_000);
afterAll(async () => harness.close());

const zoomed = { theme: 'dark', width: 320, height: 320, scale: 2 } as const;

/** Controls that stand outside the window and cannot be scrolled to, and such that are too small to hit or cover others. */
async function outOfReach(panel: OpenPanel): Promise<string[]> {
  return panel.page.evaluate(() => {
    const scrolls = (element: Element): boolean => {
      for (let at = element.parentElement; at && at !== document.body; at = at.parentElement) {
        const { overflowY, overflowX } = getComputedStyle(at);
        const room = at.scrollHeight > at.clientHeight || at.scrollWidth > at.clientWidth;
        if (room && (/auto|scroll/.test(overflowY) || /auto|scroll/.test(overflowX))) return true;
      }
      return false;
    };
    return [...document.querySelectorAll<HTMLElement>('button, input, [role=tab], [tabindex="0"]')]
      .filter((element) => element.checkVisibility({ visibilityProperty: true }) && !element.closest('[inert], .sr'))
      .filter((element) => {
        const box = element.getBoundingClientRect();
        const inside = box.left >= -1 && box.top >= -1 && box.right <= innerWidth + 1 && box.bottom <= innerHeight + 1;
        return box.width === 0 || box.height === 0 || !(inside || scrolls(element));
      })
      .map((element) => element.outerHTML.slice(0, 160));
  });
}

describe('at 200 %', () => {
  it.each(states)(
    '$name: everything is in reach',
    async (state) => {
      const panel = await harness.open(zoomed);
      try {
        await state.show(panel);
        await settled(panel.page);
        expect(await outOfReach(panel)).toEqual([]);
        expect(await panel.page.evaluate(() => document.documentElement.scrollWidth)).toBeLessThanOrEqual(320);
        // Five rows at least, or all of what is shown.
        const heights = await panel.page.evaluate(() =>
          [...document.querySelectorAll('.rows')].map((rows) => [rows.clientHeight, rows.scrollHeight] as const),
        );
        for (const [height, all] of heights) expect(Math.min(height, all)).toBeGreaterThanOrEqual(Math.min(all, 100));
      } finally {
        await panel.close();
      }
    },
    60_000,
  );

  it('loses no action: what has no room in the strip and the toolbar stands in a menu', async () => {
    const { show } = states.find((state) => state.name === 'json') ?? { show: () => Promise.resolve() };
    const panel = await harness.open(zoomed);
    await show(panel);
    await panel.page.getByRole('button', { name: 'More actions' }).click();
    const actions = (await panel.page.getByRole('menuitem').allInnerTexts()).map((text) => text.split('\n')[0]);
    for (const action of ['Send Again', 'Compare…', 'Copy Body', 'Save Body As…', 'Pin'])
      expect(actions).toContain(action);
    await panel.page.keyboard.press('Escape');
    await panel.page.getByRole('button', { name: 'More views' }).click();
    const views = (await panel.page.getByRole('menuitemcheckbox').allInnerTexts()).map((text) => text.trim());
    expect(views).toEqual(['Raw', 'Table', 'Hex']);
    await panel.page.keyboard.press('Escape');
    await panel.page.getByRole('button', { name: 'More', exact: true }).click();
    expect(await panel.page.getByRole('menuitem').count()).toBeGreaterThan(3);
    await panel.close();
  });
});
