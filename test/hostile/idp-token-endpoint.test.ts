/** H11–H17: token endpoints that answer with anything but a token answer. */
import { gzipSync } from 'node:zlib';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { json, ScriptedIdp, type Script } from '../support/scripted-idp.ts';
import { attemptSignIn, type Attempt } from '../support/sign-in-attempt.ts';

let idp: ScriptedIdp;
let elsewhere: ScriptedIdp;
beforeAll(async () => {
  [idp, elsewhere] = await Promise.all([ScriptedIdp.start(), ScriptedIdp.start()]);
});
afterEach(() => {
  idp.reset();
  elsewhere.reset();
});
afterAll(() => Promise.all([idp.stop(), elsewhere.stop()]));

const limits = { requestMs: 1500 };

async function check(script: Script, expected: string, definition = {}): Promise<Attempt> {
  idp.script = script;
  const attempt = await attemptSignIn(idp, { ports: { limits }, definition });
  expect(attempt.code).toBe(expected);
  expect(attempt.bench.sessions.entries.size).toBe(0);
  expect(attempt.page?.text).toContain('Not signed in');
  return attempt;
}

/** A body as it is. */
const body = (content: string | Buffer, headers: Record<string, string> = {}, status = 200): Script => ({
  routes: {
    '/token': (_hit, response) =>
      void response.writeHead(status, { 'content-type': 'application/json', ...headers }).end(content),
  },
});
const answer = (change: Record<string, unknown>): Script => ({
  answer: (truth) => JSON.parse(JSON.stringify({ ...truth, ...change })) as Record<string, unknown>,
});

