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
  definition: { title: 'Read the definition' },
  discovery: {
    title: 'Discover the provider',
    rule: rfc(8414, '3'),
  },
  'client-authentication': { title: 'Choose client authentication', rule: rfc(6749, '2.3') },
  'authorization-request': { title: 'Open the browser', rule: rfc(8252, '6') },
  redirect: { title: 'Receive the redirect', rule: rfc(8252, '7.3') },
  token: { title: 'Exchange the code', rule: rfc(6749, '4.1.3') },
  'client-token': { title: 'Ask for a token', rule: rfc(6749, '4.4') },
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
  revocation: { title: 'Revoke the session', rule: rfc(7009, '2') },
} as const satisfies Record<string, StepInfo>;

export type StepId = keyof typeof traceSteps;
