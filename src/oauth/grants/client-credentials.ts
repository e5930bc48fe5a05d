/** The client asks for itself; nobody signs in and there is no refresh token to keep. Source: RFC 6749 §4.4. */
import { toExtraParameters } from '../authorization-url.ts';
import { toIdentity } from '../identity.ts';
import { toResourceParameters } from '../request-parameters.ts';
import type { Grant } from './grant.ts';

export const clientCredentials: Grant = {
  name: 'client_credentials',
  label: 'As the client itself',
  who: 'service',
  reason: 'Acts as itself, not as you.',
  fields: [],
  needs: ['token_endpoint'],
  clientSecret: 'required',
  secrets: [],
  browser: false,
  interactive: false,
  plan: ['definition', 'discovery', 'client-authentication', 'client-token', 'store'],
  async obtain(operation) {
    const { definition } = operation.credential;
    const parameters = new URLSearchParams();
    if (definition.scope) parameters.set('scope', definition.scope);
    for (const [name, value] of toResourceParameters(definition)) parameters.append(name, value);
    for (const [name, value] of toExtraParameters(definition.token_parameters).kept) parameters.append(name, value);
    const answer = await operation.requestTokens({
      step: 'client-token',
      dropIdToken: true,
      run: (library, config, options) => library.clientCredentialsGrant(config, parameters, options),
    });
    const { issuer } = operation.provider;
    const identity = toIdentity(undefined, undefined, { clientId: definition.client_id, issuer, verified: false });
    return { answer, identity };
  },
};
