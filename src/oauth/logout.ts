/**
 * The page where the provider ends its own session, opened in the person's browser after the tokens are gone here: what
 * the page does, or whether it opens at all, changes nothing of that. A way back is named only when asked for, since a
 * provider refuses one that is not registered. Source: OpenID Connect RP-Initiated Logout 1.0 §2–3, auth.md H36.
 */
import { randomBytes } from 'node:crypto';
import { takesBrowser } from '../credentials/common-fields.ts';
import type { Session } from '../credentials/types.ts';
import { abortable } from './capped-fetch.ts';
import { requireOffered } from './endpoint-vetting.ts';
import type { Operation } from './operation.ts';
import { loopback } from './receivers/loopback.ts';
import { findReceiver } from './receivers/registry.ts';
import type { SignedOutEverywhere } from './types.ts';

/** Beyond this an address is cut or refused on the way to some browsers; the provider asks the person instead. */
const maxAddress = 8000;

export type LogoutPage = Pick<SignedOutEverywhere, 'opened' | 'cameBack' | 'why'>;

interface WayBack {
  readonly redirectUri: string;
  /** False when nobody came within the time for a sign-in. */
  readonly arrive: () => Promise<boolean>;
}

/** Throws CS-AUTH-ENDPOINT for a page that may not be opened, CS-AUTH-REDIRECT-PORT. */
export async function openLogoutPage(
  operation: Operation,
  session: Session | undefined,
  comeBack: boolean,
): Promise<LogoutPage> {
  await operation.prepare(false);
  const { provider, trace, credential, share } = operation;
  return trace.step('end-session', async ({ detail, warn, skip }) => {
    if (!session?.idToken && !takesBrowser(credential.definition.grant)) {
      skip('nobody signs in by a browser');
      const why = `Nobody signs in to ${credential.name} by a browser, so there is no session of yours to end at ${provider.host}.`;
      return { opened: false, why };
    }
    const page = requireOffered('end_session_endpoint', provider.metadata, provider.warnings, provider.host);
    const state = randomBytes(16).toString('base64url');
    const back = comeBack ? await openWayBack(operation, state) : undefined;
    const parameters = {
      client_id: credential.definition.client_id,
      state,
      ...(back === undefined ? {} : { post_logout_redirect_uri: back.redirectUri }),
    };
    const hint = session?.idToken?.reveal();
    let url = toAddress(page, { ...parameters, ...(hint === undefined ? {} : { id_token_hint: hint }) });
    if (url.length > maxAddress) {
      url = toAddress(page, parameters);
      warn('the ID token is too long for an address and is not sent along');
    }
    trace.inBrowser(url, 'in the browser');
    const opening = share.ports.browser.open(url).catch(() => false);
    if (!(await abortable(opening, operation.signal))) {
      warn('the browser did not open');
      return { opened: false, why: `The browser did not open. Sign out at ${provider.host} yourself.` };
    }
    detail(`${provider.host} ends its session in the browser`);
    if (back === undefined) return { opened: true };
    if (await back.arrive()) {
      detail('state matches');
      return { opened: true, cameBack: true };
    }
    warn('the browser did not come back');
    const why = `The browser did not come back to ${back.redirectUri}: it has to be registered among the post_logout_redirect_uris of the client.`;
    return { opened: true, cameBack: false, why };
  });
}

/** The loopback listener, where a definition has its redirect there; it is deaf to every other state. */
async function openWayBack(operation: Operation, state: string): Promise<WayBack | undefined> {
  const { credential, share, provider, signal } = operation;
  const { ports, limits, flows } = share;
  if (findReceiver(credential.definition.redirect, ports.redirect ?? 'loopback') !== loopback) return undefined;
  const open = await loopback.open({
    credential,
    issuerHost: provider.host,
    returnTo: ports.returnTo ?? 'VS Code',
    leaving: true,
    limits,
    place: 'query',
    origins: [],
    uriHandler: undefined,
    deliver: (url) => flows.deliver(url, state),
    now: () => ports.clock.now(),
  });
  operation.onEnd(() => (signal.aborted ? open.close() : open.finish()));
  const arrival = new Promise<boolean>((resolve) => {
    const timer = setTimeout(() => resolve(false), limits.signInMs);
    const about = { state, credential: credential.name, redirectUri: open.redirectUri, place: 'query' } as const;
    const flow = flows.add(about, () => {
      // Nothing more is asked of the provider: the listener has to know that it answers before it is closed, which takes
      // it one turn from now.
      setImmediate(() => setImmediate(() => resolve(true)));
      return operation.ended;
    });
    operation.onEnd(() => {
      clearTimeout(timer);
      flow.remove();
    });
  });
  return { redirectUri: open.redirectUri, arrive: () => abortable(arrival, signal) };
}

/** Made here, for the library takes no page on plain http, and vetting lets one on loopback pass. */
function toAddress(page: string, parameters: Readonly<Record<string, string>>): string {
  const url = new URL(page);
  for (const [name, value] of Object.entries(parameters)) url.searchParams.set(name, value);
  return url.href;
}
