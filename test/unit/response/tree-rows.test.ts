import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { indexJson, type JsonIndex } from '../../../src/response/json-index/index-json.ts';
import { openAllBelow, openFirstRows, openLevel } from '../../../src/response/json-index/opening-state.ts';
import { childrenOf, isContainer } from '../../../src/response/json-index/read-value.ts';
import { rangeSize, TreeRows } from '../../../src/response/json-index/tree-rows.ts';
import { valuePath } from '../../../src/response/json-index/value-path.ts';

function treeOf(value: unknown): TreeRows {
  const outcome = indexJson(new TextEncoder().encode(JSON.stringify(value)));
  if (!outcome.ok) throw new Error(outcome.fault.expected);
  return new TreeRows(outcome.index);
}

/** Rows as paths, indented: what a person sees. */
function drawn(tree: TreeRows): string[] {
  return tree.rows(0, tree.total).map((row) => {
    const name =
      row.range === undefined
        ? valuePath(tree.index, Math.max(0, row.node), 'jsonpath')
        : `${String(row.from)}…${String(row.to)}`;
    return `${String(row.level)} ${name}${row.open ? ' open' : ''}`;
  });
}

/** The plain way to the same: a list of rows from a set of open values. */
function expectedRows(index: JsonIndex, open: ReadonlySet<number>): number[] {
  const out: number[] = [];
  const visit = (node: number): void => {
    out.push(node);
    if (open.has(node)) for (const child of childrenOf(index, node)) visit(child);
  };
  visit(0);
  return out;
}

describe('rows', () => {
  it('are the ones that are open, after any opening and closing', () => {
    fc.assert(
      fc.property(
        fc.jsonValue({ maxDepth: 5 }),
        fc.array(fc.tuple(fc.nat(), fc.boolean()), { maxLength: 40 }),
        (value, steps) => {
          const tree = treeOf(value);
          const open = new Set<number>();
          for (const [pick, wanted] of steps) {
            const rows = expectedRows(tree.index, open);
            const at = pick % rows.length;
            const node = rows[at] as number;
            const before = tree.total;
            const delta = tree.toggle(at, wanted);
            expect(tree.total - before).toBe(delta);
            const can = isContainer(tree.index, node) && childrenOf(tree.index, node).length > 0;
            // Closing forgets what was open below, so that opening again shows one level.
            if (wanted && can) open.add(node);
            else if (!wanted)
              for (let below = node; below < (tree.index.next[node] as number); below++) open.delete(below);
            const now = expectedRows(tree.index, open);
            expect(tree.total).toBe(now.length);
            expect(tree.rows(0, now.length).map((row) => row.node)).toEqual(now);
            const from = pick % now.length;
            expect(tree.rows(from, from + 3).map((row) => row.node)).toEqual(now.slice(from, from + 3));
          }
        },
      ),
      { numRuns: 200 },
    );
  });

  it('say their level, place, siblings and parent row', () => {
    const tree = treeOf({ a: [1, 2], b: {} });
    tree.toggle(0, true);
    tree.toggle(1, true);
    const [, a, first, second, b] = tree.rows(0, 9);
    expect([a?.level, a?.position, a?.siblings, a?.parentRow]).toEqual([2, 1, 2, 0]);
    expect([second?.level, second?.position, second?.siblings, second?.parentRow, second?.ordinal]).toEqual([
      3, 2, 2, 1, 1,
    ]);
    expect([b?.position, b?.parentRow, b?.container]).toEqual([2, 0, false]);
    expect(first?.parent).toBe(a?.node);
  });

  it('are ranges where there are many, each with its own children', () => {
    const tree = treeOf(Array.from({ length: rangeSize * 2 + 5 }, (_, i) => ({ i })));
    tree.toggle(0, true);
    expect(drawn(tree)).toEqual(['1 $ open', '2 0…10000', '2 10000…20000', '2 20000…20005']);
    tree.toggle(3, true);
    expect(drawn(tree).slice(3)).toEqual([
      '2 20000…20005 open',
      ...[0, 1, 2, 3, 4].map((i) => `3 $[${String(20_000 + i)}]`),
    ]);
    tree.toggle(2, true);
    expect(tree.total).toBe(1 + 3 + 10_000 + 5);
    expect(valuePath(tree.index, tree.rows(2 + 10_000, 2 + 10_001)[0]?.node as number, 'jsonpath')).toBe('$[19999]');
    const row = tree.reveal(tree.rows(10_005, 10_006)[0]?.node as number);
    expect(row).toBe(10_005);
  });

  it('are brought into view with everything above open', () => {
    fc.assert(
      fc.property(fc.jsonValue({ maxDepth: 6 }), fc.nat(), (value, pick) => {
        const tree = treeOf(value);
        const node = pick % tree.index.length;
        const row = tree.reveal(node);
        expect(tree.rows(row, row + 1)[0]?.node).toBe(node);
      }),
    );
  });

  it('of a filter are its results, which open like any value', () => {
    const { index } = treeOf({ a: [{ id: 1 }, { id: 2 }] });
    const tree = new TreeRows(index, Uint32Array.of(2, 4));
    expect(tree.total).toBe(3);
    tree.toggle(2, true);
    expect(tree.rows(0, 9).map((row) => row.node)).toEqual([-1, 2, 4, 5]);
    expect(tree.toggle(0, false)).toBe(0);
  });
});

describe('what is open at first', () => {
  it('shows the shape: the root, lists, and the first of each', () => {
    const order = { id: 'o', customer: { id: 'c' }, items: [{ sku: 1 }] };
    const tree = treeOf({ orders: [order, order], page: { limit: 2 } });
    openFirstRows(tree);
    expect(drawn(tree)).toEqual([
      '1 $ open',
      '2 $.orders open',
      '3 $.orders[0] open',
      '4 $.orders[0].id',
      '4 $.orders[0].customer open',
      '5 $.orders[0].customer.id',
      '4 $.orders[0].items open',
      '5 $.orders[0].items[0]',
      '3 $.orders[1]',
      '2 $.page open',
      '3 $.page.limit',
    ]);
  });
  it('never opens a long list', () => {
    const tree = treeOf({ rows: Array.from({ length: 5000 }, (_, i) => i), name: 'n' });
    openFirstRows(tree);
    expect(drawn(tree)).toEqual(['1 $ open', '2 $.rows', '2 $.name']);
  });
  it('opens a level, and all below', () => {
    const tree = treeOf([{ a: [1] }, { b: [2] }, 3]);
    tree.toggle(0, true);
    expect(openLevel(tree, 2)).toBe(3);
    expect(tree.total).toBe(6);
    const whole = treeOf([{ a: [1] }, { b: [2] }, 3]);
    expect(openAllBelow(whole, 0)).toBe(true);
    expect(whole.total).toBe(8);
  });
});
