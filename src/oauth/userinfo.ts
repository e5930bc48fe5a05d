/**
 * The claims of the person who signed in, asked with the session's own token and taken only when they speak of the same
 * `sub` as its ID token. They are shown and decide nothing. Source: OIDC Core §5.3.2, RFC 9449 §7, auth.md H24.
 */
import type { Session } from '../credentials/types.ts';
import { CountersignError } from '../errors/countersign-error.ts';
import { toBoundOptions } from './bound-tokens.ts';
import { requireOffered } from './endpoint-vetting.ts';
import type { Operation } from './operation.ts';
import type { UserInfo } from './types.ts';

/** Throws CS-AUTH-ENDPOINT, CS-AUTH-USERINFO, CS-AUTH-ID-TOKEN for another person, and what the network said. */
export async function askUserInfo(operation: Operation, session: Session): Promise<UserInfo> {
  await operation.prepare(false);
  const { provider, trace, credential } = operation;
  return trace.step('userinfo', async ({ detail }) => {
    requireOffered('userinfo_endpoint', provider.metadata, provider.warnings, provider.host);
    const refuse = (sentence: string, cause?: unknown, next?: string): CountersignError =>
      new CountersignError('CS-AUTH-USERINFO', sentence, {
        ...(cause === undefined ? {} : { cause }),
        ...(next === undefined ? {} : { next }),
        facts: { host: provider.host, credential: credential.name },
      });
    const subject = session.identity?.subject;
    if (subject === undefined) {
      throw refuse(
        `${credential.name} has no ID token, so nothing tells whose claims ${provider.host} would answer with.`,
        undefined,
        'Put openid into the scope of the definition, and sign in again.',
      );
    }
    const { library, config } = await operation.configuration();
    operation.dpopKey = session.dpopKey;
    const options = session.dpopKey ? await toBoundOptions(operation, library, config) : {};
    try {
      const claims = await library.fetchUserInfo(config, session.accessToken.reveal(), subject, options);
      detail('sub matches');
      return { host: provider.host, claims };
    } catch (error) {
      operation.signal.throwIfAborted();
      if (String((error as { code?: unknown }).code).includes('JSON_ATTRIBUTE_COMPARISON')) {
        throw operation.toError(error, 'userinfo');
      }
      const known = operation.toError(error, 'introspection');
      throw known.code === 'CS-AUTH-TOKEN' ? refuse(`${provider.host} gave no claims that can be used.`, error) : known;
    }
  });
}
