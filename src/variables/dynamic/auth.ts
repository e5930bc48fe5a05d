/**
 * References to the token of a credential: `{{$auth.token("orders")}}`. The token itself comes from the context; it
 * is never acquired here. Source: dialects.md §11.
 */
import { CountersignError } from '../../errors/countersign-error.ts';
import { secret } from '../tracked.ts';
import { argumentError, type DynamicVariable } from './dynamic-variable.ts';

function token(name: string, kind: 'access' | 'id', what: string): DynamicVariable {
  return {
    name,
    signature: `${name}("credential")`,
    parameters: [{ name: 'credential', description: 'Name of an OAuth credential.' }],
    documentation: `The ${what} of a credential; signs in when there is none.`,
    asks: true,
    async value(call) {
      const [credential] = call.args;
      if (credential === undefined || call.args.length > 1) throw argumentError(call, 'the name of one credential');
      if (!call.context.authToken) {
        throw new CountersignError(
          'CS-VAR-AT-SEND',
          `The value of ${call.name} is known only when the request is sent.`,
        );
      }
      const value = await call.context.authToken(credential, kind);
      // Whatever the spans say: nothing of a token is ever shown.
      return value.secrets.length === 1 && value.secrets[0]?.start === 0 && value.secrets[0].end === value.text.length
        ? value
        : secret(value.text, value.secrets[0]?.label ?? `${credential} ${what}`);
    },
  };
}

export const authVariables: readonly DynamicVariable[] = [
  token('$auth.token', 'access', 'access token'),
  token('$auth.idToken', 'id', 'ID token'),
];
