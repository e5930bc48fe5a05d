/**
 * OAuth 1.0a: each request signed with the client's credentials and, where there is one, a token's. A token that was
 * given out elsewhere is kept in the secret store; it is not fetched here. Source: RFC 5849 §3.
 */
import { randomBytes } from 'node:crypto';
import { CountersignError } from '../../errors/countersign-error.ts';
import {
  encode,
  signatureMethods,
  signOAuth1,
  toBodyHash,
  toParameters,
  type Parameter,
  type SignatureMethod,
  type SigningKeys,
} from '../oauth1/signature.ts';
import { adjustClock } from '../clock-offset.ts';
import { optionalSecret } from '../optional-secret.ts';
import { Secret } from '../secret.ts';
import type { FinalRequest, OAuth1Definition, RequestProof, Scheme } from '../types.ts';

const plainText = /^[\x20-\x7e]+$/;

export const oauth1: Scheme<OAuth1Definition> = {
  id: 'oauth1',
  label: 'OAuth 1.0a',
  description:
    'Signs each request with the keys of a client and of a token; for servers that have not moved to OAuth 2.0.',
  icon: 'key',
  fields: [
    {
      name: 'consumer_key',
      label: 'Consumer key',
      description: 'Names the client (oauth_consumer_key); it is sent and is no secret.',
      type: 'string',
      required: true,
      example: 'dpf43f3p2l4k3l03',
    },
    {
      name: 'signature_method',
      label: 'Signature method',
      description: 'HMAC-SHA1 where nothing is said, as servers expect.',
      type: 'string',
      values: signatureMethods,
      example: 'HMAC-SHA256',
    },
    {
      name: 'placement',
      label: 'Placement',
      description: 'Where the parameters go: the Authorization header, or the query.',
      type: 'string',
      values: ['header', 'query'],
      example: 'header',
    },
    {
      name: 'realm',
      label: 'Realm',
      description: 'Sent in the header where the server asks for one.',
      type: 'string',
      example: 'Photos',
    },
    {
      name: 'body_hash',
      label: 'Body hash',
      description: 'Signs bodies that are no forms as well (oauth_body_hash).',
      type: 'boolean',
    },
  ],
  signs: true,
  slots: ({ signature_method: method }) => {
    const rsa = method?.startsWith('RSA-') === true;
    return [
      { id: '', label: 'consumer secret', required: !rsa },
      ...(rsa
        ? [
            { id: 'private_key', label: 'private key', required: true },
            { id: 'passphrase', label: 'passphrase of the private key', required: false },
          ]
        : []),
      { id: 'token', label: 'token', required: false },
      { id: 'token_secret', label: 'token secret', required: false },
    ];
  },
  secretUse: ({ signature_method: method }, slot) => ({
    as:
      slot === 'token'
        ? 'as oauth_token'
        : method === 'PLAINTEXT' && slot !== 'private_key'
          ? 'as it is, in oauth_signature'
          : 'only as a signature',
  }),
  check(definition) {
    for (const field of ['consumer_key', 'realm'] as const) {
      const value: unknown = definition[field];
      if (typeof value === 'string' && value !== '' && !plainText.test(value)) {
        return [{ field, message: `“${field}” holds a character that a header cannot carry.` }];
      }
    }
    const { signature_method: method } = definition;
    if (method !== undefined && !isMethod(method) && !method.includes('{{')) {
      return [
        {
          field: 'signature_method',
          message: `“${method.slice(0, 40)}” is not one of ${signatureMethods.join(', ')}.`,
        },
      ];
    }
    return [];
  },
  async prepare(context) {
    const { definition, name } = context.credential;
    const [wrong] = oauth1.check(definition);
    if (wrong) throw new CountersignError('CS-DEF-FIELD', `${name}: ${wrong.message}`);
    const method = (definition.signature_method ?? 'HMAC-SHA1') as SignatureMethod;
    if (method === 'PLAINTEXT' && context.request.url.protocol !== 'https:') {
      throw new CountersignError('CS-DEF-FIELD', `${name}: PLAINTEXT sends the secrets themselves, and needs https.`, {
        next: 'Use the https address, or a method that signs.',
      });
    }
    const optional = (slot: string): Promise<Secret | undefined> => optionalSecret(context, slot);
    const rsa = method.startsWith('RSA-');
    const [clientSecret, token, tokenSecret, key, passphrase] = [
      rsa ? undefined : await context.secret(),
      await optional('token'),
      await optional('token_secret'),
      rsa ? await context.secret('private_key') : undefined,
      rsa ? await optional('passphrase') : undefined,
    ];
    const keys: SigningKeys = {
      clientSecret: clientSecret?.reveal() ?? '',
      tokenSecret: tokenSecret?.reveal() ?? '',
      ...(key === undefined ? {} : { privateKey: { key, ...(passphrase === undefined ? {} : { passphrase }) } }),
    };
    const clock = context.memo.of(`oauth1 ${name} ${context.credential.hash}`, () => ({ skew: 0 }));
    return {
      headers: [],
      query: [],
      cookies: [],
      identity: { label: definition.consumer_key, verified: false },
      behind: [clientSecret, token, tokenSecret].flatMap((each) => each ?? []),
      proof: toProof(definition, method, keys, token, clock),
    };
  },
};

