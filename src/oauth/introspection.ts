/**
 * What the provider says of a token: whether it is active, and the claims that go with it. A signed answer is asked for
 * where the metadata offers one and its signature can be checked; it has to be for this client and from this issuer. It
 * decides nothing here: the answer is shown. Source: RFC 7662 §2, RFC 9701 §4–5, auth.md H37.
 */
import type { Session } from '../credentials/types.ts';
import { CountersignError } from '../errors/countersign-error.ts';
import { requireOffered } from './endpoint-vetting.ts';
import type { Operation } from './operation.ts';
import type { OAuthFetch } from './ports.ts';
import type { Introspection, TokenKind } from './types.ts';

const jwtType = 'application/token-introspection+jwt';

/** Throws CS-AUTH-ENDPOINT, CS-AUTH-INTROSPECTION and what the network said. */
export async function introspectToken(operation: Operation, session: Session, kind: TokenKind): Promise<Introspection> {
  await operation.prepare(false);
  const { provider, trace, credential } = operation;
  return trace.step('introspection', async ({ detail, warn }) => {
    const endpoint = requireOffered('introspection_endpoint', provider.metadata, provider.warnings, provider.host);
    const token = kind === 'refresh' ? session.refreshToken : session.accessToken;
    if (!token) {
      throw new CountersignError('CS-AUTH-INTROSPECTION', `${credential.name} has no refresh token.`, {
        next: 'Look at the access token instead.',
        facts: { host: provider.host, credential: credential.name },
      });
    }
    const checkable = provider.issuer !== undefined && typeof provider.metadata['jwks_uri'] === 'string';
    const wanted = checkable && provider.metadata['introspection_signing_alg_values_supported'] !== undefined;
    const seen = { signed: false };
    const send: OAuthFetch = async (url, init) => {
      if (url !== new URL(endpoint).href) return operation.fetch(url, init);
      const accept = wanted ? `${jwtType}, application/json;q=0.5` : 'application/json';
      const response = await operation.fetch(url, { ...init, headers: { ...init.headers, accept } });
      seen.signed = (response.headers.get('content-type') ?? '').split(';')[0]?.trim().toLowerCase() === jwtType;
      if (seen.signed && !checkable) throw refuse(provider.host, 'is signed with keys that nobody publishes');
      return response;
    };
    const { library, config } = await operation.configuration(send);
    let answer: Readonly<Record<string, unknown>>;
    try {
      answer = await library.tokenIntrospection(config, token.reveal(), { token_type_hint: `${kind}_token` });
    } catch (error) {
      operation.signal.throwIfAborted();
      const known = operation.toError(error, 'introspection');
      // The causes of a sign-in speak of its tokens; here it is an answer that is none.
      if (known.code !== 'CS-AUTH-TOKEN' && known.code !== 'CS-AUTH-ID-TOKEN') throw known;
      throw refuse(provider.host, seen.signed ? 'is signed and does not pass its checks' : 'is none', error);
    } finally {
      if (seen.signed) operation.showKeys();
    }
    detail(`active ${String(answer['active'])}`);
    if (seen.signed) detail('typ, iss, aud and signature checked (RFC 9701, 5)');
    else if (wanted) warn('a signed answer was asked for, and a plain one came (RFC 9701, 4)');
    return { host: provider.host, token: kind, signed: seen.signed, answer };
  });
}

function refuse(host: string, why: string, cause?: unknown): CountersignError {
  return new CountersignError('CS-AUTH-INTROSPECTION', `The answer of ${host} about the token ${why}.`, {
    ...(cause === undefined ? {} : { cause }),
    facts: { host },
  });
}
