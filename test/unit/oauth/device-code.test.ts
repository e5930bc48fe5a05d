import { readFileSync } from 'node:fs';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { toDeviceText } from '../../../src/cli/adapters/terminal-device.ts';
import { createBench, toCredential } from '../../support/broker-bench.ts';
import { deviceGrant, scriptDevice } from '../../support/device-script.ts';
import { createHttpsFetch } from '../../support/https-fetch.ts';
import { startPlayground } from '../../support/playground.ts';
import { ScriptedIdp } from '../../support/scripted-idp.ts';
import { attemptSignIn } from '../../support/sign-in-attempt.ts';
import { allowSteps, FormBrowser } from '../../support/sign-in-by-forms.ts';

let idp: ScriptedIdp;
beforeAll(async () => {
  idp = await ScriptedIdp.start();
});
afterEach(() => idp.reset());
afterAll(() => idp.stop());

/** Waits that pass at once, and are kept. */
function recordDelays() {
  const waits: number[] = [];
  return { waits, delay: async (ms: number) => void waits.push(ms) };
}

describe('device_code', () => {
  it('waits before every poll, longer after slow_down, and shows the code meanwhile', async () => {
    scriptDevice(idp, {}, ['authorization_pending', 'slow_down', 'slow_down', 'authorization_pending', 'token']);
    const { waits, delay } = recordDelays();
    const { session, bench, trace } = await attemptSignIn(idp, { definition: deviceGrant, ports: { delay } });
    expect(session?.accessToken.reveal()).toBe('at-device');
    expect(waits).toEqual([5000, 5000, 10_000, 15_000, 15_000]);
    expect(bench.codes).toMatchObject([
      { shown: false, code: { userCode: 'WDJB-MJHT', clientId: 'cli', scope: 'orders.read', origin: idp.issuer } },
    ]);
    expect(bench.opened).toEqual([]);
    expect(trace?.steps.map((step) => `${step.id} ${step.outcome}`)).toEqual([
      'definition ok',
      'discovery ok',
      'client-authentication ok',
      'device-code ok',
      'device-token ok',
      'store ok',
    ]);
    expect(JSON.stringify(trace)).not.toContain('device-code-1');
    expect(bench.seen.has('device-code-1')).toBe(true);
  });

  it('takes numbers that came as text, and verification_url', async () => {
    const page = `${idp.issuer}/enter`;
    scriptDevice(idp, { interval: '7', expires_in: '60', verification_uri: undefined, verification_url: page }, [
      'token',
    ]);
    const { waits, delay } = recordDelays();
    const { session, bench } = await attemptSignIn(idp, { definition: deviceGrant, ports: { delay } });
    expect(session).toBeDefined();
    expect(waits).toEqual([7000]);
    expect(bench.codes[0]?.code.verificationUri).toBe(page);
  });

  const ends: [string, string][] = [
    ['expired_token', 'CS-AUTH-EXPIRED'],
    ['access_denied', 'CS-AUTH-DENIED'],
    ['invalid_grant', 'CS-AUTH-CODE'],
    ['unauthorized_client', 'CS-AUTH-GRANT'],
  ];
  for (const [error, code] of ends) {
    it(`${error} ends it with ${code}`, async () => {
      scriptDevice(idp, {}, ['authorization_pending', error]);
      const attempt = await attemptSignIn(idp, { definition: deviceGrant, ports: recordDelays() });
      expect(attempt.code).toBe(code);
      expect(attempt.tokenRequests).toBe(2);
      expect(attempt.bench.codes[0]?.shown).toBe(false);
    });
  }

  it('ends when the code has ended, whatever the server says', async () => {
    scriptDevice(idp, { expires_in: 10 }, ['authorization_pending']);
    let shift = 0;
    const clock = { now: () => Date.now() + shift };
    const delay = async (ms: number): Promise<void> => void (shift += ms);
    const attempt = await attemptSignIn(idp, { definition: deviceGrant, ports: { delay, clock } });
    expect(attempt.code).toBe('CS-AUTH-EXPIRED');
    expect(attempt.tokenRequests).toBe(1);
  });

  it('renews by the refresh token, without the person', async () => {
    scriptDevice(idp, {}, ['token']);
    const { bench } = await attemptSignIn(idp, { definition: deviceGrant, ports: recordDelays() });
    const credential = toCredential({ issuer: idp.issuer, ...deviceGrant });
    const session = bench.sessions.entries.get('orders');
    idp.script.routes = {};
    await expect(
      bench.broker.acquire(credential, { interactive: false, ...(session && { rejected: session.accessToken }) }),
    ).rejects.toMatchObject({ code: 'CS-AUTH-ENDED' });
    expect(idp.refreshes).toBe(1);
    expect(bench.codes).toHaveLength(1);
  });

  it('reads well at a terminal', () => {
    const text = toDeviceText({
      credential: 'orders',
      issuerHost: 'idp.example.com',
      clientId: 'cli',
      scope: 'orders.read',
      userCode: 'WDJB-MJHT',
      verificationUri: 'https://idp.example.com/device',
      origin: 'https://idp.example.com',
      expiresAt: 0,
      open: async () => true,
      cancel: () => undefined,
    });
    expect(text).toContain('1  Open   https://idp.example.com/device\n  2  Enter  WDJB-MJHT\n');
    expect(text).toContain('Only go on if you started this sign-in yourself.');
  });
});

it('signs in at the playground, the code entered by its forms', async () => {
  const playground = await startPlayground();
  try {
    const { info } = playground;
    const pages: string[] = [];
    const { broker } = createBench({
      fetch: createHttpsFetch(readFileSync(info.ca, 'utf8')),
      delay: () => new Promise((resolve) => setTimeout(resolve, 100)),
      enter: async (code) => {
        const walk = await new FormBrowser().walk(code.verificationUri, [
          { on: 'Connect a device', values: { user_code: code.userCode }, press: 'Go on' },
          { on: 'Is this the code?', press: 'Go on' },
          ...allowSteps(info.user),
        ]);
        pages.push(...walk.pages);
      },
    });
    const credential = toCredential({
      ...deviceGrant,
      issuer: info.issuer,
      client_id: info.clients.device.client_id,
      scope: 'openid profile orders.read',
      resource: info.api,
    });
    const session = await broker.acquire(credential, { interactive: true });
    expect(session.identity).toMatchObject({ label: 'Ada Lovelace', verified: true });
    expect(session.refreshToken).toBeDefined();
    expect(pages[0]).toBe('Connect a device');
  } finally {
    await playground.stop();
  }
}, 60_000);
