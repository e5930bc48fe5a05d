import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { toDeviceAnswer } from '../../src/oauth/device-answer.ts';
import { createBench, toCredential } from '../support/broker-bench.ts';
import { deviceGrant, scriptDevice } from '../support/device-script.ts';
import { ScriptedIdp } from '../support/scripted-idp.ts';
import { attemptSignIn } from '../support/sign-in-attempt.ts';

let idp: ScriptedIdp;
beforeAll(async () => {
  idp = await ScriptedIdp.start();
});
afterEach(() => idp.reset());
afterAll(() => idp.stop());

const truth = {
  device_code: 'dc',
  user_code: 'WDJB-MJHT',
  verification_uri: 'https://idp.example.com/device',
  expires_in: 600,
  interval: 5,
};
const read = (change: Record<string, unknown>) =>
  toDeviceAnswer(JSON.stringify({ ...truth, ...change }), 'idp.example.com', 0, () => undefined).answer;

describe('H29 a device answer that lies', () => {
  const refused: unknown[] = [
    'javascript:alert(1)',
    'http://idp.example.com/device',
    'data:text/html,x',
    'command:workbench.action.terminal.new',
    'vscode://evil/run',
    'https://user:pass@idp.example.com/',
    'file:///etc/passwd',
    '//evil.example',
    17,
    null,
  ];
  for (const verification_uri of refused) {
    it(`H29 verification_uri ${JSON.stringify(verification_uri)} is refused`, () => {
      expect(() => read({ verification_uri })).toThrow('verification_uri');
    });
  }
  it('H29 nothing is shown, opened or polled after such an answer', async () => {
    scriptDevice(idp, { verification_uri: 'javascript:alert(1)' }, ['token']);
    const attempt = await attemptSignIn(idp, { definition: deviceGrant });
    expect(attempt.code).toBe('CS-AUTH-ENDPOINT');
    expect(attempt.bench.codes).toEqual([]);
    expect(attempt.bench.opened).toEqual([]);
    expect(attempt.tokenRequests).toBe(0);
  });
  it('H29 a look-alike host is shown in punycode', () => {
    expect(read({ verification_uri: 'https://idp.exаmple.com/device' }).verificationUri).toBe(
      'https://idp.xn--exmple-4nf.com/device',
    );
  });
  it('H29 a plain page is taken on this machine only', () => {
    expect(read({ verification_uri: 'http://127.0.0.1:8080/device' }).verificationUri).toContain('127.0.0.1');
  });
  for (const complete of ['javascript:alert(1)', 'https://evil.example/?c=1', 'http://idp.example.com/x', 5]) {
    it(`H29 verification_uri_complete ${JSON.stringify(complete)} is not used`, () => {
      const answer = read({ verification_uri_complete: complete });
      expect(answer.verificationUriComplete).toBeUndefined();
      expect(answer.warnings).toHaveLength(1);
    });
  }
  const times: [Record<string, unknown>, number, number][] = [
    [{ interval: 1e9, expires_in: 1e12 }, 60_000, 1_800_000],
    [{ interval: 0, expires_in: 0 }, 1000, 1000],
    [{ interval: -5, expires_in: -1 }, 1000, 1000],
    [{ interval: 'soon', expires_in: null }, 5000, 1_800_000],
    [{ interval: undefined, expires_in: undefined }, 5000, 1_800_000],
    [{ interval: 1e308, expires_in: 1e308 }, 60_000, 1_800_000],
    [{ interval: '5', expires_in: '600' }, 5000, 600_000],
  ];
  for (const [change, intervalMs, expiresAt] of times) {
    it(`H29 ${JSON.stringify(change)} is clamped`, () => expect(read(change)).toMatchObject({ intervalMs, expiresAt }));
  }
  it('H29 a user code is inert text of forty characters', () => {
    expect(read({ user_code: '<b>A</b>\u202e\u0007](command:x)\r\nX' }).userCode).toBe('<b>A</b> ] (command:x) X');
    expect([...read({ user_code: 'A'.repeat(10_000) }).userCode]).toHaveLength(40);
    expect(() => read({ user_code: '\u200b' })).toThrow('no usable device code');
    expect(() => read({ device_code: 'a\r\nb' })).toThrow('no usable device code');
  });
  it('H29 a storm of slow_down makes the polls ever rarer', async () => {
    scriptDevice(idp, {}, ['slow_down']);
    let shift = 0;
    const waits: number[] = [];
    const attempt = await attemptSignIn(idp, {
      definition: deviceGrant,
      ports: {
        clock: { now: () => Date.now() + shift },
        delay: async (ms) => {
          waits.push(ms);
          shift += ms;
        },
      },
    });
    expect(attempt.code).toBe('CS-AUTH-EXPIRED');
    expect(waits.slice(0, 4)).toEqual([5000, 10_000, 15_000, 20_000]);
    expect(attempt.tokenRequests).toBeLessThan(20);
  });
  it('H29 cancelling ends it in the middle of a wait', async () => {
    scriptDevice(idp, { interval: 60 }, ['authorization_pending']);
    const attempt = await attemptSignIn(idp, { definition: deviceGrant, ports: { enter: (code) => code.cancel() } });
    expect(attempt.code).toBe('CS-AUTH-CANCELLED');
    expect(attempt.tokenRequests).toBe(0);
    expect(attempt.bench.codes[0]?.shown).toBe(false);
  });
});

describe('H30 a sign-in that nobody started', () => {
  it('H30 never begins without a person', async () => {
    scriptDevice(idp, {}, ['token']);
    const { broker, codes } = createBench({ fetch: idp.fetch });
    const credential = toCredential({ issuer: idp.issuer, ...deviceGrant });
    await expect(broker.acquire(credential, { interactive: false })).rejects.toMatchObject({
      code: 'CS-AUTH-SIGN-IN-NEEDED',
    });
    expect(codes).toEqual([]);
    expect(idp.hits).toEqual([]);
  });
  it('H30 says who asks for what, and opens nothing by itself', async () => {
    scriptDevice(idp, {}, ['token']);
    const definition = { ...deviceGrant, client_id: 'somebody-else', scope: 'orders.read admin' };
    const { bench } = await attemptSignIn(idp, { definition, ports: { delay: async () => undefined } });
    expect(bench.codes[0]?.code).toMatchObject({
      clientId: 'somebody-else',
      scope: 'orders.read admin',
      issuerHost: new URL(idp.issuer).host,
    });
    expect(bench.opened).toEqual([]);
  });
});
