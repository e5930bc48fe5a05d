/** Names in camel case, `accessToken`. Source: requests_oauthlib, plentymarkets. */
import type { Quirk } from './quirk.ts';

const names: Readonly<Record<string, string>> = {
  accessToken: 'access_token',
  refreshToken: 'refresh_token',
  idToken: 'id_token',
  tokenType: 'token_type',
  expiresIn: 'expires_in',
};

export const camelCase: Quirk = {
  name: 'camel_case',
  description: 'Reads accessToken, expiresIn and so on (Plentymarkets).',
  map: (answer) =>
    Object.fromEntries(
      Object.entries(answer).flatMap(([name, value]) => {
        const standard = Object.hasOwn(names, name) ? (names[name] as string) : name;
        return standard !== name && answer[standard] !== undefined ? [] : [[standard, value]];
      }),
    ),
};
