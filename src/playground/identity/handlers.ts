/**
 * The request listeners of the identity provider: everything on HTTPS, and on plain http only what a browser opens. A
 * request for another host name is turned away, so that no web page reaches these by a name of its own.
 */
import type { IncomingMessage, RequestListener, ServerResponse } from 'node:http';
import { createInteractions, sendPage } from './interactions.ts';
import { failurePage, homePage } from './pages.ts';
import type { Identity } from './provider.ts';

const hosts = /^(?:127\.0\.0\.\d{1,3}|localhost|\[::1\])(?::\d+)?$/i;

/** Authorization, device verification and end of session, with what follows each. Not the device authorization. */
const browserPaths = /^\/(?:auth(?:\/[\w-]+)?|device(?:\/(?!auth$)[\w-]+)?|session\/end(?:\/(?:confirm|success))?)$/;

function listen(
  answer: (request: IncomingMessage, response: ServerResponse, path: string) => Promise<void>,
  note: (text: string) => void,
): RequestListener {
  return (request, response) => {
    const path = (request.url ?? '/').split('?', 1)[0] ?? '/';
    if (!hosts.test(request.headers.host ?? '')) {
      response.writeHead(421, { 'Content-Type': 'text/plain' }).end('This server answers to loopback names only.\n');
      return;
    }
    response.once('close', () => {
      note(`${String(response.statusCode)} ${request.method ?? ''} ${path}`);
    });
    answer(request, response, path).catch((error: unknown) => {
      note(`the identity provider could not answer ${path}: ${String(error)}`);
      if (!response.headersSent) sendPage(response, failurePage('server_error', undefined), 500);
      else response.destroy();
    });
  };
}

/** Everything of the provider, over HTTPS. */
export function createIssuerHandler(identity: Identity, note: (text: string) => void): RequestListener {
  const interactions = createInteractions(identity.provider, identity.people);
  const rest = identity.provider.callback();
  return listen(async (request, response, path) => {
    if (!(await interactions(request, response, path))) await rest(request, response);
  }, note);
}

/** Only what a browser opens, over plain http. */
export function createBrowserHandler(
  identity: Identity,
  practiceValues: readonly (readonly [name: string, value: string])[],
  note: (text: string) => void,
): RequestListener {
  const interactions = createInteractions(identity.provider, identity.people);
  const rest = identity.provider.callback();
  return listen(async (request, response, path) => {
    if (path === '/') sendPage(response, homePage(practiceValues));
    else if (await identity.approvals.answer(identity.provider, request, response, path)) return;
    else if (browserPaths.test(path)) await rest(request, response);
    else if (!(await interactions(request, response, path))) {
      sendPage(response, failurePage('not_found', 'no page has this address'), 404);
    }
  }, note);
}
