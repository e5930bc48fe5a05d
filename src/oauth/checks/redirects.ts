/** The browser's way and its way back. Source: RFC 9700 §2.1, RFC 8252 §7–8, RFC 7636 §4.2, RFC 9207, RFC 9126, RFC 9101. */
import { listed, offers, type Check, type CheckFacts } from './check.ts';

const code = ({ grant }: CheckFacts): boolean => grant === 'authorization_code';
const parametersTwice = ({ oauth }: CheckFacts): readonly string[] =>
  Object.keys(oauth.authorize_parameters ?? {}).filter(
    (name) => (oauth as Readonly<Record<string, unknown>>)[name] !== undefined,
  );

export const redirectChecks: readonly Check[] = [
  {
    code: 'CS-ADV-FIXED-PORT',
    severity: 'information',
    title: 'A fixed port',
    rule: 'RFC 8252, 7.3',
    asks: 'definition',
    field: 'redirect_port',
    when: ({ browser, oauth, preset }) =>
      browser && oauth.redirect_port !== undefined && preset?.redirect.form !== 'exact_port',
    message: 'Another program that listens on port <port> first stops the sign-in of <name>.',
    next: 'A provider has to take any port of 127.0.0.1; leave redirect_port out where it does.',
    fix: { title: 'Take any free port', changes: () => ({ redirect_port: undefined }) },
  },
  {
    code: 'CS-ADV-PORT-COMPARED',
    severity: 'warning',
    title: 'The provider compares the port',
    rule: 'RFC 8252, 7.3',
    asks: 'definition',
    field: 'redirect',
    when: ({ grant, oauth, preset }) =>
      grant === 'authorization_code' &&
      preset?.redirect.form === 'exact_port' &&
      oauth.redirect_port === undefined &&
      (oauth.redirect ?? 'auto') !== 'uri_handler',
    message: '<host> compares the redirect with its port, and <name> takes any free one.',
    next: 'Set redirect_port, and register the address with that port.',
    fix: {
      title: 'Set redirect_port',
      changes: ({ preset }) => ({ redirect_port: preset?.fields.redirect_port }),
    },
  },
  {
    code: 'CS-ADV-NO-LOOPBACK',
    severity: 'warning',
    title: 'The provider takes no address of this machine',
    rule: 'RFC 8252, 7.1',
    asks: 'definition',
    field: 'redirect',
    when: ({ grant, oauth, preset }) =>
      grant === 'authorization_code' &&
      preset?.redirect.form === 'application' &&
      (oauth.redirect ?? 'auto') !== 'uri_handler' &&
      oauth.redirect !== 'paste',
    message: '<host> does not register http addresses of 127.0.0.1.',
    next: 'Set redirect to uri_handler, and register that address.',
    fix: { title: 'Come back through the editor', changes: () => ({ redirect: 'uri_handler' }) },
  },
  {
    code: 'CS-ADV-SHARED-SCHEME',
    severity: 'information',
    title: 'An address that another program can claim',
    rule: 'RFC 8252, 8.1',
    asks: 'definition',
    field: 'redirect',
    when: ({ browser, oauth, preset }) =>
      browser && oauth.redirect === 'uri_handler' && preset?.redirect.form !== 'application',
    message: 'Any program of this machine can claim the scheme of the editor; PKCE keeps the code useless to it.',
    next: 'Use loopback where the provider takes it.',
    fix: { title: 'Come back to 127.0.0.1', changes: () => ({ redirect: 'loopback' }) },
  },
  {
    code: 'CS-ADV-PARAMETER-TWICE',
    severity: 'error',
    title: 'A parameter stands twice',
    rule: 'RFC 6749, 3.1',
    asks: 'definition',
    field: 'authorize_parameters',
    when: (facts) => parametersTwice(facts).length > 0,
    message: 'A parameter of <name> stands in authorize_parameters and in a field of its own; no parameter may repeat.',
    next: 'Keep the field.',
    fix: {
      title: 'Keep the field only',
      changes: (facts) => {
        const twice = parametersTwice(facts);
        const kept = Object.entries(facts.oauth.authorize_parameters ?? {}).filter(([name]) => !twice.includes(name));
        return { authorize_parameters: kept.length === 0 ? undefined : Object.fromEntries(kept) };
      },
    },
  },
  {
    code: 'CS-ADV-PKCE-WEAK',
    severity: 'error',
    title: 'No PKCE with S256',
    rule: 'RFC 9700, 2.1.1',
    asks: 'metadata',
    field: 'issuer',
    when: (facts) => {
      const methods = listed(facts, 'code_challenge_methods_supported');
      return code(facts) && methods !== undefined && !methods.includes('S256');
    },
    message: '<host> offers <challenges_offered> for PKCE and not S256; nobody signs in there by code.',
    next: 'Ask its owner for S256.',
  },
  {
    code: 'CS-ADV-PKCE-SILENT',
    severity: 'warning',
    title: 'PKCE is not announced',
    rule: 'RFC 9700, 2.1.1',
    asks: 'metadata',
    field: 'issuer',
    when: (facts) =>
      code(facts) && facts.metadata !== undefined && listed(facts, 'code_challenge_methods_supported') === undefined,
    message: '<host> does not say whether it checks PKCE; one that ignores it cannot be told apart by looking.',
    next: 'Probe it (countersign credentials check <name> --probe), or ask its owner.',
  },
  {
    code: 'CS-ADV-ISS-SILENT',
    severity: 'information',
    title: 'Redirects do not name the issuer',
    rule: 'RFC 9207, 3',
    asks: 'metadata',
    field: 'issuer',
    when: ({ browser, metadata }) =>
      browser && metadata !== undefined && metadata['authorization_response_iss_parameter_supported'] !== true,
    message: '<host> does not promise iss in redirects, by which two providers are told apart.',
    next: 'The path of the redirect tells them apart here; ask its owner for RFC 9207.',
  },
  {
    code: 'CS-ADV-PAR-MISSING',
    severity: 'error',
    title: 'Pushed requests are demanded and not offered',
    rule: 'RFC 9126, 5',
    asks: 'metadata',
    field: 'require_pushed_authorization_requests',
    when: (facts) =>
      facts.oauth.require_pushed_authorization_requests === true &&
      facts.metadata !== undefined &&
      !offers(facts, 'pushed_authorization_request_endpoint'),
    message: '<name> demands pushed requests, and <host> has no endpoint for them.',
    next: 'Take require_pushed_authorization_requests out, or ask the owner of <host>.',
    fix: {
      title: 'Do without pushed requests',
      changes: () => ({ require_pushed_authorization_requests: undefined }),
    },
  },
  {
    code: 'CS-ADV-PAR-OFFERED',
    severity: 'information',
    title: 'Pushed requests are not insisted on',
    rule: 'RFC 9126, 1',
    asks: 'metadata',
    field: 'require_pushed_authorization_requests',
    when: (facts) =>
      code(facts) &&
      offers(facts, 'pushed_authorization_request_endpoint') &&
      facts.oauth.require_pushed_authorization_requests !== true,
    message: '<host> takes requests directly (PAR), and <name> would let the browser carry them if that failed.',
    next: 'Set require_pushed_authorization_requests.',
    fix: {
      title: 'Insist on pushed requests (PAR)',
      changes: () => ({ require_pushed_authorization_requests: true }),
    },
  },
  {
    code: 'CS-ADV-JAR-UNLISTED',
    severity: 'warning',
    title: 'Signed requests are not offered',
    rule: 'RFC 9101, 10.5',
    asks: 'metadata',
    field: 'require_signed_request_object',
    when: (facts) =>
      facts.oauth.require_signed_request_object === true &&
      facts.metadata !== undefined &&
      listed(facts, 'request_object_signing_alg_values_supported') === undefined,
    message: '<host> lists no algorithm for signed requests.',
    next: 'Ask its owner, or take require_signed_request_object out.',
    fix: { title: 'Do without signed requests', changes: () => ({ require_signed_request_object: undefined }) },
  },
];
