/** A sign-in that cannot reach its provider says so, and does not speak of the API. */
import { describe, expect, it } from 'vitest';
import { errorCatalog, type ErrorCode } from '../../../src/errors/catalog.ts';
import { CountersignError } from '../../../src/errors/countersign-error.ts';
import { toSignInError } from '../../../src/oauth/sign-in-error.ts';
import { createBench, toCredential } from '../../support/broker-bench.ts';

const context = {
  credential: 'orders',
  step: 'token',
  host: 'idp.example',
  definition: toCredential({}).definition,
  now: 0,
} as const;
const of = (code: ErrorCode, facts = {}) =>
  toSignInError(new Error('wrapped', { cause: new CountersignError(code, 'x', { facts }) }), context);

describe('a provider that cannot be reached', () => {
  for (const code of [
    'CS-NET-DNS',
    'CS-NET-REFUSED',
    'CS-NET-TIMEOUT',
    'CS-NET-RESET',
    'CS-NET-UNREACHABLE',
  ] as const) {
    it(`${code} names it in the next step`, () => {
      const error = of(code, { host: '127.0.0.2:8444' });
      expect(error).toMatchObject({ code, message: 'x', facts: { host: '127.0.0.2:8444', step: 'token' } });
      expect(error.facts['likely']).toMatch(/^Most likely: /);
      expect(error.next).toMatch(/^127\.0\.0\.2:8444 is the identity provider: /);
      expect(error.next.split(/\s+/).length).toBeLessThanOrEqual(20);
    });
  }
  it('takes the host of the sign-in when the error names none', () =>
    expect(of('CS-NET-REFUSED').next).toMatch(/^idp\.example is the identity provider: /));
  it('leaves other advice as it is', () => {
    for (const code of ['CS-NET-PROXY', 'CS-NET-CANCELLED', 'CS-TLS-EXPIRED'] as const)
      expect(of(code).next).toBe(errorCatalog[code].next);
  });
  it('says so at the end of a real attempt', async () => {
    const refused = new CountersignError('CS-NET-REFUSED', 'Nothing answers at 127.0.0.1:1.', {
      facts: { host: '127.0.0.1:1' },
    });
    const { broker } = createBench({ fetch: () => Promise.reject(new TypeError('fetch', { cause: refused })) });
    const credential = toCredential({ issuer: 'https://127.0.0.1:1' });
    await expect(broker.acquire(credential, { interactive: true })).rejects.toMatchObject({
      code: 'CS-NET-REFUSED',
      next: '127.0.0.1:1 is the identity provider: see that it runs, or change the issuer in the definition.',
    });
    expect(broker.trace('orders')?.next).toMatch(/^127\.0\.0\.1:1 is the identity provider/);
  });
});
