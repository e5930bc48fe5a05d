import { describe, expect, it } from 'vitest';
import { chooseClientAuthentication } from '../../../src/oauth/client-authentication/choose.ts';
import { clientAuthentications } from '../../../src/oauth/client-authentication/registry.ts';
import type { Grant } from '../../../src/oauth/grants/grant.ts';
import { findGrant, grants } from '../../../src/oauth/grants/registry.ts';
import { findReceiver, receivers } from '../../../src/oauth/receivers/registry.ts';
import { toStepInfo } from '../../../src/oauth/trace-steps.ts';
import { grantForms } from '../../../src/credentials/schemes/grant-forms.ts';
import { oauth2Fields } from '../../../src/credentials/schemes/oauth2-fields.ts';
import { errorCatalog } from '../../../src/errors/catalog.ts';

describe('grants', () => {
  for (const grant of grants as readonly Grant[]) {
    it(`${grant.name} says all that a wizard asks`, () => {
      expect(grant.label).not.toBe('');
      expect(grant.reason).toMatch(/\.$/);
      for (const step of grant.plan) expect(toStepInfo(step, grant.steps).title).not.toBe(step);
      expect(grant.plan.at(-1)).toBe('store');
      expect(findGrant(grant.name)).toBe(grant);
      expect(new Set(grant.secrets.map(({ id }) => id)).size).toBe(grant.secrets.length);
      expect(grant.legacy === undefined || grant.legacy.instead.endsWith('.')).toBe(true);
    });
  }
  it('are known to definitions as they stand here', () => {
    for (const grant of grants as readonly Grant[]) {
      const form = grantForms.find(({ name }) => name === grant.name);
      expect(form).toEqual(Object.fromEntries(Object.entries(grant).filter(([key]) => form && key in form)));
      for (const { name } of grant.fields) expect(oauth2Fields.map((field) => field.name)).toContain(name);
    }
    expect(grantForms.map(({ name }) => name)).toEqual(grants.map(({ name }) => name));
  });
  it('does not know what is not there', () => expect(findGrant('nonsense')).toBeUndefined());
});

describe('receivers', () => {
  it('are found by name, and auto is the one for this machine', () => {
    for (const receiver of receivers) expect(findReceiver(receiver.name, 'paste')).toBe(receiver);
    expect(findReceiver('auto', 'paste').name).toBe('paste');
    expect(findReceiver(undefined, 'loopback').name).toBe('loopback');
  });
});

describe('client authentication', () => {
  const choose = (named: string | undefined, secret: boolean, offered?: unknown, key = false): string =>
    chooseClientAuthentication(
      named,
      { secret, key },
      {
        issuer: 'https://idp.example',
        ...(offered === undefined ? {} : { token_endpoint_auth_methods_supported: offered }),
      },
    ).method.name;
  const cases: [string | undefined, boolean, unknown, string][] = [
    [undefined, false, undefined, 'none'],
    [undefined, true, undefined, 'client_secret_basic'],
    [undefined, true, ['client_secret_post'], 'client_secret_post'],
    [undefined, true, ['client_secret_post', 'client_secret_basic'], 'client_secret_basic'],
    ['client_secret_post', true, ['client_secret_basic'], 'client_secret_post'],
    ['client_secret_basic_raw', true, ['client_secret_basic'], 'client_secret_basic_raw'],
    ['none', true, ['client_secret_basic'], 'none'],
    [undefined, true, 'nonsense', 'client_secret_basic'],
  ];
  for (const [named, hasSecret, offered, expected] of cases) {
    it(`${named ?? 'unnamed'}, secret ${hasSecret}, offered ${JSON.stringify(offered)}: ${expected}`, () =>
      expect(choose(named, hasSecret, offered)).toBe(expected));
  }
  it('takes a private key when that is what is kept', () => {
    expect(choose(undefined, false, ['client_secret_basic', 'private_key_jwt'], true)).toBe('private_key_jwt');
    expect(choose(undefined, false, undefined, true)).toBe('private_key_jwt');
    expect(choose(undefined, true, ['tls_client_auth', 'client_secret_jwt'])).toBe('client_secret_jwt');
    expect(() => choose(undefined, false, ['client_secret_basic'], true)).toThrow('offers no client authentication');
  });
  it('says what is known', () => {
    expect(() => choose('secret_handshake', true)).toThrow('“secret_handshake” is not known');
    expect(() => choose(undefined, true, ['private_key_jwt'])).toThrow('offers no client authentication');
  });
  it('sends id and secret as they are when told so', async () => {
    const library = await import('openid-client');
    const header = (name: string): string | null => {
      const method = clientAuthentications.find((one) => one.name === name);
      const headers = new Headers();
      const client = { client_id: 'a:b' } as import('openid-client').ClientMetadata;
      const server = { issuer: 'https://idp.example' } as import('openid-client').ServerMetadata;
      method?.toClientAuth(library, { secret: 's+/é' })(server, client, new URLSearchParams(), headers);
      return Buffer.from(headers.get('authorization')?.slice(6) ?? '', 'base64').toString();
    };
    expect(header('client_secret_basic_raw')).toBe('a:b:s+/é');
    expect(header('client_secret_basic')).toBe('a%3Ab:s%2B%2F%C3%A9');
  });
});

describe('the catalogue', () => {
  it('has sentences of twenty words in the catalogue', () => {
    for (const [code, entry] of Object.entries(errorCatalog)) {
      if (!code.startsWith('CS-AUTH-')) continue;
      expect(entry.sentence.split(/\s+/).length).toBeLessThanOrEqual(20);
      expect(`${entry.sentence} ${entry.next}`).not.toMatch(/failed to|unable to|please|successfully|!/i);
    }
  });
});
