/**
 * What is open when a tree is first shown: enough to see the shape, never so much that the shape is lost, and the
 * first element of a list stands for the others. Also opening a whole level or all below a row. Source: response-dark.png.
 */
import type { TreeRows } from './tree-rows.ts';

const wantedRows = 40;
const deepest = 4;
export const openAllLimit = 100_000;

/** Opens the root, lists of up to 100, and along the first elements, level by level, until the rows are enough. */
export function openFirstRows(tree: TreeRows): void {
  tree.toggle(0, true);
  for (let level = 2; level <= deepest && tree.total < wantedRows + 60; level++) {
    // Later rows first, so that row numbers before them stay as they are.
    const rows = tree.rows(0, 400).filter((row) => row.level === level && row.container && row.range === undefined);
    const firsts = rows.filter((row) => row.position === 1 || !isElement(tree, row.parent));
    let room = wantedRows;
    const chosen = firsts.filter((row) => {
      const count = tree.count(row.node);
      if (count > 100 || count > room) return false;
      room -= count;
      return true;
    });
    const all = tree.rows(0, 400);
    for (const row of chosen.reverse())
      tree.toggle(
        all.findIndex((other) => other.node === row.node),
        true,
      );
  }
}

function isElement(tree: TreeRows, parent: number): boolean {
  if (parent < 0) return true;
  return tree.index.sequence && parent === 0 ? true : tree.index.bytes[tree.index.start[parent] as number] === 0x5b;
}

/** Opens all siblings of a row (`*`). Returns the row's own new number. */
export function openLevel(tree: TreeRows, row: number): number {
  const self = tree.rows(row, row + 1)[0];
  if (!self || self.parentRow < 0) {
    tree.toggle(row, true);
    return row;
  }
  let at = self.parentRow + 1;
  let own = row;
  for (let i = 0; i < self.siblings && tree.total < openAllLimit; i++) {
    const sibling = tree.rows(at, at + 1)[0];
    if (!sibling) break;
    if (sibling.position === self.position) own = at;
    if (sibling.container) tree.toggle(at, true);
    at = nextSibling(tree, at, sibling.level);
  }
  return own;
}

/** Opens a row and everything below it, up to a limit of rows; false when the limit cut it short. */
export function openAllBelow(tree: TreeRows, row: number): boolean {
  tree.toggle(row, true);
  const level = tree.rows(row, row + 1)[0]?.level ?? 1;
  for (let at = row + 1; at < tree.total; at++) {
    if (tree.total > openAllLimit) return false;
    const next = tree.rows(at, at + 1)[0];
    if (!next || next.level <= level) break;
    if (next.container && !next.open) tree.toggle(at, true);
  }
  return true;
}

function nextSibling(tree: TreeRows, row: number, level: number): number {
  let at = row + 1;
  for (;;) {
    const chunk = tree.rows(at, at + 500);
    const found = chunk.findIndex((other) => other.level <= level);
    if (found >= 0) return at + found;
    if (chunk.length < 500) return at + chunk.length;
    at += 500;
  }
}
