/**
 * Clients for the definitions that discovery proposed: registered at the identity provider, kept with the credential,
 * taken back when it is removed. Secrets go to slots of the credential, the rest to the user's state. It asks nobody: a
 * surface shows both origins and asks first. Source: RFC 7591, RFC 7592; auth.md §1.2, A05, H31.
 */
import type { Secret } from '../credentials/secret.ts';
import type { NamedDefinition, OAuth2Definition } from '../credentials/types.ts';
import type { Vault } from '../credentials/vault.ts';
import { CountersignError } from '../errors/countersign-error.ts';
import type { AddressClass } from '../http/address-class.ts';
import type { IssuerFindings } from '../oauth/api-discovery/findings.ts';
import { toVettedFetch, type AddressedFetch } from '../oauth/api-discovery/vetted-fetch.ts';
import type { WireExchange } from '../oauth/capped-fetch.ts';
import type { OAuthFetch, TokenBrokerPorts } from '../oauth/ports.ts';
import { checkClientIdDocument, isClientIdDocument } from '../oauth/registration/client-id-document.ts';
import { toRedirectPort, toRedirectUris } from '../oauth/registration/redirect-uris.ts';
import { deleteRegistration, registerClient, toWantedClient } from '../oauth/registration/register-client.ts';
import type { RegisteredClient } from '../oauth/registration/registration-answer.ts';
import { TraceRecorder } from '../oauth/trace.ts';
import type { TraceStep } from '../oauth/types.ts';
import type { Clock, StateStore } from '../ports.ts';
import { isOAuth } from './authorize.ts';
import { createRegistrationStore, type Registration, type RegistrationStore } from './registration-store.ts';

/** Slot of the token that manages a registration. */
const managementSlot = 'registration_access_token';
const limits = { maxBytes: 256 * 1024, deadlineMs: 15_000 };
/** Removing a credential does not wait longer than this for the provider. */
const deleteMs = 5_000;

export interface ClientSetUpPorts {
  readonly vault: Vault;
  readonly state: StateStore;
  readonly clock: Clock;
  readonly fetch: AddressedFetch;
  readonly oauth: Pick<TokenBrokerPorts, 'redirect' | 'uriHandler'>;
  redact(text: string): string;
  onSecret(secret: Secret): void;
}

export interface NewClient {
  /** The proposed definition with the client in it; nothing of it is saved yet. */
  readonly definition: OAuth2Definition;
  readonly client: RegisteredClient;
  readonly network: AddressClass;
  /** What was sent and answered, redacted. */
  readonly steps: readonly TraceStep[];
}

export interface RegisterOptions {
  /** For providers that register only who has one (RFC 7591 §3). */
  readonly initialAccessToken?: Secret;
  readonly signal?: AbortSignal | undefined;
}

export class ClientSetUp {
  readonly #ports: ClientSetUpPorts;
  readonly #store: RegistrationStore;

  constructor(ports: ClientSetUpPorts) {
    this.#ports = ports;
    this.#store = createRegistrationStore(ports.state);
  }

