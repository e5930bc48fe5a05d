/** The steps a sign-in can have: their words, and the rule each follows. Grants list those they take. */
export interface StepInfo {
  readonly title: string;
  readonly rule?: { readonly text: string; readonly url: string };
}

function rfc(number: number, section: string): { text: string; url: string } {
  return {
    text: `RFC ${number}, ${section}`,
    url: `https://www.rfc-editor.org/rfc/rfc${number}#section-${section}`,
  };
}

export const traceSteps = {
  probe: {
    title: 'Ask the API',
    rule: rfc(9110, '11.6.1'),
  },
  'resource-metadata': { title: 'Read the metadata of the API', rule: rfc(9728, '3') },
  registration: { title: 'Register the client', rule: rfc(7591, '3') },
  definition: { title: 'Read the definition' },
  discovery: {
    title: 'Discover the provider',
    rule: rfc(8414, '3'),
  },
  'client-authentication': { title: 'Choose client authentication', rule: rfc(6749, '2.3') },
  'authorization-request': { title: 'Open the browser', rule: rfc(8252, '6') },
  redirect: { title: 'Receive the redirect', rule: rfc(8252, '7.3') },
  'signed-answer': {
    title: 'Check the signed answer',
    rule: { text: 'JARM, 2.4', url: 'https://openid.net/specs/oauth-v2-jarm.html#section-2.4' },
  },
  'front-id-token': {
    title: 'Check the ID token of the redirect',
    rule: {
      text: 'OIDC Core, 3.3.2.12',
      url: 'https://openid.net/specs/openid-connect-core-1_0.html#HybridIDTValidation',
    },
  },
  token: { title: 'Exchange the code', rule: rfc(6749, '4.1.3') },
  'fragment-token': { title: 'Read the token of the redirect', rule: rfc(6749, '4.2.2') },
  'client-token': { title: 'Ask for a token', rule: rfc(6749, '4.4') },
  'device-code': { title: 'Ask for a device code', rule: rfc(8628, '3.1') },
  'device-token': { title: 'Wait for the code to be entered', rule: rfc(8628, '3.4') },
  'pasted-refresh': { title: 'Use the refresh token', rule: rfc(6749, '6') },
  assertion: { title: 'Sign the assertion', rule: rfc(7523, '3') },
  'assertion-token': { title: 'Exchange the assertion', rule: rfc(7523, '2.1') },
  'subject-token': { title: 'Take the subject token', rule: rfc(8693, '2.1') },
  'exchange-token': { title: 'Exchange the token', rule: rfc(8693, '2.2') },
  'password-token': { title: 'Send user name and password', rule: rfc(6749, '4.3') },
  'request-object': { title: 'Sign the request', rule: rfc(9101, '4') },
  'pushed-request': { title: 'Push the request', rule: rfc(9126, '2') },
  refresh: { title: 'Renew the token', rule: rfc(6749, '6') },
  'id-token': {
    title: 'Check the ID token',
    rule: {
      text: 'OIDC Core, 3.1.3.7',
      url: 'https://openid.net/specs/openid-connect-core-1_0.html#IDTokenValidation',
    },
  },
  userinfo: {
    title: 'Ask who it is',
    rule: { text: 'OIDC Core, 5.3', url: 'https://openid.net/specs/openid-connect-core-1_0.html#UserInfo' },
  },
  store: { title: 'Store the session' },
  introspection: { title: 'Ask about the token', rule: rfc(7662, '2') },
  'end-session': {
    title: 'Open the page that signs out',
    rule: {
      text: 'RP-Initiated Logout, 2',
      url: 'https://openid.net/specs/openid-connect-rpinitiated-1_0.html#RPLogout',
    },
  },
  revocation: { title: 'Revoke the session', rule: rfc(7009, '2') },
} as const satisfies Record<string, StepInfo>;

/** A step that a grant brings along is called `own-…`. */
export type StepId = keyof typeof traceSteps | `own-${string}`;

/** @param own those that the grant brings along */
export function toStepInfo(id: StepId, own: Readonly<Record<string, StepInfo>> = {}): StepInfo {
  const known: Readonly<Record<string, StepInfo>> = traceSteps;
  return own[id] ?? known[id] ?? { title: id };
}
