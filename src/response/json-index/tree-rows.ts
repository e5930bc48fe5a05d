/**
 * Which rows a tree of JSON values shows, given what is open: row number → value without holding a row list, and
 * what opening and closing changes. Containers with more than 10,000 children show ranges of 10,000 as rows, so
 * that no open container ever lists more. It reads the index only. Source: design.md E5, E6.4.
 */
import type { JsonIndex } from './index-json.ts';
import { childrenOf, countChildren, isContainer, pathTo } from './read-value.ts';
import { positionIn } from './value-path.ts';

export const rangeSize = 10_000;

/** Names a row: a value, or the nth range of a value's children. */
export interface RowRef {
  readonly node: number;
  readonly range: number | undefined;
}

/** A value, or a range of one, that is open: its direct rows and which of them are open in turn. */
interface OpenRow {
  readonly rows: number;
  /** Children by position; undefined when the direct rows are ranges. */
  readonly children: Uint32Array | undefined;
  /** First position among the parent's children (ranges). */
  readonly offset: number;
  /** All rows below, at every depth. */
  below: number;
  readonly open: Map<number, OpenRow>;
}

export interface TreeRow extends RowRef {
  readonly level: number;
  readonly open: boolean;
  readonly container: boolean;
  /** 1-based position among siblings and their number. */
  readonly position: number;
  readonly siblings: number;
  /** Position in the parent's children, for an array element. */
  readonly ordinal: number;
  /** Number of the parent's value, -1 at the root. */
  readonly parent: number;
  /** Row number of the parent row, -1 at the root. */
  readonly parentRow: number;
  /** For a range row: positions from and to (excluded). */
  readonly from?: number;
  readonly to?: number;
}

export class TreeRows {
  readonly index: JsonIndex;
  /** Undefined: the root is value 0; else a list of values under a root of its own (filter results). */
  readonly results: Uint32Array | undefined;
  readonly #counts = new Map<number, number>();
  #root: OpenRow | undefined;

  constructor(index: JsonIndex, results?: Uint32Array) {
    this.index = index;
    this.results = results;
    if (results)
      this.#root = { rows: results.length, children: results, offset: 0, below: results.length, open: new Map() };
  }

  get total(): number {
    return 1 + (this.#root?.below ?? 0);
  }

  /** Children of a value, counted once. */
  count(node: number): number {
    let count = this.#counts.get(node);
    if (count === undefined) {
      count = countChildren(this.index, node);
      if (this.#counts.size > 50_000) this.#counts.clear();
      this.#counts.set(node, count);
    }
    return count;
  }

  /** Rows `from` to `to` (excluded), clamped. */
  rows(from: number, to: number): TreeRow[] {
    const out: TreeRow[] = [];
    const end = Math.min(to, this.total);
    if (from <= 0 && end > 0) {
      out.push({
        node: this.results ? -1 : 0,
        range: undefined,
        level: 1,
        open: this.#root !== undefined,
        container: this.results ? true : isContainer(this.index, 0),
        position: 1,
        siblings: 1,
        ordinal: 0,
        parent: -1,
        parentRow: -1,
      });
    }
    if (this.#root) this.#collect(this.#root, this.results ? -1 : 0, 1, 2, 0, Math.max(from, 1), end, out);
    return out;
  }

  /** Opens or closes a row by its place in the tree; returns how many rows appeared (or, negative, went). */
  toggle(row: number, open: boolean): number {
    const before = this.total;
    if (row === 0) {
      if (this.results) return 0;
      this.#root = open ? (this.#root ?? this.#opened(0)) : undefined;
      return this.total - before;
    }
    const trail = this.#trail(row);
    if (!trail) return 0;
    const holder = trail.at(-1) as { owner: OpenRow; direct: number; ref: RowRef };
    if (open === holder.owner.open.has(holder.direct)) return 0;
    const changed = open ? this.#openedRef(holder.ref) : holder.owner.open.get(holder.direct);
    if (!changed) return 0;
    if (open) holder.owner.open.set(holder.direct, changed);
    else holder.owner.open.delete(holder.direct);
    const delta = open ? changed.below : -changed.below;
    for (const { owner } of trail) owner.below += delta;
    return delta;
  }

  /** Opens every ancestor of a value and returns its row number. In filter results: of the result that holds it, or -1. */
  reveal(node: number): number {
    if (this.results) return this.#revealResult(node);
    if (node === 0) return 0;
    const path = pathTo(this.index, node);
    let row = 0;
    for (let i = 1; i < path.length; i++) {
      const parent = path[i - 1] as number;
      this.toggle(row, true);
      const position = positionIn(this.index, parent, path[i] as number);
      row = this.#rowOfChild(row, this.count(parent) > rangeSize ? Math.floor(position / rangeSize) : position);
      if (this.count(parent) > rangeSize) {
        this.toggle(row, true);
        row = this.#rowOfChild(row, position % rangeSize);
      }
    }
    return row;
  }

  #revealResult(node: number): number {
    const list = this.results as Uint32Array;
    for (let i = 0; i < list.length; i++) {
      const result = list[i] as number;
      if (node >= result && node < (this.index.next[result] as number)) return this.#rowOfChild(0, i);
    }
    return -1;
  }

  #rowOfChild(parentRow: number, direct: number): number {
    const owner = parentRow === 0 ? this.#root : this.#openAt(parentRow);
    if (!owner) return parentRow;
    let row = parentRow + 1 + direct;
    for (const [position, open] of owner.open) if (position < direct) row += open.below;
    return row;
  }

  #openAt(row: number): OpenRow | undefined {
    const holder = this.#trail(row)?.at(-1);
    return holder?.owner.open.get(holder.direct);
  }

