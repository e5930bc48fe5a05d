/** Which grant, and what is asked for with it. Source: RFC 9700 §2, RFC 6749 §4, RFC 8693 §2.1, OIDC Core §3.1.2.1. */
import type { Check, CheckFacts } from './check.ts';

const urn = 'urn:ietf:params:oauth:grant-type:';
const canBeCode = ({ oauth }: CheckFacts): boolean =>
  oauth.issuer !== undefined || (oauth.authorization_endpoint !== undefined && oauth.token_endpoint !== undefined);
const without =
  (...scopes: readonly string[]) =>
  ({ scope }: CheckFacts) => {
    const kept = scope.filter((one) => !scopes.includes(one)).join(' ');
    return { scope: kept === '' ? undefined : kept };
  };

export const grantChecks: readonly Check[] = [
  {
    code: 'CS-ADV-PASSWORD',
    severity: 'error',
    title: 'A password is given to this tool',
    rule: 'RFC 9700, 2.4',
    asks: 'definition',
    field: 'grant',
    when: ({ grant }) => grant === 'password',
    message: '<name> hands the password of a person to this tool; the grant must not be used.',
    next: 'Use authorization_code, or device_code where there is no browser.',
    fix: {
      title: 'Sign in with a browser instead',
      changes: (facts) => (canBeCode(facts) ? { grant: 'authorization_code', username: undefined } : {}),
    },
  },
  {
    code: 'CS-ADV-IMPLICIT',
    severity: 'warning',
    title: 'A token comes back through the browser',
    rule: 'RFC 9700, 2.1.2',
    asks: 'definition',
    field: 'grant',
    when: ({ grant }) => grant === 'implicit',
    message: 'The access token of <name> passes through the address bar, where it can leak and be replayed.',
    next: 'Use authorization_code with PKCE; every provider of today offers it.',
    fix: {
      title: 'Use authorization_code with PKCE',
      changes: (facts) => (canBeCode(facts) ? { grant: 'authorization_code' } : {}),
    },
  },
  {
    code: 'CS-ADV-HYBRID',
    severity: 'information',
    title: 'An ID token comes back through the browser',
    rule: 'OpenID Connect Core 1.0, 3.3',
    asks: 'definition',
    field: 'response_type',
    when: ({ oauth }) => (oauth.response_type ?? '').includes('id_token'),
    message: 'Who <name> signs in as stands in the answer that the browser carries.',
    next: 'Keep it only where the provider demands code id_token; PKCE gives what it is for.',
    fix: { title: 'Ask for a code only', changes: () => ({ response_type: undefined }) },
  },
  {
    code: 'CS-ADV-SERVICE-SCOPE',
    severity: 'warning',
    title: 'A service asks for what belongs to a person',
    rule: 'RFC 6749, 4.4.3',
    asks: 'definition',
    field: 'scope',
    when: ({ grant, scope }) =>
      grant === 'client_credentials' && scope.some((one) => one === 'openid' || one === 'offline_access'),
    message: 'No person takes part in client_credentials, so that openid and offline_access give nothing.',
    next: 'Take them out; a new token is asked for whenever one is needed.',
    fix: { title: 'Take openid and offline_access out', changes: without('openid', 'offline_access') },
  },
  {
    code: 'CS-ADV-EXCHANGE-TARGET',
    severity: 'information',
    title: 'An exchange without a target',
    rule: 'RFC 8693, 2.1',
    asks: 'definition',
    field: 'grant',
    when: ({ grant, oauth }) =>
      grant === `${urn}token-exchange` && oauth.resource === undefined && oauth.audience === undefined,
    message: '<name> does not say which API the exchanged token is for.',
    next: 'Name it in resource or audience, so that the token is good for nothing else.',
  },
  {
    code: 'CS-ADV-PASTED-TOKEN',
    severity: 'information',
    title: 'A refresh token from elsewhere',
    rule: 'RFC 9700, 4.14.2',
    asks: 'definition',
    field: 'grant',
    when: ({ grant }) => grant === 'refresh_token',
    message: 'The refresh token of <name> came from another place, which may still use it.',
    next: 'Where refresh tokens rotate, the second to use one ends both sessions; let this tool sign in by itself.',
  },
  {
    code: 'CS-ADV-NO-SCOPE',
    severity: 'information',
    title: 'No scope is named',
    rule: 'RFC 9700, 2.3',
    asks: 'definition',
    field: 'scope',
    when: ({ definition, scope, oauth, browser }) =>
      definition.scheme === 'oauth2' &&
      browser &&
      scope.length === 0 &&
      oauth.authorization_details === undefined &&
      oauth.authorize_parameters === undefined,
    message: '<name> names no scope, so that the provider decides what its token can do.',
    next: 'Name the least that the requests need.',
  },
  {
    code: 'CS-ADV-WIDE-SCOPE',
    severity: 'warning',
    title: 'A scope for everything',
    rule: 'RFC 9700, 2.3',
    asks: 'definition',
    field: 'scope',
    when: ({ scope }) => scope.some((one) => /^(\*|all|full|full_access|root|superuser)$/i.test(one)),
    message: '<name> asks for “<scope>”, which gives its token more than any request needs.',
    next: 'Name the least that the requests need; a token that leaks can then do little.',
  },
  {
    code: 'CS-ADV-STEP-UP-OPENID',
    severity: 'warning',
    title: 'A strong sign-in that nobody can check',
    rule: 'OpenID Connect Core 1.0, 3.1.2.1',
    asks: 'definition',
    field: 'scope',
    when: ({ oauth, scope, grant }) =>
      grant === 'authorization_code' &&
      (oauth.max_age !== undefined || oauth.acr_values !== undefined) &&
      !scope.includes('openid'),
    message: 'Without openid no ID token comes, and nothing says whether max_age or acr_values was kept.',
    next: 'Add openid to the scope.',
    fix: { title: 'Add openid to the scope', changes: ({ scope }) => ({ scope: ['openid', ...scope].join(' ') }) },
  },
  {
    code: 'CS-ADV-PROMPT-NONE',
    severity: 'warning',
    title: 'A sign-in that may not ask',
    rule: 'OpenID Connect Core 1.0, 3.1.2.6',
    asks: 'definition',
    field: 'prompt',
    when: ({ oauth, browser }) => browser && (oauth.prompt ?? '').split(' ').includes('none'),
    message: 'With prompt none the provider answers login_required instead of letting a person sign in.',
    next: 'Take prompt out.',
    fix: { title: 'Take prompt out', changes: () => ({ prompt: undefined }) },
  },
];
