/**
 * User name and password go to the token endpoint by way of this program: for servers that know nothing better. The
 * password is asked for each time unless the person chose to keep it. Source: RFC 6749 §4.3, RFC 9700 §2.4.
 */
import { Secret } from '../../credentials/secret.ts';
import { CountersignError } from '../../errors/countersign-error.ts';
import { toExtraParameters } from '../authorization-url.ts';
import { abortable } from '../capped-fetch.ts';
import { identify } from '../identify.ts';
import type { Operation } from '../operation.ts';
import { toResourceParameters } from '../request-parameters.ts';
import type { Grant } from './grant.ts';

export const password: Grant = {
  name: 'password',
  label: 'User name and password',
  who: 'legacy',
  reason: 'Only for a server that offers nothing else.',
  legacy: {
    warning: 'RFC 9700 forbids it: this program sees the password, and a second factor is impossible.',
    instead: 'Use a browser sign-in, or a device code.',
  },
  fields: [{ name: 'username', label: 'User name', description: 'Who signs in.', type: 'string', required: true }],
  needs: ['token_endpoint'],
  clientSecret: 'optional',
  secrets: [{ id: 'password', label: 'password', required: false }],
  browser: false,
  interactive: false,
  plan: ['definition', 'discovery', 'client-authentication', 'password-token', 'id-token', 'store'],
  async obtain(operation) {
    const { definition, name } = operation.credential;
    const { username } = definition;
    if (username === undefined) {
      throw new CountersignError('CS-DEF-FIELD', `${name} has no “username”.`, { facts: { name, field: 'username' } });
    }
    const secret = await requirePassword(operation, username);
    const parameters = new URLSearchParams({ username, password: secret.reveal() });
    if (definition.scope) parameters.set('scope', definition.scope);
    for (const [key, value] of toResourceParameters(definition)) parameters.append(key, value);
    for (const [key, value] of toExtraParameters(definition.token_parameters).kept) parameters.append(key, value);
    const answer = await operation.requestTokens({
      step: 'password-token',
      run: (library, config, options) => library.genericGrantRequest(config, 'password', parameters, options),
    });
    const identity = await identify(operation, answer);
    return { answer, identity: identity.subject === undefined ? { ...identity, label: username } : identity };
  },
};

/** Throws CS-AUTH-SECRET-MISSING when it is not kept and nobody can be asked, CS-AUTH-CANCELLED when nobody answers. */
async function requirePassword(operation: Operation, username: string): Promise<Secret> {
  const { credential, provider, share, signal } = operation;
  const kept = await operation.secret('password');
  if (kept) return kept;
  const ask = operation.interactive ? share.ports.askSecret : undefined;
  if (!ask) return operation.requireSecret('password', 'password');
  const question = {
    title: `Sign in to ${credential.name}`,
    prompt: `Password of ${username} at ${provider.host}. It goes there once and is not kept.`,
  };
  const typed = await abortable(ask.call(share.ports, question, signal), signal);
  if (typed === undefined || typed === '') {
    throw new CountersignError(
      'CS-AUTH-CANCELLED',
      `The sign-in of ${credential.name} was ended: no password was entered.`,
    );
  }
  const secret = new Secret(typed, `${credential.name} password`);
  share.ports.onSecret(secret);
  return secret;
}
