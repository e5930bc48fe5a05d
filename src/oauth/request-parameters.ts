/** Parameters of a definition that go to both endpoints alike. Source: RFC 8707 §2, RFC 9396 §2. */
import type { OAuth2Definition } from '../credentials/types.ts';
import type { Parameter } from './authorization-url.ts';

export function toResourceParameters(definition: OAuth2Definition): readonly Parameter[] {
  const { resource, audience, authorization_details } = definition;
  const resources = resource === undefined ? [] : typeof resource === 'string' ? [resource] : resource;
  return [
    ...resources.map((one) => ['resource', one] as const),
    ...(audience === undefined ? [] : [['audience', audience] as const]),
    ...(authorization_details === undefined
      ? []
      : [['authorization_details', JSON.stringify([authorization_details].flat())] as const]),
  ];
}

/** What a person's sign-in is asked for on top. */
export function toSignInParameters(definition: OAuth2Definition): readonly Parameter[] {
  const { acr_values, max_age, prompt, login_hint } = definition;
  const all = { acr_values, max_age: max_age === undefined ? undefined : String(max_age), prompt, login_hint };
  return Object.entries(all).flatMap(([name, value]) => (value === undefined ? [] : [[name, value] as const]));
}
