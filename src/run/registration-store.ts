/**
 * Where registered clients can be taken back (RFC 7592), by issuer and client. No secret is in it: the token for it is a
 * slot of the credential that registered.
 */
import type { AddressClass } from '../http/address-class.ts';
import type { StateStore } from '../ports.ts';

const key = 'registrations';

export interface Registration {
  /** Absent where the provider offers no way to take it back. */
  readonly uri?: string;
  /** Of the identity provider: where its addresses may lead. */
  readonly network: AddressClass;
  /** Milliseconds since the epoch. */
  readonly registeredAt: number;
  readonly secretExpiresAt?: number;
}

export interface RegistrationStore {
  get(issuer: string, clientId: string): Promise<Registration | undefined>;
  /** Undefined forgets it. */
  set(issuer: string, clientId: string, registration: Registration | undefined): Promise<void>;
}

export function createRegistrationStore(state: StateStore): RegistrationStore {
  const id = (issuer: string, clientId: string): string => `${issuer} ${clientId}`;
  const load = async (): Promise<ReadonlyMap<string, Registration>> =>
    new Map(Object.entries((await state.get<Record<string, Registration>>(key)) ?? {}));
  return {
    async get(issuer, clientId) {
      return (await load()).get(id(issuer, clientId));
    },
    async set(issuer, clientId, registration) {
      const all = new Map(await load());
      if (registration === undefined) all.delete(id(issuer, clientId));
      else all.set(id(issuer, clientId), registration);
      await state.set(key, Object.fromEntries(all));
    },
  };
}