  /**
   * Makes a client at the identity provider; it is there from now on, so `keep` or `discard` it.
   * @param proposed as `toProposal` gives it @throws CountersignError CS-AUTH-REGISTRATION, CS-AUTH-ENDPOINT, CS-NET-*
   */
  async register(
    issuer: IssuerFindings,
    proposed: OAuth2Definition,
    options: RegisterOptions = {},
  ): Promise<NewClient> {
    const { server, network } = issuer;
    if (!server) throw new CountersignError('CS-AUTH-REGISTRATION', `${issuer.origin} cannot be used to register.`);
    const { oauth, clock } = this.#ports;
    const interactive = proposed.grant === 'authorization_code';
    const base = interactive ? { redirect_port: toRedirectPort(), ...proposed } : proposed;
    const redirects = await toRedirectUris(base, oauth.redirect ?? 'loopback', oauth.uriHandler);
    const wanted = toWantedClient({ ...base, clientName: 'Countersign' }, redirects, server);
    const trace = this.#trace(issuer.origin);
    const fetch = this.#fetch(network, options.signal, (exchange) => trace.exchange(exchange));
    const client = await trace.step('registration', async ({ detail, warn }) => {
      const made = await registerClient(
        server,
        wanted,
        { fetch, clock, onSecret: (secret) => this.#ports.onSecret(secret) },
        options.initialAccessToken,
      );
      detail(`client_id ${made.client_id} · redirects as asked`);
      made.warnings.forEach(warn);
      return made;
    });
    const { token_endpoint_auth_method: method } = client;
    const definition: OAuth2Definition = {
      ...base,
      client_id: client.client_id,
      ...(method === undefined ? {} : { token_endpoint_auth_method: method }),
    };
    return { definition, client, network, steps: trace.snapshot().steps };
  }

  /** After the definition was saved: the secrets of the client, and where it is taken back. */
  async keep(named: NamedDefinition<OAuth2Definition>, { client, network }: NewClient): Promise<void> {
    const { vault, clock } = this.#ports;
    const { clientSecret, management, secretExpiresAt } = client;
    if (clientSecret) await vault.setSecret(named, '', clientSecret);
    if (management) await vault.setSecret(named, managementSlot, management.accessToken);
    await this.#store.set(named.definition.issuer ?? '', client.client_id, {
      ...(management ? { uri: management.uri } : {}),
      network,
      registeredAt: clock.now(),
      ...(secretExpiresAt === undefined ? {} : { secretExpiresAt }),
    });
  }

  /** When the client of a credential was registered from here, and when its secret ends; undefined when it was not. */
  async about(named: NamedDefinition): Promise<Pick<Registration, 'registeredAt' | 'secretExpiresAt'> | undefined> {
    if (!isOAuth(named)) return undefined;
    return this.#store.get(named.definition.issuer ?? '', named.definition.client_id);
  }

  /** Takes back a client that was not kept; never throws. @returns a sentence when the provider keeps it */
  discard({ client, network }: Pick<NewClient, 'client' | 'network'>): Promise<string | undefined> {
    return client.management ? this.#delete(client.management, network) : Promise.resolve(undefined);
  }

  /**
   * Before a credential is removed: deletes the client that was registered for it, where the provider offers that and no
   * other credential uses it. Never throws.
   * @param root folder whose definitions may use it too @returns a sentence when the provider keeps it
   */
  async forget(named: NamedDefinition, root?: string): Promise<string | undefined> {
    if (!isOAuth(named)) return undefined;
    const { issuer = '', client_id } = named.definition;
    const known = await this.#store.get(issuer, client_id);
    if (!known) return undefined;
    const { uri, network } = known;
    const { vault } = this.#ports;
    const others = await vault.definitions(root);
    const shared = others.some(
      (other) =>
        (other.name !== named.name || other.owner !== named.owner) &&
        isOAuth(other) &&
        other.definition.client_id === client_id &&
        other.definition.issuer === issuer,
    );
    const token = await vault.findSecret(named, managementSlot).catch(() => undefined);
    if (shared) return undefined;
    const problem = uri !== undefined && token ? await this.#delete({ uri, accessToken: token }, network) : undefined;
    if (problem === undefined) await this.#store.set(issuer, client_id, undefined);
    return problem;
  }

  /**
   * Reads the document that a `client_id` is the address of, as the identity provider will.
   * @throws CountersignError CS-AUTH-CLIENT-DOCUMENT, CS-NET-*
   */
  async checkDocument(definition: OAuth2Definition, signal?: AbortSignal): Promise<void> {
    if (!isClientIdDocument(definition.client_id)) return;
    const { oauth } = this.#ports;
    const redirects = await toRedirectUris(definition, oauth.redirect ?? 'loopback', oauth.uriHandler);
    // A provider on the internet reads it: it has to be there for us too.
    await checkClientIdDocument(definition.client_id, redirects, this.#fetch('loopback', signal));
  }

  async #delete(
    management: NonNullable<RegisteredClient['management']>,
    network: AddressClass,
  ): Promise<string | undefined> {
    const host = new URL(management.uri).host;
    try {
      return await deleteRegistration(management, this.#fetch(network, AbortSignal.timeout(deleteMs)));
    } catch {
      return `${host} did not answer; it keeps the registration of the client.`;
    }
  }

  #fetch(network: AddressClass, signal?: AbortSignal, onExchange?: (exchange: WireExchange) => void): OAuthFetch {
    return toVettedFetch(this.#ports.fetch, network, false, { ...limits, signal, onExchange });
  }

  #trace(origin: string): TraceRecorder {
    const about = { credential: new URL(origin).host, grant: 'registration', plan: [] };
    return new TraceRecorder(about, this.#ports.clock, (text) => this.#ports.redact(text));
  }
}
