/**
 * Every state of the panel in four themes, checked with every axe rule; nothing scrolls sideways or is cut at 320 px;
 * no page error, no policy violation; no secret in any message (ux.md F4, F6, house.md §6.2).
 */
import { readFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { startHarness, type Harness, type OpenPanel } from './harness/open-panel.ts';
import { canary } from './harness/results.ts';
import { states, type State } from './harness/states.ts';
import { themeNames } from './harness/themes.ts';

const require = createRequire(import.meta.url);
let harness: Harness;
let axe: string;

beforeAll(async () => {
  axe = await readFile(require.resolve('axe-core/axe.min.js'), 'utf8');
  harness = await startHarness();
}, 60_000);
afterAll(async () => harness.close());

interface Violation {
  readonly id: string;
  readonly nodes: readonly { readonly html: string; readonly failureSummary: string }[];
}

async function violations(panel: OpenPanel): Promise<string[]> {
  await panel.page.evaluate(axe);
  const found = await panel.page.evaluate(async () => {
    const { axe: runner } = window as unknown as { axe: { run(): Promise<{ violations: Violation[] }> } };
    return (await runner.run()).violations;
  });
  return found.map(
    ({ id, nodes }) =>
      `${id}: ${nodes.map((node) => `${node.html.slice(0, 200)} ${node.failureSummary.slice(0, 200)}`).join(' | ')}`,
  );
}

async function withState(
  state: State,
  check: (panel: OpenPanel) => Promise<void>,
  width = state.width ?? 560,
): Promise<void> {
  const panel = await harness.open({ theme: 'dark', width, height: state.height ?? 640 });
  try {
    await state.show(panel);
    await check(panel);
  } finally {
    await panel.close();
  }
}

/** What of the panel reaches beyond its width; rows of code, differences and the columns of a table may. */
async function tooWide(panel: OpenPanel): Promise<string[]> {
  return panel.page.evaluate(() =>
    [...document.querySelectorAll('main *, [role=menu], [role=dialog]')]
      .filter((element) => !element.closest('.lines, .hex, .tree, .table, .differences, svg, .sr, .progress-line'))
      .filter((element) => element.getBoundingClientRect().right > window.innerWidth + 1)
      .map((element) => element.outerHTML.slice(0, 160)),
  );
}

describe('every state', () => {
  it.each(states)(
    '$name: no violation in four themes, no page error, no secret, nothing wider than the panel',
    async (state) => {
      await withState(state, async (panel) => {
        for (const theme of themeNames) {
          await panel.setTheme(theme);
          expect(await violations(panel), theme).toEqual([]);
        }
        expect(await tooWide(panel)).toEqual([]);
        // The sandbox speaks of the scripts that the driver of these tests puts into every frame.
        const refusal = (text = ''): boolean =>
          state.refused === true && /Content Security Policy|in 'about:srcdoc' because .* sandboxed/.test(text);
        expect(panel.sent.filter((message) => message.type === 'copy' && !refusal(message.text))).toEqual([]);
        expect(panel.received.join('\n')).not.toContain(canary);
      });
    },
    60_000,
  );

  it.each(states)(
    '$name: fits 320 px',
    async (state) => {
      await withState(
        state,
        async (panel) => {
          expect(await tooWide(panel)).toEqual([]);
          expect(await panel.page.evaluate(() => document.documentElement.scrollWidth)).toBeLessThanOrEqual(320);
        },
        320,
      );
    },
    60_000,
  );
});
