/**
 * The redirect comes to a custom-scheme address that the window handles and passes to `TokenBroker.deliverRedirect`.
 * It opens nothing itself. Source: RFC 8252 §7.1, auth.md §3.3.
 */
import { CountersignError } from '../../errors/countersign-error.ts';
import type { Receiver } from './receiver.ts';

export const uriHandler: Receiver = {
  name: 'uri_handler',
  label: 'Through an address of this application',
  takesForms: false,
  async open({ uriHandler: handler }) {
    if (!handler) {
      throw new CountersignError('CS-AUTH-REDIRECT', 'No redirect can come back to an address of this application.', {
        next: 'Set redirect to loopback or paste in the definition.',
      });
    }
    const redirectUri = await handler.redirectUri();
    return { redirectUri, finish: () => Promise.resolve(), close: () => Promise.resolve() };
  },
};
