/** A TLS exception works where nobody looks: before a redirect, or while signing in (design.md E2.4, auth.md §6). */
import { describe, expect, it } from 'vitest';
import { toFetch } from '../../src/http/fetch-adapter.ts';
import type { HttpClient, TlsException } from '../../src/http/types.ts';
import { toCappedFetch } from '../../src/oauth/capped-fetch.ts';
import { TraceRecorder } from '../../src/oauth/trace.ts';
import { toExceptionsInForce } from '../../src/run/exceptions-in-force.ts';
import type { RunResult } from '../../src/run/types.ts';
import { toResponseModel } from '../../src/vscode/response-panel/to-response-model.ts';
import { exchange, failedTrace, hop, now, result, tls } from '../webview/harness/results.ts';

const any: TlsException = { kind: 'any', origin: 'https://first.example', expires: now + 1000 };
const pin: TlsException = { kind: 'pin', origin: 'https://idp.example', fingerprint256: 'AA', expires: now + 1000 };
const hops = [hop({ url: 'https://first.example/', tls: { ...tls, exception: any } }), hop({ why: 'redirect 302' })];

function modelOf(run: RunResult) {
  const facts = { runId: run.id, title: 'x', method: 'GET', target: ['/'], url: undefined, durationMs: 1, now };
  return toResponseModel(run, { kind: 'none' } as never, facts, () => []);
}

describe('a TLS exception stays in sight', () => {
  it('on a hop before the last one', () => {
    const model = modelOf(result({ exchange: exchange('x', { hops }) }));
    expect(model.security?.exception).toBeUndefined();
    expect(model.exceptions).toEqual([any]);
    expect(model.hops.map((each) => each.exception)).toEqual([any, undefined]);
  });
  it('of a sign-in', () => {
    const trace = {
      ...failedTrace,
      steps: failedTrace.steps.map((step, i) => (i === 1 ? { ...step, exception: pin } : step)),
    };
    expect(toExceptionsInForce(result({ exchange: exchange('x'), trace }))).toEqual([pin]);
  });
  it('once, however many hops it touched', () => {
    const twice = [hops[0], hops[0], hops[1]].filter((each) => each !== undefined);
    expect(toExceptionsInForce(result({ exchange: exchange('x', { hops: twice }) }))).toEqual([any]);
  });
  it('is none without one', () => expect(modelOf(result({ exchange: exchange('x') })).exceptions).toBeUndefined());

  it('in the step of the sign-in that it touched', async () => {
    const client = {
      send: async () => exchange('{}', { tls: { ...tls, exception: pin } }),
    } as unknown as HttpClient;
    const trace = new TraceRecorder(
      { credential: 'o', grant: 'client_credentials', plan: [] },
      { now: () => now },
      (text) => text,
    );
    const policy = { ca: [], useSystemStore: false, exceptionFor: () => pin };
    const fetch = toCappedFetch(toFetch(client, { tls: policy, proxy: () => undefined }), {
      maxBytes: 1000,
      deadlineMs: 1000,
      onExchange: (each) => trace.exchange(each),
    });
    await trace.step('token', () =>
      fetch('https://idp.example/token', { method: 'POST', headers: {}, redirect: 'manual' }),
    );
    expect(trace.snapshot().steps[0]).toMatchObject({
      exception: pin,
      detail: 'TLS exception in force for https://idp.example',
    });
  });
});
