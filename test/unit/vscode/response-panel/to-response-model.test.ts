import { describe, expect, it } from 'vitest';
import { CountersignError } from '../../../../src/errors/countersign-error.ts';
import type { RunResult } from '../../../../src/run/types.ts';
import type { ResponseModel } from '../../../../src/response/model.ts';
import { plainText, type FindSecrets } from '../../../../src/response/shown-text.ts';
import { plain } from '../../../../src/variables/tracked.ts';
import { loadBodyModel, noBody } from '../../../../src/vscode/response-panel/to-body-model.ts';
import { toResponseModel, toTarget, toTitle } from '../../../../src/vscode/response-panel/to-response-model.ts';
import { withPhase } from '../../../../src/vscode/response-panel/run-steps.ts';
import { panelHtml } from '../../../../src/vscode/response-panel/panel-html.ts';
import { canary, chain, exchange, failedTrace, hop, now, result, tls } from '../../../webview/harness/results.ts';

const find: FindSecrets = (text) => {
  const spans = [];
  for (let at = text.indexOf(canary); at >= 0; at = text.indexOf(canary, at + 1)) {
    spans.push({ start: at, end: at + canary.length, label: 'orders access token' });
  }
  return spans;
};

async function modelOf(run: RunResult): Promise<ResponseModel> {
  const body = run.exchange ? (await loadBodyModel(run.exchange, 'GET')).model : noBody;
  const url = new URL('https://127.0.0.2:8443/orders');
  return toResponseModel(
    run,
    body,
    { runId: run.id, title: 'listOrders', method: 'GET', target: ['/orders'], url, durationMs: 29, now },
    find,
  );
}

const error = (
  code: ConstructorParameters<typeof CountersignError>[0],
  facts: Record<string, unknown> = {},
): CountersignError => new CountersignError(code, 'Something is the case.', { facts });

describe('the action of an error', () => {
  async function check(failure: CountersignError, action: string | undefined): Promise<void> {
    expect((await modelOf(result({ error: failure }))).error?.action).toBe(action);
  }
  it('is the catalogue’s', () => check(error('CS-AUTH-SECRET-MISSING'), 'Enter Secret…'));
  it('is what mends it, where that is known', () =>
    check(error('CS-AUTH-CLIENT', { fix: { title: 'Try client_secret_post' } }), 'Try client_secret_post'));
  it('copies a redirect only where there is one', async () => {
    await check(error('CS-AUTH-REDIRECT', { redirectUri: 'http://127.0.0.1:1/callback' }), 'Copy Redirect');
    await check(error('CS-AUTH-REDIRECT'), undefined);
  });
});

describe('how it went', () => {
  async function check(run: RunResult, outcome: unknown, title: string): Promise<void> {
    const model = await modelOf(run);
    expect(model.outcome).toEqual(outcome);
    expect(toTitle(model)).toBe(title);
  }
  it('is a status, a reason, or cancelled', async () => {
    const answered = (status: number, family: string): unknown => ({
      kind: 'response',
      status,
      statusText: 'X',
      family,
      broken: false,
    });
    await check(result({ exchange: exchange('a', { statusText: 'X' }) }), answered(200, 'ok'), 'listOrders · 200');
    await check(
      result({ exchange: exchange('a', { status: 404, statusText: 'X' }) }),
      answered(404, 'client'),
      'listOrders · 404',
    );
    await check(
      result({ exchange: exchange('a', { status: 302, statusText: 'X' }) }),
      answered(302, 'redirect'),
      'listOrders · 302',
    );
    await check(
      result({ exchange: exchange('a', { status: 599, statusText: 'X' }) }),
      answered(599, 'server'),
      'listOrders · 599',
    );
    const notSent = (reason: string, secretSent = false): unknown => ({ kind: 'not-sent', reason, secretSent });
    await check(result({ error: error('CS-TLS-EXPIRED') }), notSent('tls'), 'listOrders · not sent');
    await check(result({ error: error('CS-AUTH-CLIENT') }), notSent('sign-in'), 'listOrders · not sent');
    await check(
      result({ error: error('CS-NET-RESET'), secretSent: true }),
      notSent('transport', true),
      'listOrders · not sent',
    );
    await check(result({ error: error('CS-BIND-ORIGIN') }), notSent('binding'), 'listOrders · not sent');
    await check(result({ error: error('CS-NET-CANCELLED') }), { kind: 'cancelled' }, 'listOrders · cancelled');
    const partial = result({
      error: error('CS-NET-CANCELLED'),
      exchange: exchange('half', { statusText: 'X', bodyError: error('CS-NET-CANCELLED') }),
    });
    await check(partial, { kind: 'cancelled', status: 200, statusText: 'X' }, 'listOrders · cancelled');
  });
});

