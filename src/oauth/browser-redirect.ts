/**
 * From an authorization URL to the redirect that answers it: opens a receiver, then the browser, and waits, showing the
 * person how to help. A browser that does not open ends nothing: the link can be copied. Source: RFC 8252 §6, R05, L01–L07.
 */
import { Secret } from '../credentials/secret.ts';
import { CountersignError } from '../errors/countersign-error.ts';
import { abortable } from './capped-fetch.ts';
import type { Operation } from './operation.ts';
import type { AnswerPlace, Redirect } from './pending-flows.ts';
import { findReceiver } from './receivers/registry.ts';

export interface ReceivedRedirect {
  /** As the library takes it: the redirect URI with what came, checked, without tokens. */
  readonly url: URL;
  readonly redirectUri: string;
  /** All that came, checked. */
  readonly parameters: URLSearchParams;
}

/** What is asked for, and how its answer is read. */
export interface RedirectFlow {
  readonly state: string;
  /** What was made for it, in words. */
  readonly made: string;
  /** `query` when absent. */
  readonly place?: AnswerPlace;
  /** What the redirect has to bring. */
  readonly brings?: 'code' | 'access_token';
  /** Makes the plain answer of one that is wrapped. Throws what the library throws. */
  unwrap?(parameters: URLSearchParams): Promise<URLSearchParams>;
}

/** @param toUrl makes the authorization URL once the redirect URI is known. Throws `CS-AUTH-*`. */
export async function awaitRedirect(
  operation: Operation,
  asked: RedirectFlow,
  toUrl: (redirectUri: string) => Promise<string>,
): Promise<ReceivedRedirect> {
  const { state, made, place = 'query' } = asked;
  const { credential, share, trace, signal, provider } = operation;
  const { ports, limits, flows } = share;
  let arrived: (redirect: Redirect) => void = () => undefined;
  const arrival = new Promise<Redirect>((resolve) => {
    arrived = resolve;
  });
  const receiver = await trace.step('authorization-request', async ({ detail, warn }) => {
    const { definition } = credential;
    const open = await findReceiver(definition.redirect, ports.redirect ?? 'loopback').open({
      credential,
      issuerHost: provider.host,
      returnTo: ports.returnTo ?? 'VS Code',
      limits,
      place,
      origins: toOrigins(operation),
      uriHandler: ports.uriHandler,
      deliver: async (url) => {
        const outcome = await flows.deliver(url, state);
        if (outcome === 'unknown') operation.strayRedirects += 1;
        return outcome;
      },
      now: () => ports.clock.now(),
    });
    operation.onEnd(() => (signal.aborted ? open.close() : open.finish()));
    operation.redirectUri = open.redirectUri;
    const url = await toUrl(open.redirectUri);
    signal.throwIfAborted();
    const flow = flows.add({ state, credential: credential.name, redirectUri: open.redirectUri, place }, (redirect) => {
      arrived(redirect);
      return operation.ended;
    });
    operation.onEnd(() => flow.remove());
    trace.inBrowser(url, 'in the browser');
    const cancel = new AbortController();
    const opened = openBrowser(operation, url);
    void opened.then((worked) => {
      if (worked) return;
      operation.browserOpened = false;
      trace.amend('authorization-request', 'warning', 'the browser did not open; the link can be copied');
    });
    const shown = ports.progress.waiting({
      credential: credential.name,
      url,
      opened,
      cancel: () => cancel.abort(),
      paste: async (text) => (await Promise.race([flows.deliverPasted(text, state), taken(arrival)])) !== 'unknown',
    });
    operation.onEnd(() => shown.dispose());
    const proof = asked.brings === 'access_token' ? '' : 'code_challenge_method S256 · ';
    detail(`redirect ${open.redirectUri} · ${proof}${made} made for this sign-in`);
    if (definition.redirect === 'paste') warn('the address has to be pasted by hand');
    return { redirectUri: open.redirectUri, cancelled: cancel.signal };
  });
  return trace.step('redirect', async ({ detail, warn }) => {
    const redirect = await abortable(arrival, AbortSignal.any([signal, receiver.cancelled]));
    if (!redirect.bareCode) trace.inBrowser(redirect.url.href, 'by the browser, to this machine');
    const parameters = await toCheckedParameters(operation, redirect, asked, receiver.redirectUri);
    if (redirect.bareCode) warn('a bare code was pasted: only PKCE vouches that it belongs to this sign-in');
    else detail(`state matches${parameters.has('iss') ? ' · iss matches (RFC 9207)' : ''}`);
    const url = new URL(receiver.redirectUri);
    for (const [name, value] of parameters) if (!tokenNames.has(name)) url.searchParams.append(name, value);
    return { url, redirectUri: receiver.redirectUri, parameters };
  });
}

