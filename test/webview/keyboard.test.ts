/** The panel by keys alone, what it announces, and what it remembers (design.md G1.1, G1.3, F6.3, E3.1). */
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { asSeveral } from './harness/states.ts';
import { settled, startHarness, type Harness, type OpenPanel } from './harness/open-panel.ts';
import { CountersignError, exchange, jsonHeaders, now, orders, result, signedInTrace } from './harness/results.ts';

let harness: Harness;
beforeAll(async () => void (harness = await startHarness()), 60_000);
afterAll(async () => harness.close());

const answered = () =>
  result({ exchange: exchange(orders), trace: signedInTrace, tests: [{ name: 'ok', passed: true }] });

async function open(options: Partial<Parameters<Harness['open']>[0]> = {}): Promise<OpenPanel> {
  return harness.open({ theme: 'dark', width: 560, height: 640, ...options });
}

async function press(panel: OpenPanel, ...keys: string[]): Promise<void> {
  for (const key of keys) {
    await panel.page.keyboard.press(key);
    await settled(panel.page);
  }
}

const current = (panel: OpenPanel): Promise<string> => panel.page.locator('.row.current .cells').innerText();
const footer = (panel: OpenPanel): Promise<string> => panel.page.locator('.footer').innerText();
const polite = (panel: OpenPanel): Promise<string> => panel.page.locator('[role=status]').innerText();

describe('the tree', () => {
  it('is walked, opened, closed and copied from', async () => {
    const panel = await open();
    await panel.show(answered());
    await panel.page.locator('cs-tree').focus();
    await press(panel, 'ArrowDown', 'ArrowDown', 'ArrowDown');
    expect(await current(panel)).toContain('ord_7F3K0');
    expect(await footer(panel)).toContain('$.orders[0].id');
    await press(panel, 'p', 'c');
    expect(panel.sent).toEqual([
      { type: 'copy', what: 'path', node: 3 },
      { type: 'copy', what: 'value', node: 3 },
    ]);
    await press(panel, 'ArrowLeft', 'ArrowLeft');
    expect(await panel.page.locator('#row-2').getAttribute('aria-expanded')).toBe('false');
    await press(panel, 'ArrowRight', 'ArrowRight');
    expect(await current(panel)).toContain('id');
    await press(panel, 'End');
    expect(await current(panel)).toContain('self');
    await press(panel, 'Home', 'ArrowLeft');
    expect(await panel.page.locator('[role=treeitem]').count()).toBe(1);
    await panel.close();
  });

  it('tells its place to a screen reader', async () => {
    const panel = await open();
    await panel.show(answered());
    const row = panel.page.locator('#row-4');
    expect([
      await row.getAttribute('aria-level'),
      await row.getAttribute('aria-posinset'),
      await row.getAttribute('aria-setsize'),
    ]).toEqual(['4', '2', '7']);
    await panel.page.locator('cs-tree').focus();
    await press(panel, 'ArrowDown');
    expect(await panel.page.locator('cs-tree').getAttribute('aria-activedescendant')).toBe('row-1');
    await panel.close();
  });

  it('opens a row’s menu on Shift+F10 and gives the focus back', async () => {
    const panel = await open();
    await panel.show(answered());
    await panel.page.locator('cs-tree').focus();
    await press(panel, 'ArrowDown', 'Shift+F10', 'ArrowDown', 'ArrowDown', 'Enter');
    expect(panel.sent).toEqual([{ type: 'copy', what: 'path', node: 1 }]);
    expect(await panel.page.evaluate(() => document.activeElement?.tagName)).toBe('CS-TREE');
    await panel.close();
  });

  it('filters to the current row', async () => {
    const panel = await open();
    await panel.show(answered());
    await panel.page.locator('cs-tree').focus();
    await press(panel, 'ArrowDown', 'ArrowDown', 'f');
    await panel.page.waitForFunction(() => document.querySelector('#find-count')?.textContent.includes('1 match'));
    expect(await panel.page.inputValue('#find')).toBe('$.orders[0]');
    await panel.close();
  });
});

