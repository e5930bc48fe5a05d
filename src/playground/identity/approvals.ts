/**
 * Approvals on a device of a person (CIBA): what a client asked for waits on a page, until the person allows or refuses it
 * there with their password. The page stands for the phone. Source: OpenID Connect CIBA Core §8, §11.
 */
import type { IncomingMessage, ServerResponse } from 'node:http';
import { errors } from 'oidc-provider';
import type Provider from 'oidc-provider';
import type { KoaContextWithOIDC } from 'oidc-provider';
import { acr } from './assurance.ts';
import { readForm, sendPage } from './interactions.ts';
import { approvalsPage } from './pages.ts';
import { authenticate, findPerson, listPeople } from './people.ts';
import type { People, Person } from './people.ts';

type Request = InstanceType<Provider['BackchannelAuthenticationRequest']>;

interface Waiting {
  readonly request: Request;
  readonly person: Person;
  readonly client: string;
  readonly endsAt: number;
}

const mostWaiting = 50;

export class Approvals {
  readonly #waiting = new Map<string, Waiting>();
  readonly #people: People;
  readonly #api: string;

  constructor(people: People, api: string) {
    this.#people = people;
    this.#api = api;
  }

  /** The options of the provider's feature `ciba`. */
  get feature() {
    return {
      enabled: true as const,
      deliveryModes: ['poll' as const],
      processLoginHint: (_ctx: KoaContextWithOIDC, hint = '') => Promise.resolve(this.#find(hint)?.id),
      processLoginHintToken: () => Promise.resolve(undefined),
      verifyUserCode: () => Promise.resolve(),
      validateBindingMessage: (_ctx: KoaContextWithOIDC, message: string | undefined) => {
        if (message !== undefined && !/^[\w.+/!?# -]{1,20}$/.test(message)) {
          return Promise.reject(new errors.InvalidBindingMessage('up to 20 plain characters'));
        }
        return Promise.resolve();
      },
      validateRequestContext: () => Promise.resolve(),
      triggerAuthenticationDevice: (
        _ctx: KoaContextWithOIDC,
        request: Request,
        account: { readonly accountId: string },
        client: { readonly clientId: string; readonly clientName?: string | undefined },
      ) => {
        const person = findPerson(this.#people, account.accountId);
        if (person) {
          const endsAt = Date.now() + 600_000;
          this.#waiting.set(request.jti, { request, person, client: client.clientName ?? client.clientId, endsAt });
          const [oldest] = this.#waiting.keys();
          if (this.#waiting.size > mostWaiting && oldest !== undefined) this.#waiting.delete(oldest);
        }
        return Promise.resolve();
      },
    };
  }

  /** Answers `/approvals…` on the browser's address; false when the path is another. */
  async answer(provider: Provider, request: IncomingMessage, response: ServerResponse, path: string): Promise<boolean> {
    const [, id] = /^\/approvals(?:\/([\w-]+))?$/.exec(path) ?? [];
    if (!path.startsWith('/approvals')) return false;
    let note: string | undefined;
    if (id !== undefined && request.method === 'POST') note = await this.#decide(provider, id, await readForm(request));
    for (const [key, { endsAt }] of this.#waiting) if (endsAt <= Date.now()) this.#waiting.delete(key);
    const rows = [...this.#waiting].map(([key, { person, client, request: asked }]) => ({
      action: `/approvals/${key}`,
      client,
      person: person.name,
      username: person.username,
      message: typeof asked.params?.['binding_message'] === 'string' ? asked.params['binding_message'] : '',
      scope: asked.scope ?? '',
    }));
    sendPage(response, approvalsPage(rows, note));
    return true;
  }

  async #decide(provider: Provider, id: string, form: URLSearchParams): Promise<string> {
    const waiting = this.#waiting.get(id);
    if (!waiting) return 'That request has ended.';
    const { request, person } = waiting;
    if (authenticate(this.#people, person.username, form.get('password') ?? '') !== person) {
      return 'That is not the password.';
    }
    this.#waiting.delete(id);
    if (form.get('decision') !== 'allow') {
      await provider.backchannelResult(request, new errors.AccessDenied(undefined, 'The person refused'));
      return 'Refused.';
    }
    const scopes = (request.scope ?? '').split(' ').filter((one) => one !== 'admin' || person.roles.includes('admin'));
    const grant = new provider.Grant({ accountId: person.id, clientId: request.clientId ?? '' });
    grant.addOIDCScope(scopes.join(' '));
    grant.addResourceScope(this.#api, scopes.join(' '));
    await grant.save();
    const authTime = Math.floor(Date.now() / 1000);
    await provider.backchannelResult(request, grant, { acr: acr.password, amr: ['pwd'], authTime });
    return 'Allowed.';
  }

  #find(hint: string): Person | undefined {
    const name = hint.trim().toLowerCase();
    return listPeople(this.#people).find((person) => [person.id, person.username, person.email].includes(name));
  }
}
