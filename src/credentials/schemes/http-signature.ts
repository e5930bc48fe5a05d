/**
 * HTTP message signatures: each request signed with a private key or a shared secret, over the parts that the
 * definition names. What signs is loaded at the first use. Source: RFC 9421, RFC 9530.
 */
import { CountersignError } from '../../errors/countersign-error.ts';
import { privateKeySlots } from '../private-key-slots.ts';
import type { OtherDefinition, Scheme } from '../types.ts';

export type HttpSignatureDefinition = OtherDefinition & {
  readonly key_id?: string;
  readonly algorithm?: string;
  readonly components?: string | readonly string[];
  readonly label?: string;
  readonly tag?: string;
  readonly expires_in?: number;
  readonly nonce?: boolean;
  readonly send_algorithm?: boolean;
  readonly content_digest?: string;
  readonly secret_encoding?: string;
};

const algorithms = [
  'ed25519',
  'ecdsa-p256-sha256',
  'ecdsa-p384-sha384',
  'rsa-pss-sha512',
  'rsa-v1_5-sha256',
  'hmac-sha256',
];
const digests = ['sha-256', 'sha-512'];
const encodings = ['text', 'base64'];
/** What a string of structured fields can hold (RFC 8941 §3.3.3). */
const plainText = /^[\x20-\x7e]*$/;
const labelForm = /^[a-z*][a-z\d_.*-]*$/;

export const httpSignature: Scheme<HttpSignatureDefinition> = {
  id: 'http-signature',
  label: 'HTTP message signature',
  description: 'Signs each request with a key (RFC 9421): its method, address, body and the headers that are named.',
  icon: 'edit',
  fields: [
    {
      name: 'key_id',
      label: 'Key id',
      description: 'Under which the server knows the key (keyid); it is sent and is no secret.',
      type: 'string',
      example: 'test-key-ed25519',
    },
    {
      name: 'algorithm',
      label: 'Algorithm',
      description: 'Told from the private key where nothing is said; hmac-sha256 takes a shared secret instead.',
      type: 'string',
      values: algorithms,
    },
    {
      name: 'components',
      label: 'Components',
      description:
        'What is signed, in order: @method, @target-uri, @authority, @scheme, @request-target, @path, @query, @query-param;name="page", and headers. The method, the address, Content-Type, Content-Digest and Authorization when absent.',
      type: 'string[]',
      example: '@method',
    },
    {
      name: 'content_digest',
      label: 'Content digest',
      description: 'The hash of Content-Digest (RFC 9530), which is added to a request with a body.',
      type: 'string',
      values: digests,
    },
    {
      name: 'label',
      label: 'Label',
      description: 'The name of the signature in its two headers; sig1 when absent.',
      type: 'string',
      example: 'sig1',
    },
    { name: 'tag', label: 'Tag', description: 'Names the application, where the server asks for one.', type: 'string' },
    {
      name: 'expires_in',
      label: 'Lifetime',
      description: 'Seconds until the signature expires; it says nothing of that when absent.',
      type: 'number',
      example: '300',
    },
    { name: 'nonce', label: 'Nonce', description: 'Adds a random value to each signature.', type: 'boolean' },
    {
      name: 'send_algorithm',
      label: 'Send the algorithm',
      description: 'Adds alg, where the server cannot tell it from the key.',
      type: 'boolean',
    },
    {
      name: 'secret_encoding',
      label: 'Form of the shared secret',
      description: 'base64 for hmac-sha256 where the secret was given out so; text when absent.',
      type: 'string',
      values: encodings,
    },
  ],
  signs: true,
  slots: ({ algorithm }) =>
    algorithm === 'hmac-sha256' ? [{ id: '', label: 'shared secret', required: true }] : privateKeySlots,
  secretUse: () => ({ as: 'only as a signature, in the header Signature' }),
  check(definition) {
    for (const [field, values] of [
      ['algorithm', algorithms],
      ['content_digest', digests],
      ['secret_encoding', encodings],
    ] as const) {
      const value: unknown = definition[field];
      if (typeof value === 'string' && !value.includes('{{') && !values.includes(value)) {
        return [{ field, message: `“${value.slice(0, 40)}” is not one of ${values.join(', ')}.` }];
      }
    }
    for (const field of ['key_id', 'tag'] as const) {
      const value: unknown = definition[field];
      if (typeof value === 'string' && !plainText.test(value)) {
        return [{ field, message: `“${field}” holds a character that a header cannot carry.` }];
      }
    }
    const { label, components } = definition;
    if (typeof label === 'string' && !label.includes('{{') && !labelForm.test(label)) {
      return [{ field: 'label', message: '“label” holds small letters, digits, _ - . and * only.' }];
    }
    if (Array.isArray(components) && components.length > 64) {
      return [{ field: 'components', message: '“components” names more than 64 parts.' }];
    }
    return [];
  },
  async prepare(context) {
    const [wrong] = httpSignature.check(context.credential.definition);
    if (wrong) throw new CountersignError('CS-DEF-FIELD', `${context.credential.name}: ${wrong.message}`);
    const { toMessageSignatureAttachment } = await import('../message-signatures/attachment.ts');
    return toMessageSignatureAttachment(context);
  },
};
