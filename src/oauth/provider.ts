/**
 * The identity provider of one definition: discovered metadata with the definition's own endpoints over it, and the
 * library configuration made from both. Nothing leaves before the endpoints are vetted. Source: auth.md M1–M6, M24.
 */
import { grantForms } from '../credentials/schemes/grant-forms.ts';
import { CountersignError } from '../errors/countersign-error.ts';
import type { ClientAuthentication, ClientProof } from './client-authentication/client-authentication.ts';
import {
  isEntraTemplate,
  toVettedMetadata,
  type DiscoveredServer,
  type ServerMetadata,
  type ServerMetadataCache,
} from './discovery.ts';
import { endpointNames, requireEndpoint, type EndpointName } from './endpoint-vetting.ts';
import { parseIssuer } from './issuer.ts';
import type { Configuration, OpenIdClient } from './library.ts';
import type { OAuthCredential, OAuthFetch } from './ports.ts';

export interface Provider {
  readonly metadata: ServerMetadata;
  /** Undefined when the definition names endpoints only: then nothing an issuer says can be compared. */
  readonly issuer: string | undefined;
  readonly discovered: DiscoveredServer | undefined;
  /** For sentences: `idp.example.com`. */
  readonly host: string;
  readonly skewMs: number;
  readonly warnings: readonly string[];
}

/** Throws CS-AUTH-DISCOVERY, CS-AUTH-ENDPOINT or what the network said. */
export async function resolveProvider(
  credential: OAuthCredential,
  cache: ServerMetadataCache,
  fetch: OAuthFetch,
): Promise<Provider> {
  const { definition } = credential;
  const own: Record<string, unknown> = {};
  for (const name of Object.keys(endpointNames) as EndpointName[]) {
    const value = (definition as unknown as Record<string, unknown>)[name];
    if (value !== undefined) own[name] = requireEndpoint(name, value, `credential ${credential.name}`);
  }
  const warnings: string[] = [];
  // A grant that asks the token endpoint for nothing is at home where the browser signs in.
  const home = takesTokens(definition.grant) ? 'token_endpoint' : 'authorization_endpoint';
  let discovered: DiscoveredServer | undefined;
  const issuer = definition.issuer === undefined ? undefined : parseIssuer(definition.issuer);
  if (issuer !== undefined) {
    try {
      discovered = await cache.load(issuer, fetch);
      warnings.push(...discovered.warnings);
    } catch (error) {
      const enough = typeof own[home] === 'string';
      if (
        !enough ||
        !(error instanceof CountersignError) ||
        error.code !== 'CS-AUTH-DISCOVERY' ||
        error.facts['actual']
      ) {
        throw error;
      }
      warnings.push('no metadata was found; the endpoints of the definition are used');
    }
  }
  const homeEndpoint = requireEndpoint(
    home,
    own[home] ?? discovered?.metadata[home],
    issuer ?? `credential ${credential.name}`,
  );
  const claimed = discovered?.metadata.issuer ?? issuer ?? new URL(homeEndpoint).origin;
  const metadata = toVettedMetadata({ ...discovered?.metadata, ...own, issuer: claimed }, claimed, warnings);
  return {
    metadata,
    issuer: issuer === undefined ? undefined : claimed,
    discovered,
    host: new URL(issuer ?? homeEndpoint).host,
    skewMs: discovered?.skewMs ?? 0,
    warnings,
  };
}

function takesTokens(grant: string): boolean {
  return grantForms.find(({ name }) => name === grant)?.needs.includes('token_endpoint') ?? true;
}

/** The provider as a client with a certificate sees it: its own endpoints where there are some (RFC 8705 §5). */
export function toMutualProvider(provider: Provider, proof: ClientProof): Provider {
  const aliases = provider.metadata['mtls_endpoint_aliases'];
  if (!proof.certificate || aliases === undefined) return provider;
  return { ...provider, metadata: { ...provider.metadata, ...(aliases as Record<string, string>) } };
}

/** Our clock is trusted for small differences; beyond this the server's `Date` corrects it. */
const tolerableSkewMs = 60_000;

/**
 * A configuration for one operation: a fresh one each time, so that keys are read anew and rotation never fails twice.
 * Signatures of ID tokens are checked whenever the provider publishes its keys.
 */
export async function toConfiguration(
  library: OpenIdClient,
  provider: Provider,
  credential: OAuthCredential,
  authentication: { readonly method: ClientAuthentication; readonly proof: ClientProof },
  fetch: OAuthFetch,
): Promise<Configuration> {
  const { client_id } = credential.definition;
  const metadata: Record<string, unknown> = { ...provider.metadata };
  // Taken by us where it applies, never by the library on its own.
  delete metadata['mtls_endpoint_aliases'];
  if (provider.issuer === undefined) delete metadata['authorization_response_iss_parameter_supported'];
  const client = Math.abs(provider.skewMs) > tolerableSkewMs ? { [library.clockSkew]: provider.skewMs / 1000 } : {};
  const { userinfo_signed_response_alg: signed } = credential.definition;
  if (signed !== undefined) Object.assign(client, { userinfo_signed_response_alg: signed });
  const auth = authentication.method.toClientAuth(library, authentication.proof);
  const issuer = credential.definition.issuer;
  const template =
    issuer !== undefined && provider.discovered && isEntraTemplate(parseIssuer(issuer), metadata['issuer'] as string);
  const config = template
    ? await library.discovery(new URL(parseIssuer(issuer)), client_id, client, auth, {
        [library.customFetch]: () => Promise.resolve(Response.json(metadata)),
      })
    : new library.Configuration(metadata as import('openid-client').ServerMetadata, client_id, client, auth);
  config[library.customFetch] = fetch as unknown as import('openid-client').CustomFetch;
  if (provider.issuer !== undefined && typeof metadata['jwks_uri'] === 'string')
    library.enableNonRepudiationChecks(config);
  return config;
}