/** A paste that was taken is answered at once; the sign-in goes on by itself. */
async function taken(arrival: Promise<Redirect>): Promise<'taken'> {
  await arrival;
  return 'taken';
}

/** False when the browser was refused, failed, or said nothing until the sign-in was over; never throws. */
async function openBrowser({ share, ended }: Operation, url: string): Promise<boolean> {
  try {
    const opening = Promise.resolve().then(() => share.ports.browser.open(url));
    return await Promise.race([opening, ended.then(() => false)]);
  } catch {
    return false;
  }
}

/** Pages of the provider: only they may post an answer. */
function toOrigins({ provider }: Operation): readonly string[] {
  const { metadata } = provider;
  const known = [metadata.issuer, metadata['authorization_endpoint'], metadata['token_endpoint']];
  return [
    ...new Set(known.flatMap((one) => (typeof one === 'string' && URL.canParse(one) ? [new URL(one).origin] : []))),
  ];
}

const tokenNames: ReadonlySet<string> = new Set(['access_token', 'id_token', 'token_type', 'expires_in']);
const secretNames = { code: 'authorization code', access_token: 'access token', id_token: 'ID token' };

function noteSecrets({ share, credential }: Operation, parameters: URLSearchParams): void {
  for (const [name, label] of Object.entries({ ...secretNames, response: 'signed answer' })) {
    for (const value of parameters.getAll(name)) {
      if (value !== '') share.ports.onSecret(new Secret(value, `${credential.name} ${label}`));
    }
  }
}

/** Issuer before error, error before code: nothing of a redirect counts until it is known to be the provider's own. */
async function toCheckedParameters(
  operation: Operation,
  redirect: Redirect,
  { state, brings = 'code', unwrap }: RedirectFlow,
  redirectUri: string,
): Promise<URLSearchParams> {
  const { provider, credential } = operation;
  let parameters = new URLSearchParams(redirect.url.searchParams);
  noteSecrets(operation, parameters);
  if (unwrap) {
    const wrapped = parameters;
    parameters = await operation.guard('redirect', () => unwrap(wrapped), redirectUri);
    noteSecrets(operation, parameters);
  }
  // An ID token names the issuer itself (RFC 9207 §2.4).
  const required =
    provider.metadata['authorization_response_iss_parameter_supported'] === true && !parameters.has('id_token');
  if (provider.issuer === undefined) parameters.delete('iss');
  else if (redirect.bareCode && required) parameters.set('iss', provider.issuer);
  const { validateAuthResponse } = await import('oauth4webapi');
  const server = {
    issuer: provider.metadata.issuer,
    ...(provider.issuer !== undefined && required ? { authorization_response_iss_parameter_supported: true } : {}),
  };
  const client = { client_id: credential.definition.client_id };
  const plain = new URLSearchParams([...parameters].filter(([name]) => !tokenNames.has(name)));
  await operation.guard('redirect', async () => void validateAuthResponse(server, client, plain, state), redirectUri);
  const refuse = (why: string, facts: Record<string, unknown> = {}): CountersignError =>
    new CountersignError('CS-AUTH-REFUSED', `The redirect from ${provider.host} ${why}.`, {
      next: 'Sign in again; if it comes back, tell the owner of the identity provider.',
      facts,
    });
  if (redirect.fromQuery && [...tokenNames].some((name) => parameters.has(name))) {
    throw refuse('brings a token in its query, where servers and histories keep it', { front: 'query' });
  }
  const word = brings === 'code' ? 'code' : 'token';
  if (parameters.getAll(brings).filter((value) => value !== '').length !== 1) throw refuse(`brings no ${word}`);
  for (const name of tokenNames) if (parameters.getAll(name).length > 1) throw refuse(`brings ${name} twice`);
  return parameters;
}
