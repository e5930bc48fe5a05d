/**
 * From an authorization URL to the redirect that answers it: opens a receiver, then the browser, and waits, showing the
 * person how to help. A browser that does not open ends nothing: the link can be copied. Source: RFC 8252 §6, R05, L01–L07.
 */
import { Secret } from '../credentials/secret.ts';
import { CountersignError } from '../errors/countersign-error.ts';
import { abortable } from './capped-fetch.ts';
import type { Operation } from './operation.ts';
import type { Redirect } from './pending-flows.ts';
import { findReceiver } from './receivers/registry.ts';

export interface ReceivedRedirect {
  /** As the library takes it: the redirect URI with what came, checked. */
  readonly url: URL;
  readonly redirectUri: string;
}

/** @param flow its `state`, and what was made for it in words @param toUrl makes the authorization URL once the redirect URI is known. Throws `CS-AUTH-*`. */
export async function awaitRedirect(
  operation: Operation,
  { state, made }: { readonly state: string; readonly made: string },
  toUrl: (redirectUri: string) => Promise<string>,
): Promise<ReceivedRedirect> {
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
      uriHandler: ports.uriHandler,
      deliver: (url) => flows.deliver(url, state),
      now: () => ports.clock.now(),
    });
    operation.onEnd(() => (signal.aborted ? open.close() : open.finish()));
    const url = await toUrl(open.redirectUri);
    signal.throwIfAborted();
    const flow = flows.add({ state, credential: credential.name, redirectUri: open.redirectUri }, (redirect) => {
      arrived(redirect);
      return operation.ended;
    });
    operation.onEnd(() => flow.remove());
    const cancel = new AbortController();
    const opened = openBrowser(operation, url);
    void opened.then((worked) => {
      if (!worked) trace.amend('authorization-request', 'warning', 'the browser did not open; the link can be copied');
    });
    const shown = ports.progress.waiting({
      credential: credential.name,
      url,
      opened,
      cancel: () => cancel.abort(),
      paste: async (text) => (await Promise.race([flows.deliverPasted(text, state), taken(arrival)])) !== 'unknown',
    });
    operation.onEnd(() => shown.dispose());
    detail(`redirect ${open.redirectUri} · code_challenge_method S256 · ${made} made for this sign-in`);
    if (definition.redirect === 'paste') warn('the address has to be pasted by hand');
    return { redirectUri: open.redirectUri, cancelled: cancel.signal };
  });
  return trace.step('redirect', async ({ detail, warn }) => {
    const redirect = await abortable(arrival, AbortSignal.any([signal, receiver.cancelled]));
    const url = await toCheckedUrl(operation, redirect, state, receiver.redirectUri);
    if (redirect.bareCode) warn('a bare code was pasted: only PKCE vouches that it belongs to this sign-in');
    else detail(`state matches${url.searchParams.has('iss') ? ' · iss matches (RFC 9207)' : ''}`);
    return { url, redirectUri: receiver.redirectUri };
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

/** Issuer before error, error before code: nothing of a redirect counts until it is known to be the provider's own. */
async function toCheckedUrl(
  operation: Operation,
  redirect: Redirect,
  state: string,
  redirectUri: string,
): Promise<URL> {
  const { provider, share, credential } = operation;
  const url = new URL(redirect.url);
  const required = provider.metadata['authorization_response_iss_parameter_supported'] === true;
  if (provider.issuer === undefined) url.searchParams.delete('iss');
  else if (redirect.bareCode && required) url.searchParams.set('iss', provider.issuer);
  for (const code of url.searchParams.getAll('code')) {
    if (code !== '') share.ports.onSecret(new Secret(code, `${credential.name} authorization code`));
  }
  const { validateAuthResponse } = await import('oauth4webapi');
  const server = {
    issuer: provider.metadata.issuer,
    ...(provider.issuer !== undefined && required ? { authorization_response_iss_parameter_supported: true } : {}),
  };
  const client = { client_id: credential.definition.client_id };
  await operation.guard(
    'redirect',
    async () => void validateAuthResponse(server, client, url.searchParams, state),
    redirectUri,
  );
  if (url.searchParams.getAll('code').filter((code) => code !== '').length !== 1) {
    throw new CountersignError('CS-AUTH-REFUSED', `The redirect from ${provider.host} brings no code.`, {
      next: 'Sign in again; if it comes back, tell the owner of the identity provider.',
    });
  }
  return url;
}
