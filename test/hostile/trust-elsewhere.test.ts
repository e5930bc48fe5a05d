/**
 * A server somewhere on the way shows a certificate of its own, so that the person trusts it for the address they asked
 * for (auth.md §6, design.md D7.1).
 */
import { describe, expect, it } from 'vitest';
import { CountersignError } from '../../src/errors/countersign-error.ts';
import type { RunResult } from '../../src/run/types.ts';
import { toRefusedCertificate } from '../../src/vscode/response-panel/refused-certificate.ts';
import { toResponseModel } from '../../src/vscode/response-panel/to-response-model.ts';
import { chain, failedTrace, now, result } from '../webview/harness/results.ts';

function refusal(facts: Record<string, unknown>): CountersignError {
  return new CountersignError('CS-TLS-SELF-SIGNED', 'The certificate of evil.example is its own issuer.', { facts });
}

function modelOf(run: RunResult) {
  const url = new URL('https://api.good.example/orders');
  const facts = { runId: run.id, title: 'listOrders', method: 'GET', target: ['/orders'], url, durationMs: 29, now };
  return toResponseModel(run, { kind: 'none' } as never, facts, () => []);
}

describe('trust is offered for the server that showed the certificate', () => {
  it('names a redirect’s target, not the address that was asked for', () => {
    const run = result({ error: refusal({ chain, origin: 'https://evil.example:8443' }) });
    expect(modelOf(run).security).toMatchObject({ origin: 'https://evil.example:8443', host: 'evil.example:8443' });
  });
  for (const [what, facts] of Object.entries({
    'the origin is not known': { chain },
    'the origin is no origin': { chain, origin: 'https://evil.example/path' },
    'the chain is empty': { chain: [], origin: 'https://evil.example' },
    'there is no chain': { origin: 'https://evil.example' },
  })) {
    it(`is not on offer when ${what}`, () => {
      const run = result({ error: refusal(facts) });
      expect(toRefusedCertificate(run)).toBeUndefined();
      expect(modelOf(run).security).toBeUndefined();
    });
  }
  it('is not on offer for another kind of error', () => {
    const error = new CountersignError('CS-NET-REFUSED', 'x', { facts: { chain, origin: 'https://evil.example' } });
    expect(toRefusedCertificate(result({ error }))).toBeUndefined();
  });
  it('says that it is the identity provider’s', () => {
    const error = refusal({ chain, origin: 'https://idp.example' });
    const trace = { ...failedTrace, code: 'CS-TLS-SELF-SIGNED', startedAt: now + 1 };
    const during = { startedAt: now, error, trace };
    expect(toRefusedCertificate(during)?.signIn).toBe(true);
    expect(toRefusedCertificate({ ...during, trace: { ...trace, startedAt: now - 1 } })?.signIn).toBe(false);
    expect(toRefusedCertificate({ ...during, trace: undefined })?.signIn).toBe(false);
    expect(toRefusedCertificate({ ...during, trace: { ...trace, code: 'CS-AUTH-CLIENT' } })?.signIn).toBe(false);
  });
});
