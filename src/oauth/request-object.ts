/**
 * The authorization request as a JWT that the client signs, so that the provider knows who made it and that nobody changed
 * it. Sent when the definition or the provider requires it, and then never plain. Source: RFC 9101 §4–6, §10.5.
 */
import { Secret } from '../credentials/secret.ts';
import type { Parameter } from './authorization-url.ts';
import { loadKeySlot } from './key-slot.ts';
import type { Operation } from './operation.ts';

/** The parameters themselves, or `client_id` and `request`. Throws CS-AUTH-SECRET-MISSING, CS-AUTH-KEY. */
export async function toSignedParameters(
  operation: Operation,
  parameters: readonly Parameter[],
): Promise<readonly Parameter[]> {
  const { credential, provider, trace, share } = operation;
  const { definition } = credential;
  const required =
    definition.require_signed_request_object === true || provider.metadata['require_signed_request_object'] === true;
  if (!required) return parameters;
  return trace.step('request-object', async ({ detail }) => {
    const signer = await loadKeySlot(operation);
    const { issueRequestObject, modifyAssertion } = await import('oauth4webapi');
    const { key, kid, alg } = signer;
    const request = await issueRequestObject(
      { issuer: provider.metadata.issuer },
      { client_id: definition.client_id },
      new URLSearchParams(parameters.map(([name, value]) => [name, value])),
      kid === undefined ? { key } : { key, kid },
      {
        [modifyAssertion](header: Record<string, unknown>) {
          header['alg'] = alg;
        },
      },
    );
    share.ports.onSecret(new Secret(request, `${credential.name} request object`));
    detail(`${alg} · aud ${provider.metadata.issuer} · 60 s`);
    return [
      ['client_id', definition.client_id],
      ['request', request],
    ];
  });
}