describe('the table', () => {
  const orders = [
    { id: 'b', total: 9, note: 'x'.repeat(300) },
    { id: 'a', total: 10 },
    { id: 'c', total: 100, extra: true },
  ];
  const open3 = async (): Promise<OpenPanel> => {
    const panel = await open({ width: 700 });
    await panel.show(result({ exchange: exchange(JSON.stringify({ orders }), { headers: jsonHeaders }) }));
    await panel.page.getByRole('button', { name: 'More views' }).click();
    await panel.page.getByRole('menuitemcheckbox', { name: 'Table' }).click();
    await settled(panel.page);
    await panel.page.locator('cs-table').focus();
    return panel;
  };
  const ids = async (panel: OpenPanel): Promise<string[]> =>
    (await panel.page.locator('[role=gridcell][data-place="0"]').allInnerTexts()).map((text) => text.trim());
  const cell = (panel: OpenPanel): Promise<string> => panel.page.locator('.cell.current').innerText();

  it('is walked by cell, and tells a screen reader where it is', async () => {
    const panel = await open3();
    await press(panel, 'ArrowRight', 'ArrowDown');
    expect(await cell(panel)).toBe('10');
    expect(await footer(panel)).toContain('$.orders[1].total');
    expect(await panel.page.locator('cs-table').getAttribute('aria-activedescendant')).toBe('cell-1-1');
    await press(panel, 'End');
    expect(await cell(panel)).toBe('');
    await press(panel, 'Control+End');
    expect(await cell(panel)).toBe('true');
    const grid = panel.page.locator('cs-table');
    expect([await grid.getAttribute('aria-rowcount'), await grid.getAttribute('aria-colcount')]).toEqual(['4', '5']);
    await panel.close();
  });

  it('is sorted up, down and not at all by s, or by Enter on a name', async () => {
    const panel = await open3();
    await press(panel, 's');
    await panel.page.waitForSelector('[aria-sort=ascending]');
    await settled(panel.page);
    expect(await ids(panel)).toEqual(['a', 'b', 'c']);
    await panel.page.getByRole('status').filter({ hasText: 'Sorted by id, ascending.' }).waitFor({ state: 'attached' });
    await press(panel, 'Control+Home', 'ArrowUp', 'Enter');
    await panel.page.waitForSelector('[aria-sort=descending]');
    await settled(panel.page);
    expect(await ids(panel)).toEqual(['c', 'b', 'a']);
    await press(panel, 's');
    expect(await panel.page.locator('[aria-sort]').count()).toBe(0);
    expect(await ids(panel)).toEqual(['b', 'a', 'c']);
    await panel.close();
  });

  it('hides columns, the last one stays, and copies what is left in its order', async () => {
    const panel = await open3();
    await press(panel, 's', 'End', 'h', 'h');
    expect(await panel.page.getByRole('columnheader').allInnerTexts()).toHaveLength(3);
    expect(await footer(panel)).toContain('2 of 4 columns');
    await panel.page.getByRole('button', { name: 'Copy as CSV' }).click();
    await panel.page.locator('cs-table').focus();
    await press(panel, 'c', 'h', 'h');
    expect(await panel.page.getByRole('columnheader').allInnerTexts()).toHaveLength(2);
    const part = { node: 1, columns: [0, 1], sort: { column: 0, descending: false } };
    expect(panel.sent).toEqual([
      { type: 'copy-table', part },
      { type: 'copy-table', part, cell: { row: 1, column: 1 } },
    ]);
    await panel.page.getByRole('button', { name: 'Columns' }).click();
    await press(panel, 'Enter');
    expect(await panel.page.getByRole('columnheader').allInnerTexts()).toHaveLength(5);
    await panel.close();
  });

  it('shows a long value as a whole, and a value in the tree, from its menu', async () => {
    const panel = await open3();
    await press(panel, 'ArrowRight', 'ArrowRight', 'Enter');
    expect(await panel.page.getByRole('dialog').locator('pre').innerText()).toHaveLength(300);
    await press(panel, 'Escape');
    await panel.page.locator('cs-table').focus();
    await press(panel, 'Shift+F10', 'ArrowDown', 'ArrowDown', 'ArrowDown', 'Enter');
    await panel.page.waitForSelector('cs-tree');
    await settled(panel.page);
    expect(await current(panel)).toContain('note');
    await panel.close();
  });
});

