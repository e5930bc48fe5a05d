/** What the identity provider is built from: its addresses, its secrets, where it keeps things. */
import type { Secrets } from '../secrets.ts';
import type { IdentityStore } from './store.ts';

export interface IdentityOptions {
  /** With its trailing slash. */
  readonly issuer: string;
  /** Origin of the API: the resource and the audience. */
  readonly api: string;
  /** Origin of the pages, plain http. */
  readonly pages: string;
  readonly secrets: Secrets;
  readonly store: IdentityStore;
  readonly accessTokenTtl: number;
}
