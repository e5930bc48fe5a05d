/** A token broker on a scripted provider, with real fakes for everything around it. */
import { createHash } from 'node:crypto';
import { Secret } from '../../src/credentials/secret.ts';
import type { OAuth2Definition, Session } from '../../src/credentials/types.ts';
import { createTokenBroker } from '../../src/oauth/broker.ts';
import type {
  ApprovalElsewhere,
  DeviceCode,
  EndpointPins,
  OAuthCredential,
  SessionStore,
  TokenBrokerPorts,
} from '../../src/oauth/ports.ts';
import type { TokenBroker } from '../../src/oauth/types.ts';
import type { LockProvider } from '../../src/ports.ts';

export function toCredential(definition: Partial<OAuth2Definition>, name = 'orders'): OAuthCredential {
  const whole: OAuth2Definition = {
    scheme: 'oauth2',
    grant: 'authorization_code',
    client_id: 'cli',
    origins: ['https://api.example.com'],
    ...definition,
  };
  const hash = createHash('sha256').update(JSON.stringify(whole)).digest('hex');
  return { name, definition: whole, owner: 'user', hash };
}

export class MemorySessions implements SessionStore {
  readonly entries = new Map<string, Session>();
  readonly #listeners = new Set<(name: string) => void>();
  /** Names of `set` calls that are refused. */
  refuse = false;
  writes = 0;

  async get(credential: OAuthCredential): Promise<Session | undefined> {
    return this.entries.get(credential.name);
  }
  async set(credential: OAuthCredential, session: Session): Promise<void> {
    if (this.refuse) throw new Error('the store is full');
    this.writes += 1;
    this.entries.set(credential.name, session);
    for (const listener of this.#listeners) listener(credential.name);
  }
  async delete(credential: OAuthCredential): Promise<void> {
    this.entries.delete(credential.name);
    for (const listener of this.#listeners) listener(credential.name);
  }
  onDidChange(listener: (name: string) => void): { dispose(): void } {
    this.#listeners.add(listener);
    return { dispose: () => void this.#listeners.delete(listener) };
  }
}

export class MemoryLock implements LockProvider {
  readonly #tails = new Map<string, Promise<void>>();

  async acquire(name: string): Promise<() => Promise<void>> {
    const before = this.#tails.get(name) ?? Promise.resolve();
    let release = (): void => undefined;
    this.#tails.set(name, new Promise((resolve) => (release = resolve)));
    await before;
    return async () => release();
  }
}

export class MemoryPins implements EndpointPins {
  readonly entries = new Map<string, Readonly<Record<string, string>>>();
  async get(name: string, hash: string): Promise<Readonly<Record<string, string>> | undefined> {
    return this.entries.get(`${name} ${hash}`);
  }
  async set(name: string, hash: string, origins: Readonly<Record<string, string>>): Promise<void> {
    this.entries.set(`${name} ${hash}`, origins);
  }
}

export interface Bench {
  readonly broker: TokenBroker;
  readonly sessions: MemorySessions;
  readonly pins: MemoryPins;
  readonly lock: LockProvider;
  /** Every secret the redactor was told of. */
  readonly seen: Set<string>;
  /** What the browser was asked to open. */
  readonly opened: string[];
  /** Device codes that were shown, and whether they still are. */
  readonly codes: { code: DeviceCode; shown: boolean }[];
  /** What was asked for on another device, and whether it still is shown. */
  readonly approvals: { approval: ApprovalElsewhere; shown: boolean }[];
  readonly waiting: { credential: string; url: string; paste(text: string): Promise<boolean>; cancel(): void }[];
  clock: { now(): number; shift: number };
}

export interface BenchOptions extends Partial<Omit<TokenBrokerPorts, 'fetch'>> {
  readonly fetch: TokenBrokerPorts['fetch'];
  readonly secret?: string | undefined;
  /** By slot, beside `secret` for the main one. */
  readonly slots?: Readonly<Record<string, string>>;
  /** What a person does who sees a device code. */
  readonly enter?: (code: DeviceCode) => unknown;
  /** What a person does who is asked on another device. */
  readonly approval?: (approval: ApprovalElsewhere) => unknown;
  /** The person's browser: gets the authorization URL. */
  readonly browse?: (url: string) => unknown;
}

export function createBench({ secret, slots, browse, enter, approval: approve, ...ports }: BenchOptions): Bench {
  const sessions = (ports.sessions as MemorySessions | undefined) ?? new MemorySessions();
  const pins = (ports.pins as MemoryPins | undefined) ?? new MemoryPins();
  const lock = ports.lock ?? new MemoryLock();
  const seen = new Set<string>();
  const opened: string[] = [];
  const waiting: Bench['waiting'] = [];
  const codes: Bench['codes'] = [];
  const approvals: Bench['approvals'] = [];
  const kept: Record<string, string | undefined> = { ...slots, '': secret };
  const clock = { shift: 0, now: () => Date.now() + clock.shift };
  const broker = createTokenBroker({
    secrets: {
      get: async (_credential, slot) => {
        const value = kept[slot];
        return value === undefined ? undefined : new Secret(value, slot || 'client secret');
      },
    },
    device: {
      show: (code) => {
        const entry = { code, shown: true };
        codes.push(entry);
        void Promise.resolve(enter?.(code)).catch(() => undefined);
        return { dispose: () => void (entry.shown = false) };
      },
      wait: (approval) => {
        const entry = { approval, shown: true };
        approvals.push(entry);
        void Promise.resolve(approve?.(approval)).catch(() => undefined);
        return { dispose: () => void (entry.shown = false) };
      },
    },
    browser: {
      open: async (url) => {
        opened.push(url);
        void Promise.resolve(browse?.(url)).catch(() => undefined);
        return true;
      },
    },
    progress: {
      waiting: (info) => {
        waiting.push(info);
        return { dispose: () => undefined };
      },
    },
    clock,
    redact: (text) => [...seen].reduce((left, one) => left.replaceAll(one, '••••'), text),
    onSecret: (one) => void seen.add(one.reveal()),
    ...ports,
    sessions,
    pins,
    lock,
  });
  return { broker, sessions, pins, lock, seen, opened, codes, approvals, waiting, clock };
}
