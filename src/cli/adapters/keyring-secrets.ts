/**
 * SecretStore over the operating system's keyring (an optional native package). Where it is missing or locked,
 * secrets live in memory for this run and the store says so. There is no file fallback.
 */
import type { SecretStore } from '../../ports.ts';

const service = 'countersign';
const indexKey = 'countersign/index';

interface Keyring {
  get(key: string): string | undefined;
  set(key: string, value: string): void;
  delete(key: string): void;
}

/** Loads the keyring on first use, so that a run that needs no secret never touches it. */
export function createKeyringSecrets(): SecretStore {
  const memory = new Map<string, string>();
  const listeners = new Set<(key: string) => void>();
  let opened: Promise<Keyring | undefined> | undefined;
  let durable = true;

  const keyring = async (): Promise<Keyring | undefined> => {
    opened ??= openKeyring();
    const found = await opened;
    durable = found !== undefined;
    return found;
  };

  const index = (ring: Keyring): string[] => {
    const text = ring.get(indexKey);
    return text === undefined ? [] : (JSON.parse(text) as string[]);
  };

  const changed = (key: string): void => {
    for (const listener of listeners) listener(key);
  };

  return {
    async get(key) {
      const ring = await keyring();
      return ring ? ring.get(key) : memory.get(key);
    },
    async set(key, value) {
      const ring = await keyring();
      if (ring) {
        ring.set(key, value);
        const keys = index(ring);
        if (!keys.includes(key)) ring.set(indexKey, JSON.stringify([...keys, key]));
      } else {
        memory.set(key, value);
      }
      changed(key);
    },
    async delete(key) {
      const ring = await keyring();
      if (ring) {
        ring.delete(key);
        ring.set(indexKey, JSON.stringify(index(ring).filter((each) => each !== key)));
      } else {
        memory.delete(key);
      }
      changed(key);
    },
    async keys() {
      const ring = await keyring();
      return ring ? index(ring) : [...memory.keys()];
    },
    onDidChange(listener) {
      listeners.add(listener);
      return { dispose: () => void listeners.delete(listener) };
    },
    describe: () =>
      durable
        ? { place: 'the keyring of this system', durable: true }
        : { place: 'memory, until this command ends', durable: false },
  };
}

async function openKeyring(): Promise<Keyring | undefined> {
  try {
    const { Entry } = await import('@napi-rs/keyring');
    const ring: Keyring = {
      get: (key) => new Entry(service, key).getPassword() ?? undefined,
      set: (key, value) => {
        new Entry(service, key).setPassword(value);
      },
      delete: (key) => {
        new Entry(service, key).deletePassword();
      },
    };
    ring.get(indexKey);
    return ring;
  } catch {
    return undefined;
  }
}
