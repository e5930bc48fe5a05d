/**
 * Sign-ins that wait for their redirect, by `state`. Each takes one redirect, once, within its time; whatever does not
 * match is turned away without touching a flow. Source: RFC 6749 §10.12, auth.md §3.3, H04–H07.
 */
import { parseJsonObject } from '../credentials/json-object.ts';
import type { Clock } from '../ports.ts';

/**
 * Where the answer stands: in the query, in the fragment (which no server sees), or in a form that the provider's page
 * posts. A form counts as private as a fragment does.
 */
export type AnswerPlace = 'query' | 'fragment' | 'form_post';

/** How the sign-in that a redirect belongs to came out; `unknown` when it belongs to none. */
export type DeliveryOutcome = 'signed-in' | 'failed' | 'unknown';

export interface PendingFlow {
  readonly state: string;
  readonly credential: string;
  /** The exact string that was sent. */
  readonly redirectUri: string;
  /** Where the answer is awaited; an error may come in the query all the same. */
  readonly place: AnswerPlace;
}

export interface Redirect {
  /** The redirect URI with the parameters that came, wherever they stood. */
  readonly url: URL;
  /** True when they stood in the query, which servers, proxies and histories see. */
  readonly fromQuery: boolean;
  /** True for a code pasted by hand: neither `state` nor `iss` came with it. */
  readonly bareCode: boolean;
}

interface Entry extends PendingFlow {
  readonly expiresAt: number;
  readonly accept: (redirect: Redirect) => Promise<'signed-in' | 'failed'>;
}

const lifetimeMs = 10 * 60 * 1000;
/** Two tokens of the longest kind fit in. */
const maxLength = 160 * 1024;

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
    const hidden = new URLSearchParams(url.hash.slice(1));
    const inHash = toStates(hidden).length > 0;
    const parameters = inHash ? hidden : url.searchParams;
    const states = toStates(parameters);
    const state = states[0];
    if (states.length !== 1 || state === undefined || (only !== undefined && state !== only)) return 'unknown';
    const entry = this.#take(
      state,
      (one) =>
        isRedirectOf(url, one.redirectUri) && (!inHash || one.place !== 'query') && (!inHash || url.search === ''),
    );
    return entry
      ? entry.accept({ url: toRedirectUrl(entry.redirectUri, parameters), fromQuery: !inHash, bareCode: false })
      : 'unknown';
  }

  /** Takes what a person pasted for one flow: the redirect URL, its query, or the bare code. */
  async deliverPasted(text: string, state: string): Promise<DeliveryOutcome> {
    const pasted = text.trim();
    const entry = this.#flows.get(state);
    if (!entry || pasted === '' || pasted.length > maxLength) return 'unknown';
    if (/^[a-z][a-z0-9+.-]*:\/\//i.test(pasted)) return this.deliver(pasted, state);
    if (/^[?#]?(code|state|error|iss|response|access_token|id_token|token_type|expires_in|scope)=/.test(pasted)) {
      const mark = entry.place === 'query' ? '?' : '#';
      return this.deliver(`${entry.redirectUri}${mark}${pasted.replace(/^[?#]/, '')}`, state);
    }
    if (entry.place !== 'query' || !/^[\x21-\x7e]+$/.test(pasted)) return 'unknown';
    const taken = this.#take(state, () => true);
    return taken
      ? taken.accept({
          url: toRedirectUrl(taken.redirectUri, new URLSearchParams({ code: pasted, state })),
          fromQuery: true,
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

/** Of the answer itself, or of the signed answer it holds; what that says is believed only once it has been checked. */
function toStates(parameters: URLSearchParams): readonly string[] {
  const states = parameters.getAll('state');
  const signed = parameters.getAll('response');
  if (states.length > 0 || signed.length !== 1) return states;
  const inner = parseJsonObject(Buffer.from(signed[0]?.split('.')[1] ?? '', 'base64url').toString())?.['state'];
  return typeof inner === 'string' ? [inner] : [];
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