describe('comparing', () => {
  const json = (value: unknown, status = 200) => result({ exchange: exchange(JSON.stringify(value), { status }) });
  const rows = (panel: OpenPanel): Promise<string[]> =>
    panel.page
      .locator('.difference')
      .evaluateAll((found) =>
        found.map((row) =>
          [...row.querySelectorAll('.key, .before bdi, .after bdi')].map((e) => e.textContent.trim()).join(' '),
        ),
      );

  it('opens on d, lists what differs, passes over what is ignored, and goes with the next answer', async () => {
    const panel = await open({ width: 700 });
    await panel.show(
      json({
        list: [
          { id: 1, at: 1 },
          { id: 2, at: 1 },
        ],
        total: 2,
      }),
    );
    await panel.show(
      json(
        {
          total: 3,
          list: [
            { id: 2, at: 2 },
            { id: 1, at: 2 },
          ],
        },
        201,
      ),
    );
    await panel.page.locator('cs-tree').focus();
    await press(panel, 'd');
    await panel.page.waitForSelector('.difference');
    await settled(panel.page);
    expect(await rows(panel)).toEqual(['status 200 OK 201 OK', '$.list[1].at 1 2', '$.list[0].at 1 2', '$.total 2 3']);
    expect(await panel.page.getByRole('tab', { selected: true }).innerText()).toMatch(/^Compare\s*4$/);
    await panel.page.getByLabel('Ignored paths').fill('$..at, headers.date');
    await press(panel, 'Enter');
    await panel.page.waitForFunction(() => document.querySelectorAll('.difference').length === 2);
    await panel.page.getByRole('button', { name: 'Open as Text' }).click();
    await panel.page.waitForTimeout(100);
    expect(panel.sent.map((message) => message.type === 'copy' && message.text?.includes('"total": 3'))).toEqual([
      true,
    ]);
    await panel.show(json({}));
    expect(await panel.page.getByRole('tab', { name: 'Compare' }).count()).toBe(0);
    await panel.close();
  });

  it('says when there is nothing to compare with', async () => {
    const panel = await open();
    await panel.show(json({}));
    await panel.page.getByRole('button', { name: 'Compare with another answer' }).click();
    await panel.page
      .getByRole('status')
      .filter({ hasText: 'Nothing to compare with yet' })
      .waitFor({ state: 'attached' });
    await panel.show(result({ ...json({}), name: 'other' }));
    await panel.page.locator('body').press('d');
    await settled(panel.page);
    expect(await panel.page.getByRole('tab', { name: 'Compare' }).count()).toBe(0);
    await panel.close();
  });
});

describe('several identities', () => {
  it('moves between the answers with the arrows, opens one, compares one with the first', async () => {
    const panel = await open();
    await asSeveral(panel);
    expect(await panel.page.locator('.surprise').innerText()).toBe(
      'orders-2: 200 OK, although # @expect-status says 403.',
    );
    await panel.page.locator('[data-open]').first().focus();
    await press(panel, 'ArrowDown', 'ArrowDown', 'ArrowUp', 'End', 'Home', 'Enter');
    await panel.page.waitForSelector('.tree');
    const tab = (name: RegExp) => panel.page.getByRole('tab', { name });
    expect(await tab(/^Body/).getAttribute('aria-selected')).toBe('true');
    await panel.post({ type: 'show-tab', tab: 'identities' });
    expect(await panel.page.locator('.identities .current th').innerText()).toContain('Ada Lovelace');
    await panel.page.getByRole('button', { name: /^3 differences/ }).click();
    await panel.page.waitForSelector('.difference');
    expect(await panel.page.locator('.compare-head').innerText()).toContain('as orders');
    await panel.show(result({ exchange: exchange('{}') }));
    expect(await tab(/Identities/).count()).toBe(0);
    await panel.close();
  });
});

