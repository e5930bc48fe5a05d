/**
 * Which client-authentication method a definition uses: the one it names, else by the secret it has and what the
 * issuer's metadata offers. Source: RFC 8414 §2 (`client_secret_basic` when the metadata is silent), auth.md M17.
 */
import { CountersignError } from '../../errors/countersign-error.ts';
import type { ServerMetadata } from '../discovery.ts';
import { toInertText } from '../server-text.ts';
import type { ClientAuthentication } from './client-authentication.ts';
import { none } from './none.ts';
import { clientAuthentications, findClientAuthentication } from './registry.ts';

export interface ChosenAuthentication {
  readonly method: ClientAuthentication;
  /** `named in the definition, offered by the provider`: for the trace. */
  readonly why: string;
}

/** What the person has entered for this client. */
export interface KeptProof {
  readonly secret: boolean;
  /** A private key that belongs to the client, not to an assertion of the grant. */
  readonly key: boolean;
}

/** Throws CS-AUTH-METHOD. */
export function chooseClientAuthentication(
  named: string | undefined,
  kept: KeptProof,
  metadata: ServerMetadata,
): ChosenAuthentication {
  const listed = metadata['token_endpoint_auth_methods_supported'];
  const offered = Array.isArray(listed) ? listed.filter((one): one is string => typeof one === 'string') : undefined;
  if (named !== undefined) {
    const method = findClientAuthentication(named);
    if (!method) {
      throw new CountersignError(
        'CS-AUTH-METHOD',
        `The client authentication “${toInertText(named, 60)}” is not known.`,
        {
          next: `Known are ${clientAuthentications.map((one) => one.name).join(', ')}.`,
        },
      );
    }
    const base = named.replace(/_raw$/, '');
    const heard =
      offered === undefined ? '' : offered.includes(base) ? ', offered by the provider' : ', not in its metadata';
    return { method, why: `named in the definition${heard}` };
  }
  if (!kept.secret && !kept.key) return { method: none, why: 'no secret is kept' };
  const usable = clientAuthentications.filter((one) => !one.name.endsWith('_raw') && fits(one, kept));
  if (offered === undefined) {
    return {
      method: usable[0] as ClientAuthentication,
      why: kept.secret ? 'the default of RFC 6749' : 'a private key is kept',
    };
  }
  const method = usable.find((one) => offered.includes(one.name));
  if (method) return { method, why: 'the first the provider offers' };
  // A key alone may be there to sign requests, and the client be a public one.
  if (!kept.secret && offered.includes('none')) return { method: none, why: 'the key proves nothing here' };
  throw new CountersignError(
    'CS-AUTH-METHOD',
    'The identity provider offers no client authentication that is known here.',
    {
      next: `It offers ${toInertText(offered.join(', '), 200)}. Name one in token_endpoint_auth_method to try it.`,
    },
  );
}

/** A certificate cannot be told from a key by its slot alone: it has to be named. */
function fits({ name, slots }: ClientAuthentication, kept: KeptProof): boolean {
  if (slots.length === 0 || name.includes('tls')) return false;
  return slots.every(({ id, required }) => !required || (id === '' ? kept.secret : kept.key));
}
