/**
 * Sign-ins that wait for their redirect, by `state`. Each takes one redirect, once, within its time; whatever does not
 * match is turned away without touching a flow. Source: RFC 6749 §10.12, auth.md §3.3, H04–H07.
 */
import type { Clock } from '../ports.ts';

/** How the sign-in that a redirect belongs to came out; `unknown` when it belongs to none. */
export type DeliveryOutcome = 'signed-in' | 'failed' | 'unknown';

export interface PendingFlow {
  readonly state: string;
  readonly credential: string;
  /** The exact string that was sent. */
  readonly redirectUri: string;
}

export interface Redirect {
  /** The redirect URI with the parameters that came. */
  readonly url: URL;
  /** True for a code pasted by hand: neither `state` nor `iss` came with it. */
  readonly bareCode: boolean;
}

interface Entry extends PendingFlow {
  readonly expiresAt: number;
  readonly accept: (redirect: Redirect) => Promise<'signed-in' | 'failed'>;
}

const lifetimeMs = 10 * 60 * 1000;
const maxLength = 16 * 1024;

export class PendingFlows {
  readonly #flows = new Map<string, Entry>();
  readonly #clock: Clock;

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  get size(): number {
    return this.#flows.size;
  }

  /** @param accept called once, with the redirect; resolves when the sign-in has ended. */
  add(flow: PendingFlow, accept: Entry['accept']): { remove(): void } {
    const entry = { ...flow, accept, expiresAt: this.#clock.now() + lifetimeMs };
    this.#flows.set(flow.state, entry);
    return {
      remove: () => {
        if (this.#flows.get(flow.state) === entry) this.#flows.delete(flow.state);
      },
    };
  }

  /** Takes a whole redirect URL. @param only the one flow that this way may serve. */
  async deliver(text: string, only?: string): Promise<DeliveryOutcome> {
    const url = parseUrl(text);
    if (!url) return 'unknown';
    const states = url.searchParams.getAll('state');
    const state = states[0];
    if (states.length !== 1 || state === undefined || (only !== undefined && state !== only)) return 'unknown';
    const entry = this.#take(state, (one) => isRedirectOf(url, one.redirectUri));
    return entry
      ? entry.accept({ url: toRedirectUrl(entry.redirectUri, url.searchParams), bareCode: false })
      : 'unknown';
  }

  /** Takes what a person pasted for one flow: the redirect URL, its query, or the bare code. */
  async deliverPasted(text: string, state: string): Promise<DeliveryOutcome> {
    const pasted = text.trim();
    const entry = this.#flows.get(state);
    if (!entry || pasted === '' || pasted.length > maxLength) return 'unknown';
    if (/^[a-z][a-z0-9+.-]*:\/\//i.test(pasted)) return this.deliver(pasted, state);
    if (/^\??(code|state|error|iss)=/.test(pasted)) {
      return this.deliver(`${entry.redirectUri}?${pasted.replace(/^\?/, '')}`, state);
    }
    if (!/^[\x21-\x7e]+$/.test(pasted)) return 'unknown';
    const taken = this.#take(state, () => true);
    return taken
      ? taken.accept({
          url: toRedirectUrl(taken.redirectUri, new URLSearchParams({ code: pasted, state })),
          bareCode: true,
        })
      : 'unknown';
  }

  #take(state: string, matches: (entry: Entry) => boolean): Entry | undefined {
    const entry = this.#flows.get(state);
    if (!entry || !matches(entry)) return undefined;
    this.#flows.delete(state);
    return entry.expiresAt > this.#clock.now() ? entry : undefined;
  }
}

function parseUrl(text: string): URL | undefined {
  if (text.length > maxLength) return undefined;
  try {
    return new URL(text);
  } catch {
    return undefined;
  }
}

/** Scheme, host, port and path as registered; only the query came from outside. */
function isRedirectOf(url: URL, redirectUri: string): boolean {
  const own = new URL(redirectUri);
  return url.protocol === own.protocol && url.host === own.host && url.pathname === own.pathname;
}

function toRedirectUrl(redirectUri: string, parameters: URLSearchParams): URL {
  const url = new URL(redirectUri);
  url.search = parameters.toString();
  url.hash = '';
  return url;
}
