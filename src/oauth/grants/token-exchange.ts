/**
 * A token that was given for one purpose is exchanged for one for another: on behalf of the same person, or narrower. The
 * subject token goes only to the provider that gave it, or to an origin its credential is bound to.
 * Source: RFC 8693 §2, auth.md M22, §1.2 (“token theft by wrong STS”).
 */
import type { Secret } from '../../credentials/secret.ts';
import { checkBinding } from '../../credentials/binding.ts';
import { CountersignError } from '../../errors/countersign-error.ts';
import { toExtraParameters } from '../authorization-url.ts';
import { toIdentity } from '../identity.ts';
import { isSameIssuer, parseIssuer } from '../issuer.ts';
import type { Operation } from '../operation.ts';
import type { OAuthCredential } from '../ports.ts';
import { toResourceParameters } from '../request-parameters.ts';
import { toInertText } from '../server-text.ts';
import type { Grant } from './grant.ts';

const name = 'urn:ietf:params:oauth:grant-type:token-exchange';
const type = 'urn:ietf:params:oauth:token-type:';
const accessToken = `${type}access_token`;
/** What may be sent to an API as a bearer token. */
const usable: ReadonlySet<string> = new Set([accessToken, `${type}jwt`]);

export const tokenExchange: Grant = {
  name,
  shortName: 'token_exchange',
  label: 'Exchange a token',
  who: 'on-behalf',
  reason: 'Acts for a person by a token that was given for them already.',
  fields: [
    {
      name: 'subject_credential',
      label: 'Subject credential',
      description: 'Name of the credential whose access token is exchanged.',
      type: 'string',
    },
    {
      name: 'requested_token_type',
      label: 'Requested token type',
      description: 'What is asked for, when the server needs to be told.',
      type: 'string',
      example: accessToken,
    },
  ],
  needs: ['token_endpoint'],
  clientSecret: 'required',
  secrets: [{ id: 'subject_token', label: 'subject token', required: true, unless: 'subject_credential' }],
  browser: false,
  interactive: false,
  plan: ['definition', 'discovery', 'client-authentication', 'subject-token', 'exchange-token', 'store'],
  async obtain(operation) {
    const { definition } = operation.credential;
    const subject = await takeSubject(operation);
    const parameters = new URLSearchParams({
      subject_token: subject.token.reveal(),
      subject_token_type: definition.subject_token_type ?? accessToken,
    });
    if (definition.requested_token_type) parameters.set('requested_token_type', definition.requested_token_type);
    if (definition.scope) parameters.set('scope', definition.scope);
    for (const [key, value] of toResourceParameters(definition)) parameters.append(key, value);
    for (const [key, value] of toExtraParameters(definition.token_parameters).kept) parameters.append(key, value);
    const answer = await operation.requestTokens({
      step: 'exchange-token',
      dropIdToken: true,
      run: (library, config, options) => library.genericGrantRequest(config, name, parameters, options),
    });
    checkIssued(operation, answer['issued_token_type'], answer.token_type);
    const { issuer } = operation.provider;
    const fallback = { clientId: subject.label ?? definition.client_id, issuer, verified: false };
    return { answer, identity: toIdentity(undefined, undefined, fallback) };
  },
};

/** Only what can be sent to an API is taken. Throws CS-AUTH-TOKEN. */
function checkIssued(operation: Operation, issued: unknown, tokenType: string): void {
  const { provider, trace, credential } = operation;
  const wanted = credential.definition.requested_token_type;
  if (issued === undefined) {
    trace.amend('exchange-token', 'warning', 'issued_token_type is missing (RFC 8693 §2.2.1)');
  } else if (typeof issued !== 'string' || !usable.has(issued) || (wanted !== undefined && !isFor(issued, wanted))) {
    const shown = toInertText(typeof issued === 'string' ? issued.replace(type, '') : '', 40);
    throw new CountersignError('CS-AUTH-TOKEN', `${provider.host} gave another kind of token than was asked for.`, {
      next: 'Check requested_token_type; only access tokens and JWTs can be sent to an API.',
      facts: { host: provider.host, issued: shown },
    });
  } else {
    trace.amend('exchange-token', 'ok', `issued ${issued.replace(type, '')}`);
  }
  if (tokenType.toLowerCase() === 'n_a') {
    throw new CountersignError('CS-AUTH-TOKEN', `${provider.host} gave a token that is no access token.`, {
      next: 'Set requested_token_type to an access token.',
      facts: { host: provider.host },
    });
  }
}

/** An access token may be a JWT, and a JWT that was asked for is one. */
function isFor(issued: string, wanted: string): boolean {
  return issued === wanted || (usable.has(issued) && usable.has(wanted));
}

interface Subject {
  readonly token: Secret;
  readonly label: string | undefined;
}

function takeSubject(operation: Operation): Promise<Subject> {
  const { credential, trace } = operation;
  const named = credential.definition.subject_credential;
  return trace.step('subject-token', async ({ detail }) => {
    if (named === undefined) {
      const token = await operation.requireSecret('subject_token', 'subject token');
      detail('from the secret store');
      return { token, label: undefined };
    }
    const subject = await findSubject(operation, named);
    const session = await operation.acquireOther(subject);
    detail(`of ${toInertText(named, 64)}`);
    return { token: session.accessToken, label: session.identity?.label };
  });
}

/** Throws CS-DEF-UNKNOWN, CS-DEF-FIELD, CS-BIND-ORIGIN or what approving it throws. */
async function findSubject(operation: Operation, named: string): Promise<OAuthCredential> {
  const { credential, provider, share } = operation;
  const found = await share.ports.findCredential?.(named, credential);
  const shown = toInertText(named, 64);
  if (!found)
    throw new CountersignError('CS-DEF-UNKNOWN', `No credential is called “${shown}”.`, { facts: { name: shown } });
  if (found.definition.subject_credential !== undefined) {
    throw new CountersignError('CS-DEF-FIELD', `${shown} exchanges a token itself and cannot be the subject.`, {
      next: 'Name a credential that a person or a service signs in with.',
    });
  }
  if (JSON.stringify(found.definition).includes('{{')) {
    throw new CountersignError('CS-DEF-FIELD', `${shown} holds variables and cannot be the subject.`, {
      next: 'Write out its values, or enter the subject token as a secret.',
    });
  }
  const endpoint = new URL(provider.metadata['token_endpoint'] as string);
  // A definition that states an endpoint of its own may state anybody's: then only the binding counts.
  const same =
    credential.definition.token_endpoint === undefined &&
    found.definition.issuer !== undefined &&
    provider.issuer !== undefined &&
    isSameIssuer(parseIssuer(found.definition.issuer), provider.issuer);
  if (!same && !(await checkBinding(shown, found.definition.origins, endpoint)).ok) {
    throw new CountersignError('CS-BIND-ORIGIN', `The token of ${shown} may not go to ${endpoint.host}.`, {
      next: `It goes to its own issuer and origins only. Add ${endpoint.origin} to the origins of ${shown} to allow it.`,
      facts: { credential: shown, origin: endpoint.origin },
    });
  }
  return found;
}
