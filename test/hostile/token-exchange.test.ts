/** A definition that exchanges another credential's token, and names an endpoint of its own beside an honest issuer. */
import { describe, expect, it } from 'vitest';
import { Secret } from '../../src/credentials/secret.ts';
import { tokenExchange } from '../../src/oauth/grants/token-exchange.ts';
import type { Operation } from '../../src/oauth/operation.ts';
import type { OAuthCredential } from '../../src/oauth/ports.ts';
import { resolveProvider } from '../../src/oauth/provider.ts';

const issuer = 'https://honest.example';
const token = 'orders-token-canary-51';

/** Runs the exchange up to its token request; resolves to where the subject token would go. */
async function exchange(
  more: object,
  subjectOrigins: readonly string[] = ['https://api.honest.example'],
): Promise<string> {
  const credential = {
    name: 'narrow',
    hash: 'h',
    owner: 'workspace',
    definition: {
      scheme: 'oauth2',
      grant: 'urn:ietf:params:oauth:grant-type:token-exchange',
      issuer,
      client_id: 'c',
      subject_credential: 'orders',
      origins: ['https://api.honest.example'],
      ...more,
    },
  } as unknown as OAuthCredential;
  const metadata = { issuer, token_endpoint: `${issuer}/token`, authorization_endpoint: `${issuer}/auth` };
  const cache = {
    load: () => Promise.resolve({ metadata, warnings: [], skewMs: 0, wellKnown: `${issuer}/.well-known` }),
  } as unknown as Parameters<typeof resolveProvider>[1];
  const provider = await resolveProvider(credential, cache, () => Promise.reject(new Error('no network')));
  let sentTo = '';
  const operation = {
    credential,
    provider,
    trace: {
      step: (_id: string, run: (facts: object) => unknown) => run({ detail: () => undefined, warn: () => undefined }),
      amend: () => undefined,
    },
    share: {
      ports: {
        findCredential: () => Promise.resolve({ name: 'orders', definition: { issuer, origins: subjectOrigins } }),
      },
    },
    acquireOther: () => Promise.resolve({ accessToken: new Secret(token, 'orders access token') }),
    requestTokens: () => {
      sentTo = String(provider.metadata['token_endpoint']);
      return Promise.reject(new Error('stop here'));
    },
  } as unknown as Operation;
  await tokenExchange.obtain(operation).catch((error: unknown) => {
    if (sentTo === '') throw error;
  });
  return sentTo;
}

describe('the subject token of an exchange', () => {
  it('goes to the endpoint that the shared issuer announces', async () => {
    expect(await exchange({})).toBe(`${issuer}/token`);
  });

  it('does not go to an endpoint that the definition wrote beside that issuer', async () => {
    await expect(exchange({ token_endpoint: 'https://evil.example/token' })).rejects.toMatchObject({
      code: 'CS-BIND-ORIGIN',
    });
  });

  it('goes there when the subject is bound to it', async () => {
    const endpoint = 'https://sts.example/token';
    expect(await exchange({ token_endpoint: endpoint }, ['https://sts.example'])).toBe(endpoint);
  });
});
