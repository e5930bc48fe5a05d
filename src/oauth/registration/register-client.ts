/**
 * Registers a client at an identity provider, and takes the registration back. One request each, never repeated: a
 * second one would make a second client. Secrets of the answer are known to the redactor before anything is shown.
 * Source: RFC 7591 §3, RFC 7592 §2.3.
 */
import { CountersignError } from '../../errors/countersign-error.ts';
import { parseJsonObject } from '../../credentials/json-object.ts';
import type { Secret } from '../../credentials/secret.ts';
import type { Clock } from '../../ports.ts';
import type { DiscoveredServer } from '../discovery.ts';
import { requireEndpoint } from '../endpoint-vetting.ts';
import type { OAuthFetch } from '../ports.ts';
import {
  toManagement,
  toRefusal,
  toRegisteredClient,
  type RegisteredClient,
  type WantedClient,
} from './registration-answer.ts';

export interface RegistrationPorts {
  /** Capped, and vetted for where the issuer may lead to. */
  readonly fetch: OAuthFetch;
  readonly clock: Clock;
  onSecret(secret: Secret): void;
}

/** @throws CountersignError CS-AUTH-ENDPOINT, CS-AUTH-REGISTRATION, or what the network said */
export async function registerClient(
  server: DiscoveredServer,
  wanted: WantedClient,
  ports: RegistrationPorts,
  initialAccessToken?: Secret,
): Promise<RegisteredClient> {
  const { metadata } = server;
  const endpoint = requireEndpoint('registration_endpoint', metadata['registration_endpoint'], metadata.issuer);
  const { host } = new URL(endpoint);
  const response = await ports.fetch(endpoint, {
    method: 'POST',
    headers: {
      accept: 'application/json',
      'content-type': 'application/json',
      ...(initialAccessToken === undefined ? {} : { authorization: `Bearer ${initialAccessToken.reveal()}` }),
    },
    body: JSON.stringify(toMetadata(wanted)),
    redirect: 'manual',
  });
  const body = parseJsonObject(await response.text());
  // 201 by the standard; some answer 200.
  if ((response.status !== 201 && response.status !== 200) || body?.['error'] !== undefined || !body) {
    throw toRefusal(response.status, body, host);
  }
  let client: RegisteredClient;
  try {
    client = toRegisteredClient(body, wanted, endpoint, ports.clock.now());
  } catch (error) {
    // It was made all the same; nobody wants it.
    const management = toManagement(body, endpoint);
    if (management) {
      ports.onSecret(management.accessToken);
      await deleteRegistration(management, ports.fetch).catch(() => undefined);
    }
    throw error;
  }
  for (const secret of [client.clientSecret, client.management?.accessToken]) if (secret) ports.onSecret(secret);
  return client;
}

function toMetadata(wanted: WantedClient): Record<string, unknown> {
  const code = wanted.grant_types.includes('authorization_code');
  return {
    client_name: wanted.client_name,
    application_type: 'native',
    grant_types: wanted.grant_types,
    response_types: code ? ['code'] : [],
    ...(wanted.redirect_uris.length === 0 && !code ? {} : { redirect_uris: wanted.redirect_uris }),
    token_endpoint_auth_method: wanted.token_endpoint_auth_method,
    ...(wanted.scope === undefined || wanted.scope === '' ? {} : { scope: wanted.scope }),
  };
}

/** @returns undefined when it is gone, else a sentence. Throws what the network said. */
export async function deleteRegistration(
  management: NonNullable<RegisteredClient['management']>,
  fetch: OAuthFetch,
): Promise<string | undefined> {
  const { host } = new URL(management.uri);
  const headers = { authorization: `Bearer ${management.accessToken.reveal()}`, accept: 'application/json' };
  const response = await fetch(management.uri, { method: 'DELETE', headers, redirect: 'manual' });
  // 401 and 404: it is not there any more (RFC 7592 §2.3).
  if ([200, 204, 401, 404, 410].includes(response.status)) return undefined;
  return `${host} keeps the registration of the client (status ${response.status}).`;
}

/**
 * What to ask for: a public client where a person signs in and the provider takes one, a secret otherwise.
 * @param redirectUris the one in use first; empty for grants without a browser
 */
export function toWantedClient(
  about: { readonly grant: string; readonly scope?: string | undefined; readonly clientName: string },
  redirectUris: readonly string[],
  server: DiscoveredServer,
): WantedClient {
  const listed = server.metadata['token_endpoint_auth_methods_supported'];
  const takes = (method: string): boolean => !Array.isArray(listed) || listed.includes(method);
  const alone = about.grant === 'client_credentials';
  const method = ['none', 'client_secret_basic', 'client_secret_post'].find(
    (one) => takes(one) && !(alone && one === 'none'),
  );
  if (method === undefined) {
    throw new CountersignError(
      'CS-AUTH-REGISTRATION',
      `${new URL(server.metadata.issuer).host} registers only clients that prove themselves by a key or a certificate.`,
    );
  }
  return {
    client_name: about.clientName,
    grant_types: alone ? [about.grant] : [about.grant, 'refresh_token'],
    redirect_uris: redirectUris,
    token_endpoint_auth_method: method,
    ...(about.scope === undefined ? {} : { scope: about.scope }),
  };
}
