/** The text of a trace: what a person learns from it alone, what a bug report may hold, and what a comparison shows. */
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { toComparableText, toTraceText } from '../../../src/oauth/trace-text.ts';
import type { Trace, TraceStep } from '../../../src/oauth/types.ts';
import { createBench, toCredential } from '../../support/broker-bench.ts';
import { plants, World, type Plant } from '../../support/planted-failures.ts';
import { json } from '../../support/scripted-idp.ts';
import { attemptSignIn } from '../../support/sign-in-attempt.ts';

let world: World;
beforeAll(async () => {
  world = await World.start();
});
afterEach(() => world.reset());
afterAll(() => world.stop());

const step = (trace: Trace | undefined, id: string): TraceStep => {
  const found = trace?.steps.find((one) => one.id === id);
  if (!found) throw new Error(`no step ${id}`);
  return found;
};

/** What is broken, by its cause, and what a person has to be able to say after reading the text and nothing else. */
const ten: readonly (readonly [id: string, answer: RegExp])[] = [
  ['redirect-mismatch', /Register http:\/\/127\.0\.0\.1\/cb there, or set redirect_port and redirect_path/],
  ['secret-encoding', /client_secret_basic_raw/],
  ['clock-skew', /differ by 2 h[\s\S]*Set the clock of this machine/],
  ['scope-not-registered', /Asked for: openid orders\.read[\s\S]*Check the scope/],
  ['client-unknown', /Check client_id and issuer/],
  ['grant-disabled', /Allow authorization_code for the client/],
  ['mtls-missing', /Set token_endpoint_auth_method to tls_client_auth/],
  ['par-required', /Set require_pushed_authorization_requests to true/],
  ['proxy-answered', /Check the proxy of this machine/],
  ['port-taken', /End the other program, or change redirect_port/],
];

