/**
 * An OAuth 2.0 credential: asks the token source for a session and puts its access token on the request. Grants, client
 * authentication and refreshing are the token source's affair. Source: RFC 6749, RFC 6750 §2.1, RFC 9449 §7.1.
 */
import { toClientCertificate } from '../client-certificate.ts';
import { toOwnSlots, type GrantForm } from '../grant-form.ts';
import { grantForms } from './grant-forms.ts';
import { oauth2Fields } from './oauth2-fields.ts';
import { toQueryParameter } from './token-placement.ts';
import { tokenProblem } from './token-syntax.ts';
import { toRegisteredGrant } from '../common-fields.ts';
import { CountersignError } from '../../errors/countersign-error.ts';
import type { Attachment, OAuth2Definition, PrepareContext, Scheme, SecretSlot } from '../types.ts';

const prefixes: Readonly<Record<string, string>> = { bearer: 'Bearer ', dpop: 'DPoP ' };

export const oauth2: Scheme<OAuth2Definition> = {
  id: 'oauth2',
  label: 'OAuth 2.0',
  description: 'Signs in at an identity provider and sends the access token it gives.',
  icon: 'shield',
  fields: oauth2Fields,
  canRetry: true,
  slots: toSlots,
  secretUse(definition, slot) {
    const address = definition.token_endpoint ?? definition.issuer ?? '';
    const place = URL.canParse(address) ? new URL(address).origin : 'the identity provider';
    const signs = slot === 'private_key' || slot === 'passphrase';
    if (slot.startsWith('decryption_')) return { place: 'no server:', as: 'it only opens answers here' };
    return { place, as: signs ? 'as a signature only, never itself' : 'when a token is asked for' };
  },
  check(definition) {
    const problems: { field?: string; message: string }[] = [];
    if (definition.issuer !== undefined) return problems;
    const given = definition as unknown as Readonly<Record<string, unknown>>;
    for (const field of findForm(definition)?.needs ?? ['token_endpoint']) {
      if (given[field] === undefined) problems.push({ field, message: `“issuer” or “${field}” is missing.` });
    }
    return problems;
  },
  async prepare({ credential, tokens, acquire, secret }) {
    const session = await tokens.acquire(credential, acquire);
    const prefix = prefixes[session.tokenType.toLowerCase()];
    if (prefix === undefined) {
      throw new CountersignError('CS-AUTH-TOKEN', `The token of ${credential.name} is of a type that cannot be sent.`, {
        next: 'Countersign sends the types Bearer and DPoP.',
        facts: { credential: credential.name },
      });
    }
    const problem = tokenProblem(session.accessToken.reveal());
    if (problem) {
      throw new CountersignError('CS-AUTH-TOKEN', `The access token of ${credential.name} ${problem}.`, {
        facts: { credential: credential.name },
      });
    }
    const proof = prefix === prefixes['dpop'] ? await tokens.prover?.(session) : undefined;
    if (prefix === prefixes['dpop'] && !proof) {
      throw new CountersignError('CS-AUTH-TOKEN', `The key that the token of ${credential.name} is bound to is gone.`, {
        next: 'Sign in again for a new token and key.',
        facts: { credential: credential.name },
      });
    }
    const parameter = proof === undefined ? toQueryParameter(credential.definition.quirks) : undefined;
    return {
      headers: parameter === undefined ? [{ name: 'Authorization', prefix, value: session.accessToken }] : [],
      query: parameter === undefined ? [] : [{ name: parameter, value: session.accessToken }],
      cookies: [],
      ...(proof === undefined ? {} : { proof }),
      ...(await toCertificate(credential.definition, secret)),
      ...(session.identity === undefined ? {} : { identity: session.identity }),
    };
  },
};

/** A token bound to the client's certificate needs it at the API as well (RFC 8705 §3). */
async function toCertificate(
  { token_endpoint_auth_method: method }: OAuth2Definition,
  secret: PrepareContext['secret'],
): Promise<Pick<Attachment, 'clientCertificate'>> {
  if (method !== 'tls_client_auth' && method !== 'self_signed_tls_client_auth') return {};
  const pem = (await secret('private_key')).reveal();
  const passphrase = await secret('passphrase').catch(() => undefined);
  return { clientCertificate: toClientCertificate(pem, passphrase) };
}

/** The secrets a definition needs: by client authentication method, then by grant. */
function toSlots(definition: OAuth2Definition): readonly SecretSlot[] {
  const slots: SecretSlot[] = [];
  const method = definition.token_endpoint_auth_method;
  const form = findForm(definition);
  const own = form?.clientSecret ?? 'optional';
  if (method === undefined ? own !== 'never' : method.startsWith('client_secret_')) {
    slots.push({ id: '', label: 'client secret', required: method !== undefined || own === 'required' });
  }
  const certificate = method === 'tls_client_auth' || method === 'self_signed_tls_client_auth';
  if (method === 'private_key_jwt' || certificate) {
    const label = certificate ? 'certificate and private key' : 'private key';
    slots.push({ id: 'private_key', label, required: true });
    slots.push({ id: 'passphrase', label: 'passphrase of the private key', required: false });
  }
  if ((definition.id_token_encrypted_response_alg ?? definition.userinfo_encrypted_response_alg) !== undefined) {
    slots.push({ id: 'decryption_key', label: 'decryption key', required: true });
    slots.push({ id: 'decryption_passphrase', label: 'passphrase of the decryption key', required: false });
  }
  const known = new Set(slots.map(({ id }) => id));
  return [...slots, ...toOwnSlots(form, definition).filter(({ id }) => !known.has(id))];
}

function findForm({ grant }: OAuth2Definition): GrantForm | undefined {
  const name = toRegisteredGrant(grant);
  return grantForms.find((form) => form.name === name);
}
