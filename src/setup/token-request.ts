/**
 * A curl command that asks a token endpoint for a token: who it speaks for becomes a definition, and its secrets go to
 * their slots. Source: RFC 6749 §4.1.3, §4.3.2, §4.4.2, §6; RFC 8628 §3.1; RFC 8693 §2.1.
 */
import { addressProblem } from '../credentials/address.ts';
import { parseAuthorization } from '../credentials/literal-auth.ts';
import { Secret } from '../credentials/secret.ts';
import { toShownText } from '../credentials/shown-text.ts';
import type { CurlRequest } from '../language/curl/curl-request.ts';
import { findGrant } from '../oauth/grants/registry.ts';
import type { Reading } from './pasted.ts';

/** Undefined when the command asks for no token. */
export function readTokenRequest(curl: CurlRequest, url: URL): Reading | undefined {
  const parts = curl.body?.parts ?? [];
  if (parts.length === 0 || !parts.every((part) => part.kind === 'text')) return undefined;
  const form = new URLSearchParams(parts.map((part) => part.text.text).join(''));
  const asked = form.get('grant_type');
  if (asked === null) return undefined;
  const grant = findGrant(asked);
  const about = `at ${toShownText(url.origin, 120)}`;
  if (!grant) {
    return { found: [], problem: `The grant ${toShownText(asked, 60)} of this command is not known here.` };
  }
  const address = `${url.origin}${url.pathname}`;
  const wrong = addressProblem(address);
  if (wrong !== undefined) return { found: [], problem: `The token endpoint of this command ${wrong}.` };
  const secrets = new Map<string, Secret>();
  const basic = toBasic(curl);
  const secret = basic?.password ?? form.get('client_secret') ?? '';
  if (secret !== '' && !secret.includes('{{')) secrets.set('', new Secret(secret, 'client secret'));
  for (const [parameter, slot] of Object.entries(slots)) {
    const value = form.get(parameter);
    if (value !== null && value !== '' && !value.includes('{{')) {
      secrets.set(slot, new Secret(value, slot.replaceAll('_', ' ')));
    }
  }
  const clientId = basic?.username ?? form.get('client_id') ?? '';
  const method = basic ? 'client_secret_basic' : form.has('client_secret') ? 'client_secret_post' : 'none';
  const taken = new Set(['grant_type', 'client_id', 'client_secret', 'scope', 'code', 'redirect_uri', 'code_verifier']);
  const plain = ['username', 'audience', 'resource'];
  const fields: Record<string, unknown> = {
    grant: grant.name,
    token_endpoint: address,
    ...(clientId === '' ? {} : { client_id: clientId }),
    ...(form.get('scope') ? { scope: form.get('scope') } : {}),
    ...(form.has('client_assertion') ? {} : { token_endpoint_auth_method: method }),
  };
  for (const name of plain) if (form.get(name)) fields[name] = form.get(name);
  const rest = [...form.keys()].filter((name) => !taken.has(name) && !plain.includes(name) && !(name in slots));
  return {
    found: [
      {
        kind: 'curl',
        icon: grant.legacy ? 'warning' : 'server-process',
        title: 'The client of a token request',
        about,
        reasons: [
          `It asks for ${grant.shortName ?? grant.name}.`,
          ...(grant.legacy ? [`${grant.legacy.warning} ${grant.legacy.instead}`] : []),
          ...(secrets.size > 0 ? ['Its secrets go to the secret store.'] : []),
          ...rest.slice(0, 3).map((name) => `The parameter ${toShownText(name, 40)} is left out.`),
        ],
        draft: { scheme: 'oauth2', origins: [], fields, secrets },
      },
    ],
  };
}

/** Parameters that are secrets, and the slots they belong in. */
const slots: Readonly<Record<string, string>> = {
  password: 'password',
  refresh_token: 'refresh_token',
  subject_token: 'subject_token',
};

function toBasic(curl: CurlRequest): { readonly username: string; readonly password: string } | undefined {
  const header = curl.headers.find(({ name }) => name.text.trim().toLowerCase() === 'authorization');
  const parsed = header && parseAuthorization(header.value.text);
  return parsed?.kind === 'basic' ? parsed : undefined;
}
