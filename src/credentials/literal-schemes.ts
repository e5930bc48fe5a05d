/**
 * What the literal forms of other tools put on a request, where they stand for a scheme and not for a value: the name
 * and password of Digest, the keys of AWS. One entry a form. Source: dialects.md §11.
 */
import { createHash } from 'node:crypto';
import { CountersignError } from '../errors/countersign-error.ts';
import { parseAuthorization, type LiteralAuthorization } from './literal-auth.ts';
import { toSigV4Attachment } from './schemes/aws-sigv4.ts';
import { toDigestAttachment } from './schemes/digest.ts';
import { Secret } from './secret.ts';
import type { Attachment, SchemeMemo } from './types.ts';

type Of<K extends LiteralAuthorization['kind']> = Extract<LiteralAuthorization, { kind: K }>;

/** Undefined for a value that is sent as it stands. @throws CountersignError CS-DEF-FIELD when a part is missing, CS-AUTH-COGNITO */
export async function toLiteralAttachment(
  authorization: string,
  url: URL,
  memo: SchemeMemo,
): Promise<Attachment | undefined> {
  const parsed = parseAuthorization(authorization);
  if (parsed?.kind === 'digest') return ofDigest(parsed, url, memo);
  if (parsed?.kind === 'ntlm') {
    const { toNtlmHandshake } = await import('./ntlm/ntlm-attachment.ts');
    return toNtlmHandshake({ username: parsed.username }, new Secret(parsed.password, 'NTLM password'), url);
  }
  if (parsed?.kind === 'cognito') throw cognitoRefusal(parsed);
  return parsed?.kind === 'aws' ? ofAws(parsed, url, memo) : undefined;
}

/** It stands for a sign-in with a password in a file, which is what a user pool has a browser for. */
function cognitoRefusal({ region, pool, clientId }: Of<'cognito'>): CountersignError {
  const known = /^[\w-]{1,64}$/.test(region) && /^[\w-]{1,128}$/.test(pool) && /^[\w-]{1,128}$/.test(clientId);
  const issuer = known ? `https://cognito-idp.${region}.amazonaws.com/${pool}` : 'the user pool';
  return new CountersignError(
    'CS-AUTH-COGNITO',
    'The literal form COGNITO is not sent: it would sign in with a password of this file.',
    {
      next: `Add a credential with scheme oauth2, grant authorization_code, issuer ${issuer}${known ? ` and client_id ${clientId}` : ''}, and name it with # @auth.`,
    },
  );
}

function ofDigest({ username, password }: Of<'digest'>, url: URL, memo: SchemeMemo): Attachment {
  const key = createHash('sha256')
    .update(JSON.stringify([url.origin, username, password]))
    .digest('hex');
  return toDigestAttachment(username, new Secret(password, 'Digest password'), memo, `literal ${key}`);
}

function ofAws({ kind: _, secretAccessKey, sessionToken, ...rest }: Of<'aws'>, url: URL, memo: SchemeMemo): Attachment {
  return toSigV4Attachment(
    {
      ...rest,
      secretAccessKey: new Secret(secretAccessKey, 'AWS secret access key'),
      ...(sessionToken === undefined ? {} : { sessionToken: new Secret(sessionToken, 'AWS session token') }),
    },
    url,
    memo.of(`literal aws ${url.origin}`, () => ({ skew: 0 })),
  );
}
