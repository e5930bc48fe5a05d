/**
 * The sign-in and consent steps of a browser flow: reads the forms, checks the password, records what was allowed, and
 * hands back to the provider. Source: the interaction contract of oidc-provider.
 */
import type { IncomingMessage, ServerResponse } from 'node:http';
import type Provider from 'oidc-provider';
import type { InteractionResults } from 'oidc-provider';
import { acr } from './assurance.ts';
import { renderPage } from './page.ts';
import type { Page } from './page.ts';
import { allowPage, failurePage, signInPage } from './pages.ts';
import { authenticate, findPerson } from './people.ts';
import type { People, Person } from './people.ts';

type Details = Awaited<ReturnType<Provider['interactionDetails']>>;

const mostBytes = 16 * 1_024;

export function sendPage(response: ServerResponse, page: Page, status = 200): void {
  const { text, headers } = renderPage(page);
  response.writeHead(status, { ...headers, 'Content-Length': Buffer.byteLength(text) });
  response.end(text);
}

export async function readForm(request: IncomingMessage): Promise<URLSearchParams> {
  const chunks: Buffer[] = [];
  let bytes = 0;
  for await (const chunk of request as AsyncIterable<Buffer>) {
    bytes += chunk.length;
    if (bytes > mostBytes) throw new Error('The form is too long.');
    chunks.push(chunk);
  }
  return new URLSearchParams(Buffer.concat(chunks).toString('utf8'));
}

function toWords(value: unknown): string[] {
  return typeof value === 'string' ? value.split(' ').filter((word) => word !== '') : [];
}

/** Which of the asked scopes a person may give away. */
function isAllowed(person: Person, scope: string): boolean {
  return scope !== 'admin' || person.roles.includes('admin');
}

function toReturn(details: Details): string {
  const uri = details.params['redirect_uri'];
  if (typeof uri !== 'string') return 'a page that says it is done';
  const url = URL.parse(uri);
  return url === null ? uri : url.origin === 'null' ? `${url.protocol}//${url.host}` : url.origin;
}

/** Saves the grant for what was asked and allowed; resolves with its id. */
async function saveGrant(provider: Provider, details: Details, person: Person): Promise<string> {
  const known = details.grantId === undefined ? undefined : await provider.Grant.find(details.grantId);
  const clientId = String(details.params['client_id']);
  const grant = known ?? new provider.Grant({ accountId: person.id, clientId });
  const missing = details.prompt.details as {
    missingOIDCScope?: string[];
    missingOIDCClaims?: string[];
    missingResourceScopes?: Record<string, string[]>;
  };
  const split = (scopes: string[]): [string, string] => [
    scopes.filter((scope) => isAllowed(person, scope)).join(' '),
    scopes.filter((scope) => !isAllowed(person, scope)).join(' '),
  ];
  if (missing.missingOIDCScope !== undefined) {
    const [given, withheld] = split(missing.missingOIDCScope);
    if (given !== '') grant.addOIDCScope(given);
    if (withheld !== '') grant.rejectOIDCScope(withheld);
  }
  if (missing.missingOIDCClaims !== undefined) grant.addOIDCClaims(missing.missingOIDCClaims);
  for (const [resource, scopes] of Object.entries(missing.missingResourceScopes ?? {})) {
    const [given, withheld] = split(scopes);
    if (given !== '') grant.addResourceScope(resource, given);
    if (withheld !== '') grant.rejectResourceScope(resource, withheld);
  }
  return grant.save();
}

/** Answers `/interaction/UID…` on the browser's address; false when the path is another. */
export function createInteractions(provider: Provider, people: People) {
  async function toClientName(details: Details): Promise<string> {
    const id = String(details.params['client_id']);
    return (await provider.Client.find(id))?.clientName ?? id;
  }

  async function showSignIn(details: Details, response: ServerResponse, refused?: string): Promise<void> {
    const action = `/interaction/${details.uid}`;
    const hint = details.params['login_hint'];
    const page = signInPage({
      action: `${action}/sign-in`,
      cancel: `${action}/cancel`,
      client: await toClientName(details),
      people,
      username: refused ?? (typeof hint === 'string' ? hint : ''),
      again: details.session?.accountId !== undefined,
      refused: refused !== undefined,
    });
    sendPage(response, page, refused === undefined ? 200 : 422);
  }

  async function showAllow(details: Details, response: ServerResponse, person: Person): Promise<void> {
    const action = `/interaction/${details.uid}`;
    const asked = toWords(details.params['scope']);
    const page = allowPage({
      action: `${action}/allow`,
      cancel: `${action}/cancel`,
      client: await toClientName(details),
      person,
      scopes: asked.filter((scope) => isAllowed(person, scope)),
      withheld: asked.filter((scope) => !isAllowed(person, scope)),
      returnsTo: toReturn(details),
    });
    sendPage(response, page);
  }

  async function signIn(details: Details, request: IncomingMessage): Promise<InteractionResults | { refused: string }> {
    const form = await readForm(request);
    const username = form.get('username') ?? '';
    const person = authenticate(people, username, form.get('password') ?? '');
    if (person === undefined) return { refused: username.slice(0, 100) };
    const fresh = toWords(details.params['acr_values']).includes(acr.fresh);
    return { login: { accountId: person.id, acr: fresh ? acr.fresh : acr.password, amr: ['pwd'], remember: true } };
  }

  return async (request: IncomingMessage, response: ServerResponse, path: string): Promise<boolean> => {
    const [, , step] = /^\/interaction\/([\w-]+)(?:\/(sign-in|allow|cancel))?$/.exec(path) ?? [];
    if (!path.startsWith('/interaction/')) return false;
    let details: Details;
    try {
      details = await provider.interactionDetails(request, response);
    } catch {
      sendPage(response, failurePage('session_expired', 'this page was left open too long, or opened twice'), 400);
      return true;
    }
    const finish = async (result: InteractionResults, merge: boolean): Promise<void> => {
      await provider.interactionFinished(request, response, result, { mergeWithLastSubmission: merge });
    };
    if (request.method === 'POST' && step === 'cancel') {
      await finish({ error: 'access_denied', error_description: 'The person pressed Cancel' }, false);
    } else if (request.method === 'POST' && step === 'sign-in' && details.prompt.name === 'login') {
      const result = await signIn(details, request);
      if ('refused' in result) await showSignIn(details, response, String(result.refused));
      else await finish(result, false);
    } else {
      const person = findPerson(people, details.session?.accountId ?? '');
      if (details.prompt.name === 'login' || person === undefined) {
        await showSignIn(details, response);
      } else if (request.method === 'POST' && step === 'allow') {
        const grantId = await saveGrant(provider, details, person);
        await finish({ consent: details.grantId === undefined ? { grantId } : {} }, true);
      } else {
        await showAllow(details, response, person);
      }
    }
    return true;
  };
}
