/** Names in camel case, `accessToken`. Source: requests_oauthlib, plentymarkets. */
import type { Quirk } from './quirk.ts';

/** `expiresIn` becomes `expires_in`; a name that is there already stays. */
const toSnakeCase = (name: string): string =>
  /^[a-z]+([A-Z][a-z]+)+$/.test(name) ? name.replaceAll(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`) : name;

export const camelCase: Quirk = {
  name: 'camel_case',
  description: 'Reads accessToken, expiresIn and so on (Plentymarkets).',
  map: (answer) =>
    Object.fromEntries(
      Object.entries(answer).flatMap(([name, value]) => {
        const standard = toSnakeCase(name);
        return standard !== name && answer[standard] !== undefined ? [] : [[standard, value]];
      }),
    ),
};
