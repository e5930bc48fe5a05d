import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import type { OAuth2Definition } from '../../../src/credentials/types.ts';
import { json, ScriptedIdp, type Hit } from '../../support/scripted-idp.ts';
import { attemptSignIn, type AttemptOptions } from '../../support/sign-in-attempt.ts';
import { followRedirect } from '../../support/loopback-browser.ts';

let idp: ScriptedIdp;
beforeAll(async () => {
  idp = await ScriptedIdp.start();
});
afterEach(() => idp.reset());
afterAll(() => idp.stop());

const uri = 'urn:ietf:params:oauth:request_uri:1';

/** Signs in at a provider that offers PAR, or does not, and answers it so. */
async function push(
  script: {
    answer?: Record<string, unknown>;
    status?: number;
    offered?: boolean;
    metadata?: Record<string, unknown>;
  } = {},
  definition: Partial<OAuth2Definition> = {},
  options: AttemptOptions = {},
) {
  const { answer = { request_uri: uri, expires_in: 60 }, status = 201, offered = true } = script;
  let pushed: Hit | undefined;
  idp.script = {
    metadata: (truth) => ({
      ...truth,
      ...(offered ? { pushed_authorization_request_endpoint: `${idp.issuer}/par` } : {}),
      ...script.metadata,
    }),
    routes: {
      '/par': (hit, response) => {
        pushed = hit;
        json(response, status, answer);
      },
    },
  };
  const attempt = await attemptSignIn(idp, {
    definition,
    browse: (url) => {
      const carried = new URL(url).searchParams;
      const form = carried.has('request_uri') ? pushed?.form : carried;
      return followRedirect(idp.authorize(`${idp.issuer}/authorize?${form?.toString() ?? ''}`));
    },
    ...options,
  });
  return { ...attempt, pushed, carried: new URL(attempt.bench.opened[0] ?? 'https://none.example').searchParams };
}

describe('a pushed request', () => {
  it('leaves the browser nothing to carry but its name', async () => {
    const { session, carried, pushed, trace } = await push(
      {},
      { resource: ['https://a.example', 'https://b.example'] },
    );
    expect(session).toBeDefined();
    expect(Object.fromEntries(carried)).toEqual({ client_id: 'cli', request_uri: uri });
    expect(pushed?.form.get('code_challenge_method')).toBe('S256');
    expect(pushed?.form.getAll('resource')).toHaveLength(2);
    expect(pushed?.form.getAll('client_id')).toEqual(['cli']);
    expect(trace?.steps.map(({ id }) => id).slice(2, 5)).toEqual([
      'client-authentication',
      'pushed-request',
      'authorization-request',
    ]);
  });
  it('asks for consent with offline_access, unless the definition says otherwise', async () => {
    const scope = 'openid offline_access';
    expect((await push({}, { scope })).pushed?.form.get('prompt')).toBe('consent');
    expect((await push({}, { scope, prompt: 'login' })).pushed?.form.get('prompt')).toBe('login');
    expect((await push({}, { scope: 'openid' })).pushed?.form.has('prompt')).toBe(false);
  });
  it('is left out where nobody offers it', async () => {
    const { session, carried } = await push({ offered: false });
    expect(session).toBeDefined();
    expect(carried.get('state')).toHaveLength(43);
  });
  it('is done without, with a warning, when it was offered and is not there', async () => {
    const { session, carried, trace } = await push({ status: 404, answer: {} });
    expect(session).toBeDefined();
    expect(carried.has('request_uri')).toBe(false);
    expect(trace?.steps.find(({ id }) => id === 'pushed-request')?.outcome).toBe('warning');
  });
  const required: [string, Record<string, unknown>, Partial<OAuth2Definition>][] = [
    ['the provider', { require_pushed_authorization_requests: true }, {}],
    ['the definition', {}, { require_pushed_authorization_requests: true }],
  ];
  for (const [who, metadata, definition] of required) {
    it(`H32 is not done without when ${who} requires it`, async () => {
      for (const script of [{ offered: false }, { status: 404, answer: {} }, { status: 503, answer: {} }]) {
        const { session, bench, tokenRequests } = await push({ ...script, metadata }, definition);
        expect(session).toBeUndefined();
        expect(bench.opened).toEqual([]);
        expect(tokenRequests).toBe(0);
        idp.hits.length = 0;
      }
    });
  }
  it('H32 is never done without again after it has worked once', async () => {
    const { pins } = (await push()).bench;
    for (const script of [{ offered: false }, { status: 404, answer: {} }]) {
      const { error, bench } = await push(script, {}, { ports: { pins } });
      expect(error?.code).toMatch(/^CS-AUTH-(PUSHED|TOKEN|REFUSED)$/);
      expect(bench.opened).toEqual([]);
    }
  });
  it('H32 ends with the provider’s refusal, not with a weaker request', async () => {
    const { code, bench } = await push({ status: 400, answer: { error: 'invalid_scope' } });
    expect(code).toBe('CS-AUTH-SCOPE');
    expect(bench.opened).toEqual([]);
  });
  const lies: [string, Record<string, unknown>, number?][] = [
    ['javascript:', { request_uri: 'javascript:alert(1)', expires_in: 60 }],
    ['another host', { request_uri: 'https://evil.example/r', expires_in: 60 }],
    ['line breaks', { request_uri: 'urn:x:\r\ny', expires_in: 60 }],
    ['10 kB', { request_uri: `urn:x:${'a'.repeat(10_000)}`, expires_in: 60 }],
    ['no time', { request_uri: uri, expires_in: 0 }],
    ['a list', { request_uri: [uri], expires_in: 60 }],
    ['nothing', {}],
    ['200 instead of 201', { request_uri: uri, expires_in: 60 }, 200],
  ];
  for (const [what, answer, status] of lies) {
    it(`H32 ${what} opens nothing`, async () => {
      const { error, bench } = await push({ answer, ...(status === undefined ? {} : { status }) });
      expect(error?.code).toMatch(/^CS-AUTH-(PUSHED|TOKEN)$/);
      expect(bench.opened).toEqual([]);
      expect(bench.pins.entries.get([...bench.pins.entries.keys()][0] ?? '')).not.toHaveProperty(
        'pushed_authorization_request_used',
      );
    });
  }
});
