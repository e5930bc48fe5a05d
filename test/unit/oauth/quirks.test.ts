/** One recorded token answer a vendor, as the vendors wrote them, and what becomes of it. */
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { isPlacement, toQueryParameter } from '../../../src/credentials/schemes/token-placement.ts';
import { oauth2Fields } from '../../../src/credentials/schemes/oauth2-fields.ts';
import type { QuirkRules } from '../../../src/credentials/quirk-rules.ts';
import type { OAuth2Definition } from '../../../src/credentials/types.ts';
import { toRuleQuirk } from '../../../src/oauth/quirks/from-rules.ts';
import { quirks } from '../../../src/oauth/quirks/registry.ts';
import { createBench, toCredential } from '../../support/broker-bench.ts';
import { followRedirect } from '../../support/loopback-browser.ts';
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

/** Signs in once, then renews: `refreshed` is what the provider answers the second time. */
async function refresh(fields: Partial<OAuth2Definition>, refreshed: Recorded) {
  idp.script.routes = {
    '/token': (hit, response) => {
      const first = { access_token: 'first-7c1', token_type: 'Bearer', refresh_token: 'r-52e', expires_in: 3600 };
      const renewing = hit.form.get('grant_type') === 'refresh_token';
      const { body, status = 200, type = 'application/json' } = renewing ? refreshed : { body: first };
      response.writeHead(status, { 'content-type': type });
      response.end(typeof body === 'string' ? body : JSON.stringify(body));
    },
  };
  const bench = createBench({
    fetch: idp.fetch,
    secret: idp.secret,
    browse: (url) => followRedirect(idp.authorize(url)),
  });
  const credential = toCredential({ issuer: idp.issuer, scope: 'a b', ...fields });
  await bench.broker.acquire(credential, { interactive: true });
  const outcome = await bench.broker.refresh(credential, {}).then(
    (session) => ({ session, error: undefined }),
    (error: unknown) => ({ session: undefined, error: error as { facts: Record<string, unknown> } }),
  );
  return { ...outcome, form: idp.hitsOn('/token').at(-1)?.form ?? new URLSearchParams() };
}