describe('finding', () => {
  it('goes from match to match with F3, and Esc clears before it leaves', async () => {
    const panel = await open();
    await panel.show(answered());
    await press(panel, '/');
    await panel.page.keyboard.type('WR-GEL');
    await panel.page.waitForFunction(() => document.querySelector('#find-count')?.textContent.includes('1 of 20'));
    await press(panel, 'F3');
    await panel.page.waitForFunction(() => document.querySelector('#find-count')?.textContent.includes('2 of 20'));
    await press(panel, 'Shift+F3', 'Shift+F3');
    await panel.page.waitForFunction(() => document.querySelector('#find-count')?.textContent.includes('20 of 20'));
    expect(await current(panel)).toContain('WR-GEL');
    await press(panel, 'Escape');
    expect([await panel.page.inputValue('#find'), panel.sent]).toEqual(['', []]);
    await press(panel, 'Escape');
    expect(panel.sent).toEqual([{ type: 'open-request-line' }]);
    await panel.close();
  });

  it('reads, copies and goes back within fifteen keys', async () => {
    const panel = await open();
    await panel.show(answered());
    await panel.page.locator('cs-tree').focus();
    const keys = ['ArrowDown', 'ArrowDown', 'ArrowDown', 'ArrowDown', 'ArrowDown', 'p', 'Escape'];
    await press(panel, ...keys);
    expect(panel.sent.map((message) => message.type)).toEqual(['copy', 'open-request-line']);
    expect(keys.length).toBeLessThan(15);
    await panel.close();
  });
});

describe('the whole panel', () => {
  it('moves between tabs, sends again, saves', async () => {
    const panel = await open({ width: 700 });
    await panel.show(answered());
    await panel.page.getByRole('tab', { name: 'Body' }).focus();
    await press(panel, 'ArrowRight');
    expect(await panel.page.evaluate(() => document.activeElement?.id)).toBe('tab-headers');
    await press(panel, 'End');
    expect(await panel.page.getByRole('tab', { selected: true }).innerText()).toContain('Tests');
    await press(panel, 'Alt+4', 'Control+Enter', 'Control+s');
    expect(await panel.page.getByRole('tab', { selected: true }).innerText()).toContain('Timing');
    expect(panel.sent).toEqual([{ type: 'resend' }, { type: 'save-body' }]);
    await panel.close();
  });

  it('remembers the tab of a request', async () => {
    const panel = await open();
    await panel.show(answered());
    await press(panel, 'Alt+2');
    await panel.show(result({ ...answered(), name: 'other' }));
    expect(await panel.page.getByRole('tab', { selected: true }).innerText()).toContain('Body');
    await panel.show(answered());
    expect(await panel.page.getByRole('tab', { selected: true }).innerText()).toContain('Headers');
    await panel.close();
  });

  it('puts what does not fit into More', async () => {
    const panel = await open({ width: 480 });
    await panel.show(answered());
    expect(await panel.page.getByRole('tab').allInnerTexts()).toHaveLength(3);
    await panel.page.getByRole('button', { name: 'More', exact: true }).click();
    expect(await panel.page.getByRole('menuitem').allInnerTexts()).toEqual([
      'Timing',
      'Security',
      'Sign-in',
      'Request',
      'Tests\n1/1',
    ]);
    await press(panel, 'ArrowDown', 'Enter');
    expect(await panel.page.getByRole('tab', { selected: true }).innerText()).toBe('Security');
    await panel.close();
  });

  it('shows two columns from 1100 px, moved by keys', async () => {
    const panel = await open({ width: 1300 });
    await panel.show(answered());
    expect(await panel.page.getByRole('tabpanel').count()).toBe(2);
    const before = (await panel.page.locator('.column.first').boundingBox())?.width ?? 0;
    await panel.page.getByRole('separator').focus();
    await press(panel, 'ArrowLeft');
    expect((await panel.page.locator('.column.first').boundingBox())?.width ?? 0).toBeLessThan(before);
    await panel.close();
  });

  it('lists its keys on ? and closes them on Esc', async () => {
    const panel = await open();
    await panel.show(answered());
    await panel.page.locator('cs-tree').focus();
    await press(panel, '?');
    expect(await panel.page.getByRole('dialog').innerText()).toContain('copy path');
    await press(panel, 'Escape');
    expect(await panel.page.getByRole('dialog').count()).toBe(0);
    await panel.close();
  });
});