  /** From the root's list down to the list that holds a row, with the row's place in each. */
  #trail(row: number): { owner: OpenRow; direct: number; ref: RowRef }[] | undefined {
    const trail: { owner: OpenRow; direct: number; ref: RowRef }[] = [];
    let owner = this.#root;
    let parent = this.results ? -1 : 0;
    let left = row - 1;
    while (owner) {
      if (left < 0 || left >= owner.below) return undefined;
      let direct = left;
      let inner: OpenRow | undefined;
      for (const position of sortedKeys(owner.open)) {
        if (position >= direct) break;
        const open = owner.open.get(position) as OpenRow;
        if (direct <= position + open.below) {
          left = direct - position - 1;
          direct = position;
          inner = open;
          break;
        }
        direct -= open.below;
      }
      const ref = refOf(owner, parent, direct);
      trail.push({ owner, direct, ref });
      if (!inner) return trail;
      owner = inner;
      parent = ref.node;
    }
    return undefined;
  }

  #collect(
    owner: OpenRow,
    parent: number,
    firstRow: number,
    level: number,
    parentRow: number,
    from: number,
    to: number,
    out: TreeRow[],
  ): void {
    let row = firstRow;
    let direct = 0;
    const keys = sortedKeys(owner.open);
    let nextKey = 0;
    while (direct < owner.rows && row < to) {
      const key = keys[nextKey];
      if (row < from && (key === undefined || key > direct)) {
        // Closed rows before the window are skipped at once.
        const skip = Math.min(from - row, (key ?? owner.rows) - direct);
        row += skip;
        direct += skip;
        continue;
      }
      const ref = refOf(owner, parent, direct);
      const open = key === direct ? owner.open.get(direct) : undefined;
      if (row >= from) out.push(this.#row(owner, ref, parent, direct, level, parentRow, open !== undefined));
      const self = row;
      row += 1;
      if (open) {
        nextKey += 1;
        if (row + open.below > from) this.#collect(open, ref.node, row, level + 1, self, from, to, out);
        row += open.below;
      }
      direct += 1;
    }
  }

  #row(
    owner: OpenRow,
    ref: RowRef,
    parent: number,
    direct: number,
    level: number,
    parentRow: number,
    open: boolean,
  ): TreeRow {
    const base = { ...ref, level, open, position: direct + 1, siblings: owner.rows, parent, parentRow };
    if (ref.range !== undefined) {
      const from = ref.range * rangeSize;
      const to = Math.min(from + rangeSize, this.count(ref.node));
      return { ...base, container: true, ordinal: direct, from, to };
    }
    const container = isContainer(this.index, ref.node) && this.index.next[ref.node] !== ref.node + 1;
    return { ...base, container, ordinal: owner.offset + direct };
  }

  #openedRef(ref: RowRef): OpenRow | undefined {
    if (ref.range === undefined) return this.#opened(ref.node);
    const from = ref.range * rangeSize;
    const children = childrenOf(this.index, ref.node, from, from + rangeSize);
    return { rows: children.length, children, offset: from, below: children.length, open: new Map() };
  }

  #opened(node: number): OpenRow | undefined {
    if (!isContainer(this.index, node)) return undefined;
    const count = this.count(node);
    if (count === 0) return undefined;
    if (count > rangeSize) {
      const ranges = Math.ceil(count / rangeSize);
      return { rows: ranges, children: undefined, offset: 0, below: ranges, open: new Map() };
    }
    const children = childrenOf(this.index, node);
    return { rows: count, children, offset: 0, below: count, open: new Map() };
  }
}

function refOf(owner: OpenRow, parent: number, direct: number): RowRef {
  return owner.children
    ? { node: owner.children[direct] as number, range: undefined }
    : { node: parent, range: direct };
}

function sortedKeys(map: ReadonlyMap<number, unknown>): number[] {
  return map.size < 2 ? [...map.keys()] : [...map.keys()].sort((a, b) => a - b);
}