async function acquire(
  names: readonly string[],
  { body, type = 'application/json', status = 200 }: Recorded,
  rules?: QuirkRules,
) {
  idp.script.routes = {
    '/token': (_hit, response) => {
      response.writeHead(status, { 'content-type': type });
      response.end(typeof body === 'string' ? body : JSON.stringify(body));
    },
  };
  const bench = createBench({ fetch: idp.fetch, secret: idp.secret });
  const credential = toCredential({
    grant: 'client_credentials',
    issuer: idp.issuer,
    scope: 'a',
    quirks: names,
    ...(rules === undefined ? {} : { quirk_rules: rules }),
  });
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
  it('GitHub, LinkedIn, Facebook: scope divided by commas is read without a quirk', async () => {
    const { session } = await acquire([], { body: { access_token: token, token_type: 'bearer', scope: 'a,b' } });
    expect(session?.scope).toEqual(['a', 'b']);
  });
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

describe('renewing', () => {
  const token = 'tok-8d02';
  it('eBay: its worded token type is read then too', async () => {
    const body = { access_token: token, expires_in: 7200, token_type: 'User Access Token' };
    const { session } = await refresh({ quirks: ['worded_token_type'] }, { body });
    expect([session?.accessToken.reveal(), session?.tokenType]).toEqual([token, 'Bearer']);
    expect((await refresh({}, { body })).session).toBeUndefined();
  });
  it('Fitbit: its list of errors is read then too', async () => {
    const recorded = {
      body: { errors: [{ errorType: 'invalid_grant', message: 'gone' }], success: false },
      status: 400,
    };
    expect((await refresh({ quirks: ['error_list'] }, recorded)).error?.facts['error']).toBe('invalid_grant');
    expect((await refresh({}, recorded)).error?.facts['error']).toBeUndefined();
  });
  it('refresh_scope sends the scope again, and nothing does without', async () => {
    const answer = { body: { access_token: token, token_type: 'Bearer' } };
    expect((await refresh({ quirks: ['refresh_scope'] }, answer)).form.get('scope')).toBe('a b');
    expect((await refresh({}, answer)).form.has('scope')).toBe(false);
  });
  it('client_id_in_body names the client beside the Authorization header', async () => {
    const fields = { token_endpoint_auth_method: 'client_secret_basic' };
    const answer = { body: { access_token: token, token_type: 'Bearer' } };
    const { form } = await refresh({ ...fields, quirks: ['client_id_in_body'] }, answer);
    expect(form.get('client_id')).toBe('cli');
    expect(form.has('client_secret')).toBe(false);
    expect((await refresh(fields, answer)).form.has('client_id')).toBe(false);
  });
});

describe('rules of a definition', () => {
  const token = 'tok-b617';
  const cases: [string, QuirkRules, Recorded, number | undefined][] = [
    [
      'tokens in an envelope, under other names, in milliseconds',
      {
        from: 'data.tokens.0',
        rename: { token: 'access_token', ttl: 'expires_in' },
        milliseconds: ['expires_in'],
        default: { token_type: 'Bearer' },
      },
      { body: { ok: 1, data: { tokens: [{ token, ttl: 90_000 }] } } },
      90,
    ],
    [
      'a form with status 202',
      { body: 'form', status: [202], default: { token_type: 'Bearer', expires_in: 60 } },
      { body: `access_token=${token}`, type: 'text/plain', status: 202 },
      60,
    ],
    [
      'an empty scope',
      { ignore_empty: ['scope', 'refresh_token'] },
      { body: { access_token: token, token_type: 'Bearer', scope: null, refresh_token: '' } },
      undefined,
    ],
  ];
  for (const [what, rules, recorded, seconds] of cases) {
    it(`${what}: taken with them, and not without`, async () => {
      const { session, trace } = await acquire([], recorded, rules);
      expect(session?.accessToken.reveal()).toBe(token);
      const lasts = session?.expiresAt === undefined ? undefined : (session.expiresAt - session.obtainedAt) / 1000;
      expect(lasts).toBe(seconds);
      expect(JSON.stringify(trace)).not.toContain(token);
      expect(trace?.steps[0]?.detail).toContain('quirk_rules');
      expect((await acquire([], recorded)).session).toBeUndefined();
    });
  }
  it('find an error where it is', async () => {
    const recorded = { body: { fault: { detail: [{ code: 'invalid_client', text: 'no' }] } }, status: 401 };
    const rules = { error: 'fault.detail.0.code', error_description: 'fault.detail.0.text' };
    expect((await acquire([], recorded, rules)).error?.facts['error']).toBe('invalid_client');
  });
  it('go before the named ones', async () => {
    const recorded = { body: { result: { access_token: token, token_type: 'User Access Token' } } };
    expect((await acquire(['worded_token_type'], recorded, { from: 'result' })).session?.tokenType).toBe('Bearer');
  });
  it('make no token of an answer without one, and follow no path to a prototype', () => {
    const quirk = toRuleQuirk({
      from: '__proto__',
      rename: { constructor: 'access_token', toString: 'scope' },
      default: { token_type: 'Bearer' },
      error: 'constructor.name',
    });
    expect(quirk.map?.({ a: 1 })).toEqual({ a: 1 });
    expect(quirk.map?.(JSON.parse('{"__proto__": {"x": 1}}') as Record<string, unknown>)).toBeDefined();
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
    expect(toQueryParameter(['linkedin_token_in_query'])).toBe('oauth2_access_token');
    expect(toQueryParameter(['null_scope'])).toBeUndefined();
    expect(isPlacement('constructor')).toBe(false);
  });
});