describe('while sending', () => {
  const start = { runId: 'r1', title: 'slow', name: 'slow', method: 'GET', target: ['/slow'], host: 'h', secure: true };
  it('shows nothing before 300 ms, then Cancel has the focus and Esc cancels', async () => {
    const panel = await open();
    await panel.post({ type: 'idle' });
    const startedAt = now + 7_200_000;
    await panel.post({ type: 'start', run: { ...start, startedAt } });
    expect(await panel.page.locator('[data-cancel]').count()).toBe(0);
    await panel.page.clock.setFixedTime(startedAt + 299);
    await panel.page.waitForTimeout(150);
    expect(await panel.page.locator('[data-cancel]').count()).toBe(0);
    await panel.page.clock.setFixedTime(startedAt + 400);
    await panel.page.waitForSelector('[data-cancel]:focus');
    await press(panel, 'Escape');
    expect(panel.sent).toEqual([{ type: 'cancel' }]);
    await panel.close();
  });
});

describe('announcements', () => {
  it('say how it went once, politely; what was not sent, at once', async () => {
    const panel = await open();
    await panel.show(answered());
    expect(await polite(panel)).toMatch(/^200 OK in 84 milliseconds, 5\.\d kilobytes, 1 test passed\.$/);
    await panel.show(
      result({ error: new CountersignError('CS-NET-REFUSED', 'Nothing answers at 127.0.0.2:8443.', {}) }),
    );
    expect(await panel.page.getByRole('alert').innerText()).toBe('Not sent: Nothing answers at 127.0.0.2:8443.');
    await panel.close();
  });
});

describe('large text', () => {
  it('reaches its last line although no browser scrolls that far', async () => {
    const panel = await open();
    const lines = 900_000;
    const text = Array.from({ length: lines }, (_, i) => `line ${String(i + 1)}`).join('\n');
    await panel.show(result({ exchange: exchange(text, { headers: [['content-type', 'text/plain']] }) }));
    await panel.page.evaluate(() => {
      const rows = document.querySelector('cs-lines') as HTMLElement;
      rows.scrollTop = rows.scrollHeight;
    });
    await panel.page.waitForFunction(
      (last) => document.querySelector('cs-lines')?.textContent.includes(`line ${String(last)}`),
      lines,
    );
    await panel.close();
  });
});

describe('right to left', () => {
  it('mirrors the layout and keeps paths left to right', async () => {
    const panel = await open({ dir: 'rtl' });
    await panel.show(result({ exchange: exchange(orders, { headers: jsonHeaders }) }));
    const tabs = await panel.page.getByRole('tab').first().boundingBox();
    expect((tabs?.x ?? 0) > 300).toBe(true);
    expect(await panel.page.locator('.target').evaluate((element) => getComputedStyle(element).direction)).toBe('ltr');
    await panel.close();
  });
});
