/**
 * The credential in a header of a request, as scheme, fields and secret: `Authorization` in the forms that other tools
 * write, and headers that carry keys. Pure. Source: RFC 7617, RFC 6750, dialects.md §11.
 */
import { parseAuthorization, type LiteralAuthorization } from '../credentials/literal-auth.ts';
import { findLiteralSecrets } from '../credentials/literal-secrets.ts';
import { isSecretKey } from '../credentials/secret-like.ts';
import { Secret } from '../credentials/secret.ts';
import { toShownText } from '../credentials/shown-text.ts';
import { readJwt, toJwtSentences } from './jwt-facts.ts';

export interface HeaderCredential {
  /** Undefined when this way of authorizing is not one that can be kept here; `words` then says so. */
  readonly scheme?: string;
  readonly fields: Readonly<Record<string, unknown>>;
  readonly secrets: ReadonlyMap<string, Secret>;
  /** `A bearer token` */
  readonly title: string;
  readonly words: readonly string[];
}

/** Undefined when the header carries no credential. Variables in `{{…}}` are no secret; the value is asked for then. */
export function readHeaderCredential(header: string, value: string, now: number): HeaderCredential | undefined {
  const name = header.trim();
  if (/^authorization$/i.test(name)) return readAuthorization(value, now);
  const literal = findLiteralSecrets(name, value).length > 0;
  const named = /^(?:x-)?(?:[a-z\d]+-){0,6}(?:api-?key|(?:auth|access|private)-?token|subscription-?key|secret)$/i;
  if (!literal && !(named.test(name) || isSecretKey(name.replace(/^x-/i, '').toLowerCase()))) return undefined;
  return {
    scheme: 'apiKey',
    fields: { in: 'header', name },
    secrets: toSecrets('', value.trim(), 'API key'),
    title: 'An API key',
    words: [`It stands in the header ${toShownText(name, 60)}.`],
  };
}

function readAuthorization(value: string, now: number): HeaderCredential | undefined {
  const parsed = parseAuthorization(value);
  if (!parsed) {
    const bare = value.trim();
    if (bare === '') return undefined;
    return {
      scheme: 'apiKey',
      fields: { in: 'header', name: 'Authorization' },
      secrets: toSecrets('', bare, 'API key'),
      title: 'A key without a scheme',
      words: ['It stands alone in the header Authorization.'],
    };
  }
  if (parsed.kind === 'bearer') {
    const jwt = readJwt(parsed.token);
    return {
      scheme: 'bearer',
      fields: {},
      secrets: toSecrets('', parsed.token, 'token'),
      title: 'A bearer token',
      words: jwt ? toJwtSentences(jwt, now) : ['It ends when its server says; nothing here can renew it.'],
    };
  }
  if (parsed.kind === 'basic') {
    const username = /[\u0000-\u001f\u007f\ufffd]/.test(parsed.username) ? '' : parsed.username;
    return {
      scheme: 'basic',
      fields: username === '' ? {} : { username },
      secrets: toSecrets('', parsed.password, 'password'),
      title: 'A user name and password',
      words: ['They stand in the header Authorization, as Basic.'],
    };
  }
  if (parsed.kind === 'digest' || parsed.kind === 'ntlm') {
    return {
      scheme: parsed.kind,
      fields: { username: parsed.username },
      secrets: toSecrets('', parsed.password, 'password'),
      title: 'A user name and password',
      words: [`They are for ${parsed.kind === 'digest' ? 'Digest' : 'NTLM'}: the password itself is never sent.`],
    };
  }
  if (parsed.kind === 'aws') return readAws(parsed);
  if (parsed.kind === 'cognito') {
    return {
      scheme: 'oauth2',
      fields: {
        grant: 'authorization_code',
        issuer: `https://cognito-idp.${parsed.region}.amazonaws.com/${parsed.pool}`,
        client_id: parsed.clientId,
        token_endpoint_auth_method: 'none',
      },
      secrets: new Map(),
      title: 'A sign-in at a user pool of Cognito',
      words: ['The browser signs in; the password that stands in the header is not kept.'],
    };
  }
  const words = [`Authorization: ${toShownText(parsed.scheme, 30)} is left out; it cannot be kept as it stands.`];
  return { fields: {}, secrets: new Map(), title: 'A request', words };
}

function readAws(parsed: Extract<LiteralAuthorization, { kind: 'aws' }>): HeaderCredential {
  const { accessKeyId, secretAccessKey, sessionToken, region, service } = parsed;
  return {
    scheme: 'aws-sigv4',
    fields: {
      access_key_id: accessKeyId,
      ...(region === undefined ? {} : { region }),
      ...(service === undefined ? {} : { service }),
    },
    secrets: new Map([
      ...toSecrets('', secretAccessKey, 'secret access key'),
      ...toSecrets('session_token', sessionToken ?? '', 'session token'),
    ]),
    title: 'An access key of AWS',
    words: ['It signs each request and is not sent itself.'],
  };
}

function toSecrets(slot: string, value: string, label: string): ReadonlyMap<string, Secret> {
  const usable = value !== '' && !/\{\{[^{}]*\}\}/.test(value) && !/^\$\{?\w+\}?$/.test(value);
  return usable ? new Map([[slot, new Secret(value, label)]]) : new Map();
}
