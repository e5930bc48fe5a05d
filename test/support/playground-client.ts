/**
 * Talks to a running playground as a client that trusts its CA: plain requests, and openid-client for the flows. Not the
 * product's own HTTP engine, so that the playground is tested by something else.
 */
import { readFileSync } from 'node:fs';
import * as oc from 'openid-client';
import { Agent, fetch as undiciFetch } from 'undici';
import type { RequestInit, Response } from 'undici';
import type { PlaygroundInfo } from './playground.ts';
import { signInByForms } from './sign-in-by-forms.ts';

export interface PlaygroundClient {
  /** A path is taken from the API, a URL as it is. */
  get(path: string, init?: RequestInit): Promise<Response>;
  discover(clientId: string, auth?: oc.ClientAuth, metadata?: Partial<oc.ClientMetadata>): Promise<oc.Configuration>;
  close(): Promise<void>;
}

export interface Certificate {
  readonly cert: string;
  readonly key: string;
}

/** `certificate`: paths of the client certificate to show. */
export function createPlaygroundClient(info: PlaygroundInfo, certificate?: Certificate): PlaygroundClient {
  const own = certificate && { cert: readFileSync(certificate.cert), key: readFileSync(certificate.key) };
  const dispatcher = new Agent({ connect: { ca: readFileSync(info.ca), ...own } });
  return {
    get: async (path, init) => undiciFetch(new URL(path, info.api), { redirect: 'manual', ...init, dispatcher }),
    discover: async (clientId, auth, metadata) => {
      const customFetch: oc.CustomFetch = async (url, init) =>
        (await undiciFetch(url, { ...(init as RequestInit), dispatcher })) as unknown as globalThis.Response;
      const options = { [oc.customFetch]: customFetch };
      const configuration = await oc.discovery(new URL(info.issuer), clientId, metadata, auth, options);
      // The pages that a browser opens are on plain http on the loopback address.
      // eslint-disable-next-line @typescript-eslint/no-deprecated
      oc.allowInsecureRequests(configuration);
      return configuration;
    },
    close: async () => dispatcher.close(),
  };
}

export const loopbackRedirect = 'http://127.0.0.1:49152/callback';

/** Code with PKCE by the forms; resolves with the token set. `parameters` go to the authorization endpoint. */
export async function signIn(
  configuration: oc.Configuration,
  person: { readonly username: string; readonly password: string },
  parameters: Readonly<Record<string, string>>,
  options?: oc.DPoPOptions,
): Promise<oc.TokenEndpointResponse & oc.TokenEndpointResponseHelpers> {
  const verifier = oc.randomPKCECodeVerifier();
  const state = oc.randomState();
  const url = oc.buildAuthorizationUrl(configuration, {
    redirect_uri: loopbackRedirect,
    code_challenge: await oc.calculatePKCECodeChallenge(verifier),
    code_challenge_method: 'S256',
    state,
    ...parameters,
  });
  const location = await signInByForms(url.href, person);
  const checks = { pkceCodeVerifier: verifier, expectedState: state };
  return oc.authorizationCodeGrant(configuration, new URL(location), checks, undefined, options);
}