describe('a person who reads the text alone can say what to fix', () => {
  for (const [id, answer] of ten) {
    it(id, async () => {
      const { trace, error } = await (plants[id] as Plant).run(world);
      const text = toTraceText(trace as Trace, { madeBy: 'Countersign 1.2.3' });
      const head = text.slice(0, text.indexOf('\n1. '));
      expect(head).toMatch(answer);
      expect(head).toContain(`· failed · ${error?.code}`);
      expect(head).toContain(`What happened: ${error?.message}`);
      expect(head).toContain(`Cause: ${id} (docs/causes.md)`);
      const failing = /^\d+\. ✗ .*$/gm.exec(text)?.[0];
      expect(failing).toBeDefined();
      // What was asked and answered stands below the step that failed.
      if (!['port-taken', 'scope-not-registered', 'par-required', 'clock-skew'].includes(id)) {
        expect(text.slice(text.indexOf(failing as string))).toMatch(
          / {3}> POST https:\S+ HTTP\/1\.1[\s\S]* {3}< HTTP\/1\.1 4\d\d/,
        );
      }
      expect(text).not.toMatch(/plainsecret|p\+a\/s-s|undefined|\[object/);
    });
  }
});

describe('a trace', () => {
  it('shows each request as HTTP, with the rule, the time and what it went over', async () => {
    const { trace, bench, session } = await attemptSignIn(world.idp);
    expect(session).toBeDefined();
    for (const one of trace?.steps ?? []) {
      if (one.request === undefined) continue;
      if (one.exchangeMs === undefined) {
        expect(one.connection).toMatch(/browser/);
        continue;
      }
      expect(one.rule?.url).toMatch(/^https:\/\//);
      expect(one.request).toMatch(/^(GET|POST) https:\/\/\S+ HTTP\/1\.1\n/);
      expect(one.response).toMatch(/^HTTP\/1\.1 200 OK\n/);
      expect(one.connection).toMatch(
        /^HTTP\/1\.1 · TLSv1\.3 · TLS_\w+ · certificate of localhost by .+, until \d{4}-\d\d-\d\d/,
      );
      expect(one.exchangeMs).toBeGreaterThan(0);
    }
    const { request } = step(trace, 'token');
    expect(request).toContain('\n&grant_type=authorization_code\n&');
    expect(step(trace, 'authorization-request').request).toMatch(
      /^GET https:\S+\/authorize\n {4}\?response_type=code\n {4}&client_id=cli\n[\s\S]* HTTP\/1\.1$/,
    );
    expect(step(trace, 'redirect').request).toMatch(/^GET http:\/\/127\.0\.0\.1:\d+\/cb\n? *\?code=••••/);
    expect(request).toContain('&code_verifier=••••');
    const text = toTraceText(trace as Trace);
    for (const secret of bench.seen) expect(text).not.toContain(secret);
    expect(bench.seen.size).toBeGreaterThan(4);
  });
  it('is kept of refreshes and revocations too, newest first', async () => {
    const { bench } = await attemptSignIn(world.idp);
    const credential = toCredential({ issuer: world.idp.issuer, scope: 'openid orders.read' });
    await bench.broker.refresh(credential, {});
    expect(step(bench.broker.trace('orders'), 'refresh').request).toContain('&grant_type=refresh_token');
    await bench.broker.signOut(credential);
    const revocation = step(bench.broker.trace('orders'), 'revocation');
    expect(revocation.earlier).toHaveLength(1);
    expect(revocation.earlier?.[0]?.request).toContain('token_type_hint=refresh_token');
    expect(revocation.request).toContain('token_type_hint=access_token');
    expect(bench.broker.traces().map(({ grant }) => grant)).toEqual([
      'revocation',
      'refresh_token',
      'authorization_code',
    ]);
  });
  it('keeps the last twenty', async () => {
    const bench = createBench({ fetch: world.idp.fetch, secret: world.idp.secret });
    for (let round = 0; round < 22; round += 1) {
      const name = `c${String(round)}`;
      const credential = toCredential({ issuer: world.idp.issuer, grant: 'client_credentials' }, name);
      await bench.broker.acquire(credential, { interactive: false });
    }
    expect(bench.broker.traces()).toHaveLength(20);
    expect(bench.broker.trace('c1')).toBeUndefined();
    expect(bench.broker.traces()[0]?.credential).toBe('c21');
  });
  it('shows what came before the last answer of a step', async () => {
    let turn = 0;
    world.idp.script.routes = {
      '/token': (_hit, response) => {
        turn += 1;
        if (turn === 1) return json(response, 400, { error: 'use_dpop_nonce' }, { 'dpop-nonce': 'n-1' });
        return json(response, 200, { access_token: 'at', token_type: 'DPoP', expires_in: 60 });
      },
    };
    const { trace } = await attemptSignIn(world.idp, {
      definition: { grant: 'client_credentials', dpop_bound_access_tokens: true, scope: 'orders.read' },
      ports: { secret: world.idp.secret },
    });
    const { earlier, response } = step(trace, 'client-token');
    expect(earlier).toHaveLength(1);
    expect(earlier?.[0]?.response).toMatch(/^HTTP\/1\.1 400 Bad Request\n[\s\S]*dpop-nonce: n-1/);
    expect(response).toMatch(/^HTTP\/1\.1 200 OK/);
    expect(toTraceText(trace as Trace)).toMatch(/use_dpop_nonce[\s\S]*HTTP\/1\.1 200 OK/);
  });
});

describe('two traces side by side', () => {
  const comparable = async (): Promise<string> => {
    const { trace } = await attemptSignIn(world.idp);
    return toComparableText(toTraceText(trace as Trace));
  };
  it('are the same text when nothing differs but time and chance', async () => {
    const first = await comparable();
    await new Promise((resolve) => setTimeout(resolve, 1100));
    expect(await comparable()).toBe(first);
    expect(first).toContain('state=‹id›');
    expect(first).toContain('· ok');
  });
  it('differ where the sign-ins differ', async () => {
    const good = (await comparable()).split('\n');
    world.idp.script.answer = (truth) => ({ ...truth, scope: 'openid' });
    const other = (await comparable()).split('\n');
    const changed = other.filter((line) => !good.includes(line));
    expect(changed.join('\n')).toContain('not granted: orders.read');
    expect(changed.join('\n')).toContain('"scope": "openid"');
    expect(changed.length).toBeLessThanOrEqual(4);
  });
  it('leaves words, claims and addresses as they are', () => {
    const text =
      '   > scope=openid+orders.read\n   < "error_description": "redirect_uri does not match"\n   HS256 fapi2';
    expect(toComparableText(text)).toBe(text);
  });
});
