/**
 * Finds out whether the secret store outlives this process: a marker that an earlier process left must still be there.
 * Asked once, on the first write. Source: auth.md §3.5, S02.
 */
import type { SecretStore, StateStore } from '../ports.ts';
import { keyPrefix } from './secret-keys.ts';

export interface Durability {
  /** `unknown` until a second process could look. */
  readonly kind: 'durable' | 'memory' | 'unknown';
  /** True the first time it turns out to be memory: the person is told once. */
  readonly tell: boolean;
}

const markerKey = `${keyPrefix}probe`;
const stateKey = 'secret-probe';

interface ProbeState {
  readonly marked?: boolean;
  readonly told?: boolean;
}

export async function probeDurability(secrets: SecretStore, state: StateStore): Promise<Durability> {
  const known = (await state.get<ProbeState>(stateKey).catch(() => undefined)) ?? {};
  const marker = await secrets.get(markerKey).catch(() => undefined);
  let kept = marker !== undefined;
  if (!kept) {
    kept = await secrets
      .set(markerKey, '1')
      .then(() => secrets.get(markerKey))
      .then(
        (value) => value !== undefined,
        () => false,
      );
  }
  const lost = known.marked === true && marker === undefined;
  const memory = !secrets.describe().durable || lost || !kept;
  const kind = memory ? 'memory' : marker === undefined ? 'unknown' : 'durable';
  const tell = memory && known.told !== true;
  await state.set(stateKey, { marked: kept, told: memory } satisfies ProbeState).catch(() => undefined);
  return { kind, tell };
}