describe('a refusal of a request that nobody stood behind', () => {
  const challenge = ['www-authenticate', `Bearer realm="${canary}", scope="orders.read"`] as const;

  it('offers to set up a sign-in at the origin that answered, with the challenge', async () => {
    const model = await modelOf(
      result({ credential: undefined, exchange: exchange('', { status: 401, headers: [challenge] }) }),
    );
    expect(model.setUp?.origin).toBe('https://127.0.0.2:8443');
    expect(plainText(model.setUp?.challenge ?? [])).toContain('scope="orders.read"');
    expect(JSON.stringify(model)).not.toContain('canary');
  });

  it('and nothing of the kind otherwise', async () => {
    const none = { credential: undefined };
    const literal = { credential: { name: '', scheme: 'bearer', chosenBy: 'literal' as const } };
    for (const run of [
      result({ exchange: exchange('', { status: 401, headers: [challenge] }) }),
      result({ ...literal, exchange: exchange('', { status: 401, headers: [challenge] }) }),
      result({ ...none, exchange: exchange('', { status: 403, headers: [challenge] }) }),
      result({ ...none, exchange: exchange('') }),
    ]) {
      expect((await modelOf(run)).setUp).toBeUndefined();
    }
    const silent = await modelOf(result({ ...none, exchange: exchange('', { status: 401 }) }));
    expect(silent.setUp).toEqual({ origin: 'https://127.0.0.2:8443' });
  });
});

describe('secrets', () => {
  it('are in no part of the model, wherever a server or a trace put them', async () => {
    const model = await modelOf(
      result({
        exchange: exchange(`{"token":"${canary}"}`, {
          headers: [
            ['content-type', 'application/json'],
            ['x-echo', `Bearer ${canary}`],
            ['set-cookie', `sid=${canary}; Path=/${canary}`],
            ['www-authenticate', `Bearer error="insufficient_scope", scope="a", realm="${canary}"`],
          ],
          hops: [
            hop({
              url: `https://127.0.0.2:8443/orders?key=${canary}`,
              response: { status: 200, statusText: 'OK', httpVersion: '2', headers: [] },
            }),
          ],
          status: 403,
        }),
        trace: failedTrace,
        tests: [{ name: canary, passed: false, message: `got ${canary}` }],
        notes: [{ message: `note ${canary}` }],
        error: new CountersignError('CS-BODY-TRUNCATED', `The body with ${canary} ended.`, { next: canary }),
        attached: [{ hop: 0, attached: false, reason: canary }],
      }),
    );
    expect(JSON.stringify(model)).not.toContain('canary');
    expect(model.request?.headers.find((header) => plainText(header.name) === 'authorization')?.value).toEqual([
      'Bearer ',
      { hidden: 'orders access token' },
    ]);
    expect(model.stepUp?.scope).toBe('a');
    expect(model.hiddenCount).toBe(4);
  });

  it('in a URL are chips in its path', () => {
    const url = `https://api.example.com/a?key=${canary}&b=1`;
    const at = url.indexOf(canary);
    const shown = toTarget(
      { text: url, secrets: [{ start: at, end: at + canary.length, label: 'maps API key' }] },
      () => [],
    );
    expect(shown).toEqual(['/a?key=', { hidden: 'maps API key' }, '&b=1']);
    expect(toTarget(plain('https://api.example.com'), () => [])).toEqual(['/']);
  });
});

describe('who and where', () => {
  it('say whether the credential reached the last hop', async () => {
    const hops = [
      hop({ url: 'https://api.example.com/a' }),
      hop({ url: 'https://eu.example.com/b' }),
      hop({ url: 'https://files.example.net/c' }),
    ];
    const model = await modelOf(
      result({
        exchange: exchange('x', { hops }),
        attached: [
          { hop: 0, attached: true },
          { hop: 1, attached: true },
          { hop: 2, attached: false, reason: 'not one of its origins' },
        ],
      }),
    );
    expect(model.hosts.map(({ host }) => host)).toEqual(['api.example.com', 'eu.example.com', 'files.example.net']);
    expect([model.who?.onLastHop, model.hops[2]?.attached, model.hops[2]?.reason]).toEqual([
      false,
      false,
      'not one of its origins',
    ]);
  });
  it('say when there is none, or a literal one', async () => {
    expect((await modelOf(result({ credential: undefined }))).noCredential).toBe('none');
    expect(
      (await modelOf(result({ credential: { name: 'literal', scheme: 'bearer', chosenBy: 'literal' } }))).noCredential,
    ).toBe('literal');
  });
});