describe('token endpoint', () => {
  it('H11 names a page as a page', async () => {
    const { error } = await check(body('<html>hello', { 'content-type': 'text/html' }), 'CS-AUTH-TOKEN');
    expect(error?.message).toContain('web page');
  });
  it('H11 refuses an empty answer', () => check(body(''), 'CS-AUTH-TOKEN'));
  it('H11 refuses an array', () => check(body('[]'), 'CS-AUTH-TOKEN'));
  it('H11 refuses null', () => check(body('null'), 'CS-AUTH-TOKEN'));
  it('H11 refuses what is not UTF-8', () =>
    check(body(Buffer.from('{"access_token":"\xff","token_type":"bearer"}', 'latin1')), 'CS-AUTH-TOKEN'));
  it('H11 stops at a gzip bomb', () =>
    check(body(gzipSync(Buffer.alloc(32 * 1024 * 1024, 0x20)), { 'content-encoding': 'gzip' }), 'CS-BODY-TOO-LARGE'));
  it('H11 reads at most a MiB of an endless answer', async () => {
    let sent = 0;
    const { error } = await check(
      {
        routes: {
          '/token': async (_hit, response) => {
            response.writeHead(200, { 'content-type': 'application/json' });
            const chunk = Buffer.alloc(64 * 1024, 0x20);
            while (!response.destroyed && sent < 512) {
              sent += 1;
              response.write(chunk);
              await new Promise((resolve) => setTimeout(resolve, 1));
            }
            response.end();
          },
        },
      },
      'CS-BODY-TOO-LARGE',
    );
    expect(error?.message).toMatch(/larger than/);
    expect(sent).toBeLessThan(512);
  });
  it('H11 ends a dripping answer at the deadline', () =>
    check(
      {
        routes: {
          '/token': (_hit, response) => {
            response.writeHead(200, { 'content-type': 'application/json' }).write('{');
            const drip = setInterval(() => response.write(' '), 50);
            response.on('close', () => clearInterval(drip));
          },
        },
      },
      'CS-NET-TIMEOUT',
    ));

  for (const status of [302, 307]) {
    it(`H12 does not follow ${status} from the token endpoint`, async () => {
      const { error } = await check(body('', { location: `${elsewhere.issuer}/token` }, status), 'CS-AUTH-TOKEN');
      expect(error?.message).toContain('redirects');
      expect(elsewhere.hits).toEqual([]);
    });
  }

  for (const status of [500, 503, 429]) {
    it(`H13 gives up on ${status} after one request`, async () => {
      const attempt = await check(body('', { 'retry-after': '99999999' }, status), 'CS-AUTH-UNREACHABLE');
      expect(attempt.tokenRequests).toBe(1);
    });
  }

  const expiries: [given: unknown, seconds: number | undefined][] = [
    [0, undefined],
    [-1, undefined],
    [1e308, 365 * 24 * 3600],
    ['3600', 3600],
    ['NaN', undefined],
    [null, undefined],
    [undefined, undefined],
    [3600.9, 3600],
  ];
  for (const [given, seconds] of expiries) {
    it(`H14 takes expires_in ${JSON.stringify(given)} as ${seconds ?? 'unknown'}`, async () => {
      idp.script = answer({ expires_in: given });
      const { session } = await attemptSignIn(idp);
      expect(session?.expiresAt === undefined ? undefined : session.expiresAt - session.obtainedAt).toBe(
        seconds === undefined ? undefined : seconds * 1000,
      );
      expect(session).toBeDefined();
    });
  }

  it('H15 refuses a missing token_type', () => check(answer({ token_type: undefined }), 'CS-AUTH-TOKEN'));
  it('H15 refuses token_type mac', () => check(answer({ token_type: 'mac' }), 'CS-AUTH-TOKEN'));
  it('H15 refuses token_type N_A', () => check(answer({ token_type: 'N_A' }), 'CS-AUTH-TOKEN'));
  it('H15 takes BEARER, and a missing one by quirk', async () => {
    idp.script = answer({ token_type: 'BEARER' });
    expect((await attemptSignIn(idp)).session?.tokenType).toBe('Bearer');
    idp.script = answer({ token_type: undefined });
    const { session } = await attemptSignIn(idp, { definition: { quirks: ['missing_token_type'] } });
    expect(session?.tokenType).toBe('Bearer');
  });

  const tokens: Record<string, unknown> = {
    'line breaks': 'abc\r\nX-Evil: 1',
    spaces: 'abc def',
    'other letters': 'abcé',
    'a NUL': 'abc\u0000',
    'a length without reason': 'x'.repeat(100_000),
    'an object for a value': { a: 1 },
  };
  for (const [what, token] of Object.entries(tokens)) {
    it(`H16 refuses an access token with ${what}`, async () => {
      const { error } = await check(answer({ access_token: token }), 'CS-AUTH-TOKEN');
      expect(JSON.stringify([error?.message, error?.next, error?.facts])).not.toContain('X-Evil');
    });
  }
  it('H16 refuses a refresh token with line breaks', () => check(answer({ refresh_token: 'a\nb' }), 'CS-AUTH-TOKEN'));

  it('H17 records a scope that is wider, and warns', async () => {
    idp.script = answer({ scope: 'openid orders.read admin' });
    const { session, trace } = await attemptSignIn(idp);
    expect(session?.scope).toEqual(['openid', 'orders.read', 'admin']);
    expect(trace?.steps.find((step) => step.id === 'token')).toMatchObject({ outcome: 'warning' });
    expect(JSON.stringify(trace)).toContain('not asked for: admin');
  });
  it('H17 records a scope that is narrower', async () => {
    idp.script = answer({ scope: 'openid' });
    const { session, trace } = await attemptSignIn(idp);
    expect(session?.scope).toEqual(['openid']);
    expect(session?.requestedScope).toEqual(['openid', 'orders.read']);
    expect(JSON.stringify(trace)).toContain('not granted: orders.read');
  });
  it('H17 reads a list with commas', async () => {
    idp.script = answer({ scope: 'openid,orders.read' });
    expect((await attemptSignIn(idp)).session?.scope).toEqual(['openid', 'orders.read']);
  });
  it('H17 takes scope null only by quirk', async () => {
    await check(answer({ scope: null }), 'CS-AUTH-TOKEN');
    const { session } = await attemptSignIn(idp, { definition: { quirks: ['null_scope'] } });
    expect(session?.scope).toEqual(['openid', 'orders.read']);
  });
  it('H11 sees an error that comes with status 200', async () => {
    await check(
      { routes: { '/token': (_hit, response) => json(response, 200, { error: 'invalid_scope' }) } },
      'CS-AUTH-SCOPE',
    );
  });
});
