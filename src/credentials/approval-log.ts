/**
 * What a person approved, outside any workspace: by credential name and defining file, then by content hash. Values an
 * environment fills in may each be approved; a change of the definition itself makes older approvals of it void.
 * It asks nobody. Source: contracts.md §4.
 */
import type { Clock, LockProvider, StateStore } from '../ports.ts';
import { sha256 } from './canonical.ts';
import type { Definition, NamedDefinition } from './types.ts';

export interface Approval {
  readonly name: string;
  readonly file?: string;
  readonly hash: string;
  readonly templateHash: string;
  readonly definition: Definition;
  /** Milliseconds since the epoch. */
  readonly approvedAt: number;
  /** For a definition whose file states no origins: those it was approved for. */
  readonly origins?: readonly string[];
}

export type ApprovalState = 'approved' | 'proposed' | 'changed';

const stateKey = 'approvals';
const keptPerCredential = 20;
const lockStaleMs = 10_000;

export class ApprovalLog {
  readonly #state: StateStore;
  readonly #clock: Clock;
  readonly #lock: LockProvider | undefined;
  #snapshot: ReadonlyMap<string, readonly Approval[]> = new Map();
  #loaded: Promise<void> | undefined;
  #writes: Promise<void> = Promise.resolve();

  /** @param lock makes a change here and one in another window follow each other */
  constructor(state: StateStore, clock: Clock, lock?: LockProvider) {
    this.#lock = lock;
    this.#state = state;
    this.#clock = clock;
  }

  /** Reads the log once; later calls cost nothing until `forgetSnapshot`. */
  load(): Promise<void> {
    this.#loaded ??= this.#read();
    return this.#loaded;
  }

  /** Another window may have changed the log. */
  forgetSnapshot(): void {
    this.#loaded = undefined;
  }

  async #read(): Promise<void> {
    this.#snapshot = toSnapshot(await this.#state.get<unknown>(stateKey).catch(() => undefined));
  }

  /** From what is loaded; a definition of the person's own is approved by being made, unless variables fill it in. */
  state(named: NamedDefinition): ApprovalState {
    if (isOwn(named) && named.originsFromUse !== true) return 'approved';
    const approvals = this.#of(named);
    if (approvals.some((approval) => isFor(approval, named))) return 'approved';
    return approvals.length > 0 ? 'changed' : 'proposed';
  }

  /** The approval in force for exactly this definition. */
  approval(named: NamedDefinition): Approval | undefined {
    return this.#of(named).find((approval) => isFor(approval, named));
  }

  /** What was approved last for this name and file, for the difference. */
  latest(named: NamedDefinition): Approval | undefined {
    return this.#of(named).at(-1);
  }

  /** Everything approved, for “Show Trust Decisions”. */
  async list(): Promise<readonly Approval[]> {
    await this.load();
    return [...this.#snapshot.values()].flat();
  }

  /** @param origin for a definition whose file states none: one more that it may go to */
  async approve(named: NamedDefinition, origin?: string): Promise<void> {
    await this.#update(named, (approvals) => {
      const before = approvals.find((each) => isFor(each, named))?.origins ?? [];
      const origins = origin === undefined ? undefined : [...new Set([...before, origin])];
      const kept = approvals.filter((each) => each.hash !== named.hash && each.templateHash === templateOf(named));
      return [...kept, this.#entry(named, { ...(origins === undefined ? {} : { origins }) })].slice(-keptPerCredential);
    });
  }

  async revoke(named: Pick<NamedDefinition, 'name' | 'file' | 'owner'>): Promise<void> {
    await this.#update(named, () => []);
  }

  #entry(named: NamedDefinition, more: Partial<Approval>): Approval {
    return {
      name: named.name,
      ...(named.file === undefined ? {} : { file: named.file }),
      hash: named.hash,
      templateHash: templateOf(named),
      definition: named.definition,
      approvedAt: this.#clock.now(),
      ...more,
    };
  }

  #of(named: Pick<NamedDefinition, 'name' | 'file' | 'owner'>): readonly Approval[] {
    return this.#snapshot.get(idOf(named)) ?? [];
  }

  /** One writer at a time, each on the newest state. A store that rejects leaves the decision in force for this process. */
  #update(
    named: Pick<NamedDefinition, 'name' | 'file' | 'owner'>,
    change: (approvals: readonly Approval[]) => readonly Approval[],
  ): Promise<void> {
    const write = this.#writes.then(async () => {
      const release = await this.#lock?.acquire(stateKey, { staleMs: lockStaleMs }).catch(() => undefined);
      try {
        await this.#writeNow(named, change);
      } finally {
        await release?.();
      }
    });
    this.#writes = write.catch(() => undefined);
    return write;
  }

  async #writeNow(
    named: Pick<NamedDefinition, 'name' | 'file' | 'owner'>,
    change: (approvals: readonly Approval[]) => readonly Approval[],
  ): Promise<void> {
    const stored = await this.#state.get<unknown>(stateKey).catch(() => undefined);
    const all = new Map(stored === undefined ? this.#snapshot : toSnapshot(stored));
    const next = change(all.get(idOf(named)) ?? []);
    if (next.length === 0) all.delete(idOf(named));
    else all.set(idOf(named), next);
    this.#snapshot = all;
    this.#loaded = Promise.resolve();
    await this.#state.set(stateKey, Object.fromEntries(all));
  }
}

function templateOf(named: NamedDefinition): string {
  return named.templateHash ?? named.hash;
}

function isOwn(named: NamedDefinition): boolean {
  return named.owner === 'user' && named.templateHash === undefined;
}

function isFor(approval: Approval, named: NamedDefinition): boolean {
  return approval.hash === named.hash && approval.templateHash === templateOf(named);
}

/** Always holds a colon, so it is no key that an object has by itself. */
function idOf(named: Pick<NamedDefinition, 'name' | 'file' | 'owner'>): string {
  return named.owner === 'user' ? `user:${named.name}` : `${sha256(named.file ?? '').slice(0, 16)}:${named.name}`;
}

/** Damaged state counts as no approval. */
function toSnapshot(stored: unknown): ReadonlyMap<string, readonly Approval[]> {
  const entries = typeof stored === 'object' && stored !== null ? Object.entries(stored) : [];
  return new Map(entries.map(([id, list]) => [id, Array.isArray(list) ? (list as unknown[]).filter(isApproval) : []]));
}

function isApproval(value: unknown): value is Approval {
  if (typeof value !== 'object' || value === null) return false;
  const { hash, templateHash, definition, name, origins } = value as Partial<Record<keyof Approval, unknown>>;
  const texts = [hash, templateHash, name].every((text) => typeof text === 'string');
  // An approval for no origin at all is none.
  if (origins !== undefined && !(isTexts(origins) && origins.length > 0)) return false;
  return (
    texts && typeof definition === 'object' && definition !== null && Array.isArray((definition as Definition).origins)
  );
}

function isTexts(value: unknown): value is readonly string[] {
  return Array.isArray(value) && value.every((item) => typeof item === 'string');
}