describe('security', () => {
  it('marks the certificate that breaks the chain', async () => {
    const ended = [{ ...chain[0], validTo: '2026-11-12T09:00:00Z' }, ...chain.slice(1)];
    const model = await modelOf(
      result({
        error: error('CS-TLS-EXPIRED', {
          chain: ended,
          certificate: 0,
          protocol: 'TLS 1.3',
          origin: 'https://127.0.0.2:8443',
        }),
      }),
    );
    expect(model.security?.chain.map(({ role, fault }) => [role, fault])).toEqual([
      ['server', 'expired'],
      ['intermediate', undefined],
      ['root', undefined],
    ]);
    const wrong = await modelOf(
      result({ error: error('CS-TLS-HOSTNAME', { chain, certificate: 0, origin: 'https://127.0.0.2:8443' }) }),
    );
    expect(wrong.security?.chain[0]?.fault).toBe('hostname');
    expect((await modelOf(result({ error: error('CS-TLS-PROTOCOL') }))).security).toBeUndefined();
  });
  it('shows an exception in force', async () => {
    const exception = { kind: 'pin', origin: 'https://127.0.0.2:8443', expires: 5 } as const;
    const model = await modelOf(result({ exchange: exchange('x', { tls: { ...tls, exception } }) }));
    expect(model.security?.exception).toEqual(exception);
  });
});

describe('where it broke off', () => {
  it('names the edge and the word, never the proxy’s password', async () => {
    expect((await modelOf(result({ error: error('CS-NET-REFUSED') }))).broken).toEqual({
      edge: 'server',
      word: 'refused',
      host: '127.0.0.2:8443',
    });
    const proxied = await modelOf(
      result({ error: error('CS-NET-PROXY', { proxy: 'http://me:hunter2@proxy.example.com:3128' }) }),
    );
    expect(proxied.broken).toEqual({
      edge: 'proxy',
      word: 'stopped',
      proxy: 'proxy.example.com:3128',
      host: '127.0.0.2:8443',
    });
  });
});

describe('empty bodies', () => {
  async function check(
    status: number,
    method: string,
    headers: readonly (readonly [string, string])[],
    heading: string,
  ): Promise<void> {
    const { model } = await loadBodyModel(exchange('', { status, headers }), method);
    expect(model.empty?.heading).toBe(heading);
  }
  it('say why', async () => {
    await check(204, 'GET', [], 'No body, as 204 promises');
    await check(304, 'GET', [], 'No body, as 304 promises');
    await check(200, 'HEAD', [['content-length', '12']], 'HEAD has no body');
    await check(200, 'GET', [['content-length', '12']], 'The body is empty, although content-length said 12');
    await check(200, 'GET', [], 'The body is empty');
  });
});

describe('while sending', () => {
  it('phases become the few steps a person sees', () => {
    let steps = withPhase([], 'dns', 0, true);
    steps = withPhase(steps, 'connect', 5, true);
    steps = withPhase(steps, 'tls', 12, true);
    expect(steps.map((step) => [step.title, step.state])).toEqual([['Checking the certificate', 'running']]);
    steps = withPhase(steps, 'request', 31, true);
    steps = withPhase(steps, 'waiting', 32, true);
    expect(steps.map((step) => [step.title, step.state, step.at])).toEqual([
      ['Connected, certificate verified', 'done', 31],
      ['Request sent', 'done', 32],
      ['Waiting for the first byte', 'running', 32],
    ]);
    expect(withPhase(withPhase([], 'connect', 0, false), 'done', 3, false)).toEqual([
      { id: 'connect', title: 'Connected', state: 'done', at: 3 },
    ]);
  });
});

describe('the page', () => {
  it('allows its own bundle and nothing else', () => {
    const page = panelHtml('https://host.vscode-cdn.net', 'https://host.vscode-cdn.net/response.js');
    const policy = /content="([^"]+)"/.exec(page)?.[1] ?? '';
    const nonce = /nonce="([^"]+)"/.exec(page)?.[1] ?? '';
    expect(nonce.length).toBeGreaterThanOrEqual(24);
    expect(policy.split('; ')).toEqual([
      "default-src 'none'",
      `script-src 'nonce-${nonce}'`,
      `style-src 'nonce-${nonce}'`,
      'font-src https://host.vscode-cdn.net',
      'img-src blob:',
      "base-uri 'none'",
      "form-action 'none'",
    ]);
    expect(page).not.toMatch(/style=|unsafe|onclick/);
    expect(panelHtml('x', 'y')).not.toContain(nonce);
  });
});
