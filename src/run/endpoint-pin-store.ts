/** Where each issuer's endpoints were at their first use, by approved definition. Kept in user state (auth.md H27). */
import type { EndpointPins } from '../oauth/ports.ts';
import type { StateStore } from '../ports.ts';

const key = 'endpoint-pins';
type Pins = Record<string, Readonly<Record<string, string>>>;

export function createEndpointPins(state: StateStore): EndpointPins {
  const id = (name: string, hash: string): string => `${hash} ${name}`;
  const load = async (): Promise<Pins> => (await state.get<Pins>(key)) ?? {};
  return {
    async get(name, hash) {
      const pins = await load();
      return Object.hasOwn(pins, id(name, hash)) ? pins[id(name, hash)] : undefined;
    },
    async set(name, hash, origins) {
      await state.set(key, { ...(await load()), [id(name, hash)]: origins });
    },
  };
}
