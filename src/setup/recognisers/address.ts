/**
 * An address: of an identity provider in any of its spellings, or of an API. Where an address could be both, both are
 * offered, the likelier first; nobody is asked here. Source: RFC 8414 §3, OpenID Connect Discovery §4, RFC 9728 §3.
 */
import { isLoopback, toShownOrigin } from '../../credentials/origin.ts';
import { toShownText } from '../../credentials/shown-text.ts';
import { parseIssuer } from '../../oauth/issuer.ts';
import { toSafeUrl } from '../safe-url.ts';
import type { Reading, Recognised, Recogniser } from '../pasted.ts';

const wellKnownIssuer = /\/\.well-known\/(?:openid-configuration|oauth-authorization-server)(?:\/|$)/;
const wellKnownResource = /\/\.well-known\/oauth-protected-resource(\/.*)?$/;
/** Endings of endpoints, as providers have them; what stands before them is the issuer, most of the time. */
const endpoint =
  /(?:\/(?:protocol\/openid-connect|openid-connect|openid|connect|oauth2?|oidc|as))?(?:\/v\d(?:\.\d)?)?\/(?:token|token\.oauth2|access_token|authorize|auth|authorization|device(?:_authorization|authorization|code)?|jwks(?:\.json)?|keys|certs|userinfo|introspect|revoke|logout)\/?$/i;
const providerHost =
  /^(?:idp|id|login|log-in|signin|auth\d?|accounts?|sso|oauth2?|oidc|identity|iam|keycloak|adfs|sts)[.-]/i;
const providerPath = /\/(?:realms|oauth2|adfs|oidc|openid|connect|idp)(?:\/|$)/i;
const hostWithDot = /^(?:[a-z0-9_-]+\.)+[a-z]{2,63}(?::\d{1,5})?(?:[/?#]\S*)?$/i;
const loopbackHost = /^(?:localhost|127\.\d+\.\d+\.\d+|\[::1\])(?::\d{1,5})(?:[/?#]\S*)?$/i;

export const address: Recogniser = {
  id: 'address',
  read(text) {
    if (/\s/.test(text) || text.length > 8192) return undefined;
    const withScheme = /^https?:\/\//i.test(text);
    if (!withScheme && !hostWithDot.test(text) && !loopbackHost.test(text)) return otherScheme(text);
    const written = withScheme ? text : `https://${text}`;
    if (!URL.canParse(written))
      return { found: [], problem: 'This is not an address: its host or port cannot be read.' };
    const url = new URL(written);
    if (url.username !== '' || url.password !== '') {
      const problem = 'This address holds a user name or password. Paste it without them.';
      return { found: [], problem };
    }
    return toReading(written, url);
  },
};

function otherScheme(text: string): Reading | undefined {
  const scheme = /^([a-z][a-z0-9+.-]{1,20}):\/\//i.exec(text)?.[1];
  if (scheme === undefined) return undefined;
  return { found: [], problem: `An address begins with https://, not with ${toShownText(scheme, 20)}://.` };
}

function toReading(written: string, url: URL): Reading {
  const resource = wellKnownResource.exec(url.pathname);
  if (resource) return { found: [toApi(new URL(resource[1] ?? '/', url.origin))] };
  if (wellKnownIssuer.test(url.pathname)) return { found: toIssuers(written, 'It is the address of its metadata.') };
  if (endpoint.test(url.pathname)) {
    const token = /token[^/]*\/?$/i.test(url.pathname);
    const hints = token ? { token_endpoint: url.origin + url.pathname } : {};
    const reason = `It reads like ${token ? 'the token endpoint' : 'an endpoint'} of an identity provider.`;
    return { found: [...toIssuers(toIssuerOf(url), reason, hints), toApi(url)] };
  }
  const likely = providerHost.test(url.hostname) || providerPath.test(url.pathname);
  const issuers = toIssuers(
    written,
    likely ? 'It reads like an identity provider.' : 'If this is an identity provider.',
  );
  return { found: likely ? [...issuers, toApi(url)] : [toApi(url), ...issuers] };
}

/** Microsoft Entra ID puts the version behind the tenant, the others before the endpoint. */
function toIssuerOf(url: URL): string {
  const entra = /^(\/[^/]+)\/oauth2\/v2\.0\/[^/]+$/.exec(url.pathname);
  return url.origin + (entra ? `${entra[1] ?? ''}/v2.0` : url.pathname.replace(endpoint, ''));
}

/** Nothing for plain http: an issuer is an https address. */
function toIssuers(text: string, reason: string, hints: Readonly<Record<string, string>> = {}): readonly Recognised[] {
  try {
    const issuer = parseIssuer(text);
    return [
      {
        kind: 'issuer',
        icon: 'globe',
        title: 'Sign in at this issuer',
        about: toShownText(toShownOrigin(issuer), 120),
        reasons: [reason],
        draft: { scheme: 'oauth2', issuer, origins: [], fields: {}, hints, secrets: new Map() },
      },
    ];
  } catch {
    return [];
  }
}

function toApi(url: URL): Recognised {
  const { text, dropped } = toSafeUrl(url);
  const clear = url.protocol === 'http:' && !isLoopback(url.hostname);
  return {
    kind: 'api',
    icon: 'link',
    title: 'Call this API',
    about: toShownText(toShownOrigin(url.origin), 120),
    reasons: [
      'The API is asked how it wants to be called.',
      ...(clear ? ['It is plain http: whoever is in between reads what is sent.'] : []),
      ...dropped.map((name) => `The parameter ${toShownText(name, 40)} may be a secret and is left out.`),
    ],
    draft: { api: text, origins: [url.origin], fields: {}, secrets: new Map() },
  };
}
