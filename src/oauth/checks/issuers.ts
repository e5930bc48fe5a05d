/** The identity provider and its addresses. Source: RFC 8414 §2, RFC 9700 §4.4, OIDC Discovery §3, RFC 7009, RFC 8628 §4. */
import { parseIssuer } from '../issuer.ts';
import { differingEndpoints, listed, missingScopes, offers, originOf, type Check, type CheckFacts } from './check.ts';

const deviceGrant = 'urn:ietf:params:oauth:grant-type:device_code';

/** The issuer that was meant by an address of its metadata; undefined when it is one already. */
function meantIssuer({ oauth }: CheckFacts): string | undefined {
  if (oauth.issuer === undefined || oauth.issuer.includes('{{')) return undefined;
  try {
    const meant = parseIssuer(oauth.issuer);
    return meant === oauth.issuer ? undefined : meant;
  } catch {
    return undefined;
  }
}

export const issuerChecks: readonly Check[] = [
  {
    code: 'CS-ADV-ISSUER-FORM',
    severity: 'warning',
    title: 'The address of metadata instead of the issuer',
    rule: 'RFC 8414, 2',
    asks: 'definition',
    field: 'issuer',
    when: (facts) => meantIssuer(facts) !== undefined,
    message: 'An issuer has no well-known path, query or fragment; tokens and redirects are compared with it exactly.',
    next: 'Name the issuer itself.',
    fix: { title: 'Name the issuer itself', changes: (facts) => ({ issuer: meantIssuer(facts) }) },
  },
  {
    code: 'CS-ADV-ISSUER-HTTP',
    severity: 'error',
    title: 'An issuer without TLS',
    rule: 'RFC 8414, 2',
    asks: 'definition',
    field: 'issuer',
    when: ({ oauth }) => /^http:/i.test(oauth.issuer ?? ''),
    message: 'The issuer of <name> is at plain http; nothing vouches for what it says.',
    next: 'Use its https address; a certificate of one’s own can be trusted.',
  },
  {
    code: 'CS-ADV-NO-ISSUER',
    severity: 'warning',
    title: 'No issuer is named',
    rule: 'RFC 9700, 4.4.2',
    asks: 'definition',
    field: 'token_endpoint',
    when: ({ definition, oauth, browser, preset }) =>
      definition.scheme === 'oauth2' &&
      browser &&
      oauth.issuer === undefined &&
      (preset === undefined || preset.issuer !== undefined),
    message: 'Without an issuer neither iss nor an ID token of <name> can be checked.',
    next: 'Name the issuer where the provider has metadata; its endpoints then come from there.',
  },
  {
    code: 'CS-ADV-ENDPOINT-DIFFERS',
    severity: 'warning',
    title: 'An endpoint other than the issuer’s',
    rule: 'RFC 8414, 2',
    asks: 'metadata',
    field: 'issuer',
    when: (facts) => differingEndpoints(facts).length > 0,
    message: '<name> names another <endpoints_differing> than <host> does in its metadata.',
    next: 'Take it out, so that the metadata counts; a secret sent elsewhere is lost.',
    fix: {
      title: 'Use the endpoints of the metadata',
      changes: (facts) => Object.fromEntries(differingEndpoints(facts).map((name) => [name, undefined])),
    },
  },
  {
    code: 'CS-ADV-FOREIGN-ENDPOINT',
    severity: 'information',
    title: 'Tokens come from another origin',
    rule: 'RFC 9700, 4.4',
    asks: 'metadata',
    field: 'issuer',
    when: ({ oauth, metadata }) => {
      const home = originOf(oauth.issuer);
      const tokens = originOf(metadata?.['token_endpoint']);
      return home !== undefined && tokens !== undefined && home !== tokens;
    },
    message: '<host> sends code and secret to <foreign>, which is another origin.',
    next: 'Large providers do so; the origin is pinned at the first sign-in, and a move asks again.',
  },
  {
    code: 'CS-ADV-GRANT-UNLISTED',
    severity: 'warning',
    title: 'A grant that is not listed',
    rule: 'RFC 8414, 2',
    asks: 'metadata',
    field: 'grant',
    when: (facts) => {
      const grants = listed(facts, 'grant_types_supported');
      return grants !== undefined && facts.grant !== '' && !grants.includes(facts.grant);
    },
    message: '<host> does not list <grant>; it lists <grants_offered>.',
    next: 'It is tried all the same; if it is refused, take one that is listed.',
  },
  {
    code: 'CS-ADV-DEVICE-MISSING',
    severity: 'error',
    title: 'No place for device codes',
    rule: 'RFC 8628, 4',
    asks: 'metadata',
    field: 'grant',
    when: (facts) =>
      facts.grant === deviceGrant &&
      facts.metadata !== undefined &&
      !offers(facts, 'device_authorization_endpoint') &&
      facts.oauth.device_authorization_endpoint === undefined,
    message: '<host> names no device_authorization_endpoint.',
    next: 'Name it in the definition, or use authorization_code with redirect paste.',
  },
  {
    code: 'CS-ADV-SCOPE-UNLISTED',
    severity: 'information',
    title: 'A scope that is not listed',
    rule: 'RFC 8414, 2',
    asks: 'metadata',
    field: 'scope',
    when: (facts) => missingScopes(facts).length > 0,
    message: '<host> does not list <scopes_missing>.',
    next: 'Providers need not list them all; if the sign-in is refused, check how it is written.',
  },
  {
    code: 'CS-ADV-NO-KEYS',
    severity: 'warning',
    title: 'ID tokens cannot be checked',
    rule: 'OpenID Connect Core 1.0, 3.1.3.7',
    asks: 'metadata',
    field: 'issuer',
    when: (facts) => facts.metadata !== undefined && facts.scope.includes('openid') && !offers(facts, 'jwks_uri'),
    message: '<host> publishes no keys, so that who is signed in is only its word over TLS.',
    next: 'Ask its owner for jwks_uri.',
  },
  {
    code: 'CS-ADV-UNSIGNED-ID-TOKEN',
    severity: 'information',
    title: 'Unsigned ID tokens are offered',
    rule: 'RFC 8725, 3.2',
    asks: 'metadata',
    field: 'issuer',
    when: (facts) => (listed(facts, 'id_token_signing_alg_values_supported') ?? []).includes('none'),
    message: '<host> lists none among the signatures of ID tokens; here one without a signature is refused.',
    next: 'Ask its owner to take none out, for the sake of other clients.',
  },
  {
    code: 'CS-ADV-NO-REVOCATION',
    severity: 'information',
    title: 'Tokens cannot be revoked',
    rule: 'RFC 9700, 4.14.2',
    asks: 'metadata',
    field: 'issuer',
    when: (facts) =>
      facts.metadata !== undefined &&
      facts.browser &&
      !offers(facts, 'revocation_endpoint') &&
      facts.oauth.revocation_endpoint === undefined,
    message: '<host> names no revocation_endpoint: signing out deletes tokens here, and there they live on.',
    next: 'Name it in the definition if it has one.',
  },
];
