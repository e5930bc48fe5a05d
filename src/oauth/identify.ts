/**
 * Who has signed in, from an ID token that has passed its checks, with a name from userinfo where it holds none.
 * Source: OIDC Core §3.1.3.7, §5.3.2; auth.md M12, M24, H21, H24.
 */
import { createHash } from 'node:crypto';
import type { Identity } from '../credentials/types.ts';
import { CountersignError } from '../errors/countersign-error.ts';
import { toBoundOptions } from './bound-tokens.ts';
import { needsProfile, toIdentity } from './identity.ts';
import type { TokenAnswer } from './library.ts';
import type { Operation } from './operation.ts';
import type { StepNotes } from './trace.ts';

/** The ID token has passed its checks by now; userinfo is asked only for a name to show. */
export async function identify(operation: Operation, answer: TokenAnswer): Promise<Identity> {
  const { provider, credential, trace, share } = operation;
  const claims = answer.claims() as Record<string, unknown> | undefined;
  const signed = provider.issuer !== undefined && typeof provider.metadata['jwks_uri'] === 'string';
  const fallback = { clientId: credential.definition.client_id, issuer: provider.issuer, verified: signed };
  if (!claims) {
    const asked = credential.definition.acr_values !== undefined || credential.definition.max_age !== undefined;
    if (asked) trace.amend(operation.tokenStep, 'warning', 'no ID token came: acr and auth_time cannot be checked');
    return toIdentity(undefined, undefined, fallback);
  }
  await trace.step('id-token', ({ detail, warn }) => {
    operation.showKeys();
    if (!matchesAccessToken(claims['at_hash'], answer)) {
      throw new CountersignError('CS-AUTH-ID-TOKEN', `The ID token of ${provider.host} does not pass its checks.`, {
        facts: { host: provider.host, claim: 'at_hash' },
      });
    }
    const compared = claims['nonce'] === undefined ? 'iss, aud, exp match' : 'iss, aud, nonce, exp match';
    if (signed) detail(`signature ${toAlgorithm(answer.id_token)} · ${compared}`);
    else warn('the provider publishes no keys, so nothing vouches for the name shown');
    const ahead = (claims['iat'] as number) * 1000 - (share.ports.clock.now() + provider.skewMs);
    if (ahead > 5 * 60_000) warn('it was issued in the future: one of the clocks is wrong');
    checkStrength(operation, claims, { detail, warn });
  });
  if (!needsProfile(claims) || typeof provider.metadata['userinfo_endpoint'] !== 'string') {
    return toIdentity(claims, undefined, fallback);
  }
  const profile = await trace.step('userinfo', async ({ warn, detail }) => {
    const { library, config } = await operation.configuration();
    const options = await toBoundOptions(operation, library, config);
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

/** What was asked for is compared with what was done; when an API asked for it, a difference ends the sign-in. */
function checkStrength(
  operation: Operation,
  claims: Readonly<Record<string, unknown>>,
  { detail, warn }: Pick<StepNotes, 'detail' | 'warn'>,
): void {
  const { credential, provider, share, stepUp } = operation;
  const { acr_values, max_age } = credential.definition;
  const problems: string[] = [];
  if (acr_values !== undefined) {
    const { acr } = claims;
    if (typeof acr === 'string' && acr_values.split(' ').includes(acr)) detail('acr as asked');
    else problems.push(`acr is ${acr === undefined ? 'missing' : 'another'}`);
  }
  if (max_age !== undefined) {
    const age = (share.ports.clock.now() + provider.skewMs) / 1000 - Number(claims['auth_time'] ?? Number.NaN);
    if (age <= max_age + toleranceSeconds) detail('auth_time as asked');
    else problems.push(`auth_time is ${Number.isNaN(age) ? 'missing' : 'too old'}`);
  }
  if (problems.length === 0) return;
  if (!stepUp) {
    warn(problems.join(', '));
    return;
  }
  throw new CountersignError('CS-AUTH-STEP-UP', `The new sign-in of ${credential.name} is not what the API asks for.`, {
    facts: { credential: credential.name, host: provider.host, missed: problems.join(', ') },
  });
}

/** OIDC Core §3.1.3.8: left half of the hash that goes with the algorithm. A token without the claim says nothing of it. */
function matchesAccessToken(atHash: unknown, answer: TokenAnswer): boolean {
  if (atHash === undefined) return true;
  const bits =
    /(256|384|512)$/.exec(toAlgorithm(answer.id_token))?.[1] ??
    (toAlgorithm(answer.id_token) === 'EdDSA' ? '512' : '256');
  const digest = createHash(`sha${bits}`).update(answer.access_token, 'ascii').digest();
  return atHash === digest.subarray(0, digest.length / 2).toString('base64url');
}

/** As for every other time in an ID token (auth.md M12). */
const toleranceSeconds = 30;