function isMethod(text: string): text is SignatureMethod {
  return (signatureMethods as readonly string[]).includes(text);
}

const parameterNames = [
  'oauth_consumer_key',
  'oauth_nonce',
  'oauth_signature_method',
  'oauth_timestamp',
  'oauth_token',
  'oauth_version',
  'oauth_body_hash',
  'oauth_signature',
];

function toProof(
  definition: OAuth1Definition,
  method: SignatureMethod,
  keys: SigningKeys,
  token: Secret | undefined,
  clock: { skew: number },
): RequestProof {
  const inQuery = definition.placement === 'query';
  const signed = async (request: FinalRequest): Promise<readonly Parameter[]> => {
    const isForm = request.headers.some(
      ([name, value]) => name.toLowerCase() === 'content-type' && /^application\/x-www-form-urlencoded\b/i.test(value),
    );
    const body = isForm || definition.body_hash === true ? await readAll(request) : new Uint8Array();
    const own: Parameter[] = [
      ['oauth_consumer_key', definition.consumer_key],
      ['oauth_nonce', randomBytes(16).toString('hex')],
      ['oauth_signature_method', method],
      ['oauth_timestamp', String(Math.floor((Date.now() + clock.skew) / 1000))],
      ['oauth_version', '1.0'],
      ...(token === undefined ? [] : ([['oauth_token', token.reveal()]] as const)),
      // Of forms the parameters themselves are signed; a hash may not come with them.
      ...(definition.body_hash === true && !isForm ? ([['oauth_body_hash', toBodyHash(body, method)]] as const) : []),
    ];
    const all = [
      ...toParameters(request.url.search.replace(/^\?/, '')),
      ...(isForm ? toParameters(new TextDecoder().decode(body)) : []),
      ...own,
    ];
    return [...own, ['oauth_signature', sign(method, request, all, keys)]];
  };
  return {
    names: ['Authorization'],
    queryNames: inQuery ? parameterNames : [],
    retry: 'signed by the clock of the server',
    async headers(request) {
      if (inQuery) return [];
      const pairs = (await signed(request)).map(([name, value]) => `${encode(name)}="${encode(value)}"`);
      const realm = definition.realm === undefined ? [] : [`realm="${definition.realm.replace(/["\\]/g, '\\$&')}"`];
      return [
        {
          name: 'Authorization',
          prefix: 'OAuth ',
          value: new Secret([...realm, ...pairs].join(', '), 'OAuth 1.0a signature'),
        },
      ];
    },
    async query(request) {
      if (!inQuery) return [];
      return (await signed(request)).map(([name, value]) => ({
        name,
        value: new Secret(value, name),
        plain: name !== 'oauth_signature' && name !== 'oauth_token',
      }));
    },
    answered: (answer) => adjustClock(answer, clock),
  };
}

function sign(
  method: SignatureMethod,
  request: FinalRequest,
  parameters: readonly Parameter[],
  keys: SigningKeys,
): string {
  try {
    return signOAuth1(method, request, parameters, keys);
  } catch (cause) {
    throw new CountersignError('CS-AUTH-KEY', 'The private key cannot sign with this method.', {
      next: 'Keep a private RSA key as PEM, and its passphrase where it has one.',
      cause,
    });
  }
}

async function readAll(request: FinalRequest): Promise<Uint8Array> {
  const chunks: Uint8Array[] = [];
  for await (const chunk of request.body()) chunks.push(chunk);
  return Buffer.concat(chunks);
}
