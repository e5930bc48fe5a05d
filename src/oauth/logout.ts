/**
 * The page where the provider ends its own session, opened in the person's browser after the tokens are gone here: what
 * the page does, or whether it opens at all, changes nothing of that. No way back is named, for a provider refuses one
 * that is not registered as such. Source: OpenID Connect RP-Initiated Logout 1.0 §2, auth.md H36.
 */
import { randomBytes } from 'node:crypto';
import { takesBrowser } from '../credentials/common-fields.ts';
import type { Session } from '../credentials/types.ts';
import { requireOffered } from './endpoint-vetting.ts';
import type { Operation } from './operation.ts';

/** Beyond this an address is cut or refused on the way to some browsers; the provider asks the person instead. */
const maxAddress = 8000;

/** Resolves to a sentence when no page opened. Throws CS-AUTH-ENDPOINT for one that may not be opened. */
export async function openLogoutPage(operation: Operation, session: Session | undefined): Promise<string | undefined> {
  await operation.prepare(false);
  const { provider, trace, credential, share } = operation;
  return trace.step('end-session', async ({ detail, warn, skip }) => {
    if (!session?.idToken && !takesBrowser(credential.definition.grant)) {
      skip('nobody signs in by a browser');
      return `Nobody signs in to ${credential.name} by a browser, so there is no session of yours to end at ${provider.host}.`;
    }
    const page = requireOffered('end_session_endpoint', provider.metadata, provider.warnings, provider.host);
    const parameters = { client_id: credential.definition.client_id, state: randomBytes(16).toString('base64url') };
    const hint = session?.idToken?.reveal();
    let url = toAddress(page, { ...parameters, ...(hint === undefined ? {} : { id_token_hint: hint }) });
    if (url.length > maxAddress) {
      url = toAddress(page, parameters);
      warn('the ID token is too long for an address and is not sent along');
    }
    trace.inBrowser(url, 'in the browser');
    const opened = await share.ports.browser.open(url).catch(() => false);
    if (opened) {
      detail(`${provider.host} ends its session in the browser`);
      return undefined;
    }
    warn('the browser did not open');
    return `The browser did not open. Sign out at ${provider.host} yourself.`;
  });
}

/** Made here, for the library takes no page on plain http, and vetting lets one on loopback pass. */
function toAddress(page: string, parameters: Readonly<Record<string, string>>): string {
  const url = new URL(page);
  for (const [name, value] of Object.entries(parameters)) url.searchParams.set(name, value);
  return url.href;
}
