/** One recorded token answer a vendor, as the vendors wrote them, and what becomes of it. */
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { isPlacement, toQueryParameter } from '../../../src/credentials/schemes/token-placement.ts';
import { oauth2Fields } from '../../../src/credentials/schemes/oauth2-fields.ts';
import { quirks } from '../../../src/oauth/quirks/registry.ts';
import { createBench, toCredential } from '../../support/broker-bench.ts';
import { ScriptedIdp } from '../../support/scripted-idp.ts';

let idp: ScriptedIdp;
beforeAll(async () => {
  idp = await ScriptedIdp.start();
});
afterEach(() => idp.reset());
afterAll(() => idp.stop());

interface Recorded {
  readonly body: unknown;
  readonly type?: string;
  readonly status?: number;
}

async function acquire(names: readonly string[], { body, type = 'application/json', status = 200 }: Recorded) {
  idp.script.routes = {
    '/token': (_hit, response) => {
      response.writeHead(status, { 'content-type': type });
      response.end(typeof body === 'string' ? body : JSON.stringify(body));
    },
  };
  const bench = createBench({ fetch: idp.fetch, secret: idp.secret });
  const credential = toCredential({ grant: 'client_credentials', issuer: idp.issuer, scope: 'a', quirks: names });
  const outcome = await bench.broker.acquire(credential, { interactive: false }).then(
    (session) => ({ session, error: undefined }),
    (error: unknown) => ({ session: undefined, error: error as { code: string; facts: Record<string, unknown> } }),
  );
  return { ...outcome, trace: bench.broker.trace('orders') };
}

describe('recorded answers', () => {
  const token = 'tok-3f9a';
  const vendors: [string, string[], Recorded, number | undefined][] = [
    [
      'Facebook',
      ['form_answer', 'missing_token_type'],
      { body: `access_token=${token}&expires=5183999`, type: 'text/plain' },
      5183999,
    ],
    [
      'GitHub, form',
      ['form_answer'],
      { body: `access_token=${token}&scope=repo%2Cgist&token_type=bearer`, type: 'application/x-www-form-urlencoded' },
      undefined,
    ],
    [
      'Weibo',
      ['missing_token_type'],
      { body: { access_token: token, remind_in: '7776000', expires_in: 7776000, uid: '1404376560' } },
      7776000,
    ],
    [
      'Douban',
      ['missing_token_type'],
      { body: { access_token: token, expires_in: 3920, refresh_token: 'r1', douban_user_id: '1221' } },
      3920,
    ],
    [
      'Mailchimp',
      ['null_scope', 'zero_lifetime'],
      { body: { access_token: token, expires_in: 0, scope: null, token_type: 'bearer' } },
      3600,
    ],
    [
      'Plentymarkets',
      ['camel_case'],
      { body: { accessToken: token, tokenType: 'Bearer', expiresIn: 86400, refreshToken: 'r1' } },
      86400,
    ],
    [
      'eBay',
      ['worded_token_type'],
      { body: { access_token: token, expires_in: 7200, token_type: 'Application Access Token' } },
      7200,
    ],
    [
      'Slack, user',
      ['authed_user'],
      {
        body: {
          ok: true,
          app_id: 'A0',
          access_token: 'xoxb-app',
          token_type: 'bot',
          authed_user: { id: 'U1', scope: 'chat:write', access_token: token, token_type: 'user' },
        },
      },
      undefined,
    ],
    [
      'a server that creates',
      ['created_answer'],
      { body: { access_token: token, token_type: 'Bearer' }, status: 201 },
      undefined,
    ],
  ];
  for (const [vendor, names, recorded, seconds] of vendors) {
    it(`${vendor}: taken with ${names.join(', ')}, kept out of the trace`, async () => {
      const { session, trace } = await acquire(names, recorded);
      expect(session?.accessToken.reveal()).toBe(token);
      expect(session?.tokenType).toBe('Bearer');
      const lasts = session?.expiresAt === undefined ? undefined : (session.expiresAt - session.obtainedAt) / 1000;
      expect(lasts).toBe(seconds);
      expect(JSON.stringify(trace)).not.toContain(token);
      expect(trace?.steps[0]?.detail).toContain(`quirks `);
    });
    it(`${vendor}: not taken, or otherwise, without`, async () => {
      const { session } = await acquire([], recorded);
      if (session) expect([session.accessToken.reveal(), session.expiresAt]).not.toEqual([token, seconds]);
      else expect(session).toBeUndefined();
    });
  }
  const errors: [string, string[], Recorded, string][] = [
    [
      'Fitbit',
      ['error_list'],
      { body: { errors: [{ errorType: 'invalid_client', message: 'no' }], success: false }, status: 401 },
      'invalid_client',
    ],
    ['Slack', [], { body: { ok: false, error: 'invalid_code' } }, 'invalid_code'],
    [
      'GitHub',
      [],
      { body: { error: 'bad_verification_code', error_description: 'The code is incorrect.' } },
      'bad_verification_code',
    ],
    [
      'GitHub, form',
      ['form_answer'],
      { body: 'error=incorrect_client_credentials', type: 'text/plain' },
      'incorrect_client_credentials',
    ],
  ];
  for (const [vendor, names, recorded, expected] of errors) {
    it(`${vendor}: its error is ${expected}`, async () => {
      expect((await acquire(names, recorded)).error?.facts['error']).toBe(expected);
    });
  }
  it('does not take a page for a form', async () => {
    const { error } = await acquire(['form_answer'], { body: '<a href="?access_token=x">x</a>', type: 'text/html' });
    expect(error?.code).toBe('CS-AUTH-TOKEN');
  });
  it('says which quirk is not known', async () => {
    const { trace, session } = await acquire(['nonsense', 'token_in_query'], {
      body: { access_token: token, token_type: 'Bearer' },
    });
    expect(session).toBeDefined();
    expect(trace?.steps[0]).toMatchObject({ outcome: 'warning' });
    expect(trace?.steps[0]?.detail).toContain('not known: nonsense');
  });
});

describe('quirks', () => {
  const description = oauth2Fields.find(({ name }) => name === 'quirks')?.description ?? '';
  for (const quirk of quirks) {
    it(`${quirk.name} is told of, and changes nothing that needs no change`, () => {
      expect(description).toContain(quirk.name);
      expect(quirk.description).toMatch(/\.$/);
      const plain = { access_token: 'a', token_type: 'Bearer', expires_in: 60, scope: 'a b' };
      const { map, status } = quirk as { map?(answer: object): object; status?(status: number): number };
      expect(map?.(plain) ?? plain).toEqual(plain);
      expect(status?.(200) ?? 200).toBe(200);
    });
  }
  it('place the token where an API wants it', () => {
    expect(toQueryParameter(['token_in_query'])).toBe('access_token');
    expect(toQueryParameter(['null_scope', 'slack_token_in_query'])).toBe('token');
    expect(toQueryParameter(['null_scope'])).toBeUndefined();
    expect(isPlacement('constructor')).toBe(false);
  });
});
