/**
 * A JWT minted here for each request: signed with a private key or a shared secret, alive for seconds, with an id of its
 * own. What signs is loaded at the first use. Source: RFC 7519, RFC 7515, RFC 6750 §2.1.
 */
import { CountersignError } from '../../errors/countersign-error.ts';
import { privateKeySlots } from '../private-key-slots.ts';
import type { OtherDefinition, Scheme } from '../types.ts';
import { isHttpToken } from './token-syntax.ts';

export type JwtDefinition = OtherDefinition & {
  readonly algorithm?: string;
  readonly key_id?: string;
  readonly issuer?: string;
  readonly subject?: string;
  readonly audience?: string | readonly string[];
  readonly claims?: unknown;
  readonly expires_in?: number;
  readonly request_claim?: string;
  readonly header?: string;
  readonly prefix?: string;
  readonly secret_encoding?: string;
};

const longestLife = 86_400;

export const jwt: Scheme<JwtDefinition> = {
  id: 'jwt',
  label: 'JWT made for each request',
  description:
    'Makes and signs a short-lived JWT for each request, with claims of the definition and an id of its own.',
  icon: 'file-code',
  fields: [
    {
      name: 'algorithm',
      label: 'Algorithm',
      description: 'Told from the private key where nothing is said; HS256 and its kin take a shared secret instead.',
      type: 'string',
      values: [
        'EdDSA',
        'ES256',
        'ES384',
        'ES512',
        'PS256',
        'PS384',
        'PS512',
        'RS256',
        'RS384',
        'RS512',
        'HS256',
        'HS384',
        'HS512',
      ],
    },
    { name: 'key_id', label: 'Key id', description: 'kid, under which the server knows the key.', type: 'string' },
    { name: 'issuer', label: 'Issuer', description: 'iss: who makes the token.', type: 'string', example: 'my-app' },
    { name: 'subject', label: 'Subject', description: 'sub: who it speaks for.', type: 'string' },
    {
      name: 'audience',
      label: 'Audience',
      description: 'aud: who it is for; the origin of the request when absent.',
      type: 'string[]',
      example: 'https://api.example.com',
    },
    { name: 'claims', label: 'Claims', description: 'Further claims, as an object.', type: 'object', json: true },
    {
      name: 'expires_in',
      label: 'Lifetime',
      description: 'Seconds from iat to exp; 60 where nothing is said, a day at most.',
      type: 'number',
      example: '60',
    },
    {
      name: 'request_claim',
      label: 'Claim of the request',
      description: 'Name of a claim that says what the token is for: method, host and path.',
      type: 'string',
      example: 'uri',
    },
    {
      name: 'header',
      label: 'Header',
      description: 'Where it goes; Authorization where nothing is said.',
      type: 'string',
      example: 'X-Request-Token',
    },
    {
      name: 'prefix',
      label: 'Prefix',
      description: 'What stands before it; Bearer in Authorization, nothing in another header.',
      type: 'string',
      example: 'Bearer',
    },
    {
      name: 'secret_encoding',
      label: 'Form of the shared secret',
      description: 'base64 where the secret was given out so; text when absent.',
      type: 'string',
      values: ['text', 'base64'],
    },
  ],
  slots: ({ algorithm }) =>
    algorithm?.startsWith('HS') === true ? [{ id: '', label: 'shared secret', required: true }] : privateKeySlots,
  secretUse: () => ({ as: 'only as the signature of a token' }),
  check({ header, prefix, claims, expires_in, request_claim }) {
    if (typeof header === 'string' && !header.includes('{{') && !isHttpToken(header)) {
      return [{ field: 'header', message: '“header” is no name of a header.' }];
    }
    if (typeof prefix === 'string' && !/^[\x20-\x7e]*$/.test(prefix)) {
      return [{ field: 'prefix', message: '“prefix” holds a character that a header cannot carry.' }];
    }
    if (claims !== undefined && (typeof claims !== 'object' || claims === null || Array.isArray(claims))) {
      return [{ field: 'claims', message: '“claims” is an object of claims.' }];
    }
    if (expires_in !== undefined && (!Number.isSafeInteger(expires_in) || expires_in < 1 || expires_in > longestLife)) {
      return [{ field: 'expires_in', message: '“expires_in” is a number of seconds, 86400 at most.' }];
    }
    const own = ['iss', 'sub', 'aud', 'iat', 'exp', 'jti'];
    if (request_claim !== undefined && own.includes(request_claim)) {
      return [{ field: 'request_claim', message: `“request_claim” cannot be ${own.join(', ')}.` }];
    }
    return [];
  },
  async prepare(context) {
    const [wrong] = jwt.check(context.credential.definition);
    if (wrong) throw new CountersignError('CS-DEF-FIELD', `${context.credential.name}: ${wrong.message}`);
    const { toJwtAttachment } = await import('../jwt/jwt-attachment.ts');
    return toJwtAttachment(context);
  },
};
