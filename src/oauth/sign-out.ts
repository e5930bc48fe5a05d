/**
 * Ends a session at the identity provider as far as it lets us, refresh token first, within a few seconds. Deleting the
 * local session is the caller's and happens whatever comes out here. Source: RFC 7009 §2, auth.md H36.
 */
import type { Session } from '../credentials/types.ts';
import type { Operation } from './operation.ts';

/** Throws when the provider could not be asked; resolves to a sentence when it offers no way, undefined when revoked. */
export async function revokeSession(operation: Operation, session: Session): Promise<string | undefined> {
  await operation.prepare(false);
  const { provider, trace } = operation;
  if (typeof provider.metadata['revocation_endpoint'] !== 'string') {
    await trace.step('revocation', ({ skip }) => skip('the provider offers no revocation'));
    return `${provider.host} offers no way to revoke tokens; they end by themselves.`;
  }
  return trace.step('revocation', async ({ detail }) => {
    const { library, config } = await operation.configuration();
    const tokens = [
      ['refresh_token', session.refreshToken],
      ['access_token', session.accessToken],
    ] as const;
    let failure: unknown;
    for (const [hint, token] of tokens) {
      if (!token) continue;
      try {
        await library.tokenRevocation(config, token.reveal(), { token_type_hint: hint });
        detail(`${hint} revoked`);
      } catch (error) {
        operation.signal.throwIfAborted();
        // Many providers revoke only one kind (unsupported_token_type); the other may still work.
        failure ??= error;
        if (hint === 'refresh_token') continue;
        if (session.refreshToken && failure !== error) break;
      }
    }
    if (failure !== undefined && !(session.refreshToken && isUnsupported(failure))) {
      throw operation.toError(failure, 'revocation');
    }
    return undefined;
  });
}

function isUnsupported(error: unknown): boolean {
  return (error as { error?: unknown }).error === 'unsupported_token_type';
}
