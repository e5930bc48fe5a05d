/**
 * Who has signed in, from an ID token that has passed its checks, with a name from userinfo where it holds none.
 * Source: OIDC Core §3.1.3.7, §5.3.2; auth.md M12, M24, H21, H24.
 */
import type { Identity } from '../credentials/types.ts';
import { needsProfile, toIdentity } from './identity.ts';
import type { TokenAnswer } from './library.ts';
import type { Operation } from './operation.ts';

/** The ID token has passed its checks by now; userinfo is asked only for a name to show. */
export async function identify(operation: Operation, answer: TokenAnswer): Promise<Identity> {
  const { provider, credential, trace, share } = operation;
  const claims = answer.claims() as Record<string, unknown> | undefined;
  const signed = provider.issuer !== undefined && typeof provider.metadata['jwks_uri'] === 'string';
  const fallback = { clientId: credential.definition.client_id, issuer: provider.issuer, verified: signed };
  if (!claims) return toIdentity(undefined, undefined, fallback);
  await trace.step('id-token', ({ detail, warn }) => {
    operation.showKeys();
    const compared = claims['nonce'] === undefined ? 'iss, aud, exp match' : 'iss, aud, nonce, exp match';
    if (signed) detail(`signature ${toAlgorithm(answer.id_token)} · ${compared}`);
    else warn('the provider publishes no keys, so nothing vouches for the name shown');
    const ahead = (claims['iat'] as number) * 1000 - (share.ports.clock.now() + provider.skewMs);
    if (ahead > 5 * 60_000) warn('it was issued in the future: one of the clocks is wrong');
  });
  if (!needsProfile(claims) || typeof provider.metadata['userinfo_endpoint'] !== 'string') {
    return toIdentity(claims, undefined, fallback);
  }
  const profile = await trace.step('userinfo', async ({ warn, detail }) => {
    const { library, config } = await operation.configuration();
    const options = await operation.tokenOptions(library, config);
    try {
      const found = await library.fetchUserInfo(config, answer.access_token, claims['sub'] as string, options);
      detail('sub matches');
      return found;
    } catch (error) {
      if (
        String((error as { code?: unknown }).code).includes('JSON_ATTRIBUTE_COMPARISON') ||
        operation.signal.aborted
      ) {
        throw operation.signal.aborted ? operation.signal.reason : operation.toError(error, 'userinfo');
      }
      warn('no answer that could be used; the subject is shown instead');
      return undefined;
    }
  });
  return toIdentity(claims, profile, fallback);
}

function toAlgorithm(idToken: string | undefined): string {
  try {
    const header: unknown = JSON.parse(Buffer.from(idToken?.split('.')[0] ?? '', 'base64url').toString());
    const { alg } = header as { alg?: unknown };
    return typeof alg === 'string' && /^[A-Za-z0-9-]{1,12}$/.test(alg) ? alg : 'checked';
  } catch {
    return 'checked';
  }
}
