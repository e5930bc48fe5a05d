/**
 * Sending from a real extension host, whose patched network stack must change nothing: every `http.proxySupport`, with
 * and without a proxy, certificates verified in all of them. Source: auth.md §3.6.
 */
import assert from 'node:assert/strict';
import { after, before, describe, it } from 'mocha';
import type { RunResult } from '../../../src/run/types.ts';
import type { App } from '../../../src/vscode/app.ts';
import { startConnectProxy } from '../stage/connect-proxy.ts';
import { features, withSettings } from '../stage/extension.ts';
import { playground, stopPlayground } from '../stage/playground.ts';
import type { PlaygroundInfo } from '../../support/playground.ts';

describe('network', () => {
  let app: App;
  let info: PlaygroundInfo;

  before(async function () {
    this.timeout(60_000);
    app = (await features()).app;
    info = await playground();
  });

  after(async () => {
    await stopPlayground();
  });

  async function send(url: string): Promise<RunResult> {
    await app.network.ready();
    const result = await app.composed.engine.send({
      text: `GET ${url}\n`,
      path: undefined,
      root: undefined,
      request: 0,
      environments: [],
      signal: AbortSignal.timeout(15_000),
    });
    await result.exchange?.body.dispose();
    return result;
  }

  for (const support of ['off', 'on', 'fallback', 'override']) {
    for (const through of [false, true]) {
      it(`proxySupport ${support}, ${through ? 'with' : 'without'} a proxy`, async () => {
        // One of its own, so that no tunnel of the case before is used again.
        const proxy = await startConnectProxy();
        const settings = {
          'http.proxySupport': support,
          'http.proxy': through ? proxy.url : '',
          'countersign.tls.caFiles': [info.ca],
        };
        try {
          await withSettings(settings, async () => {
            const answer = await send(`${info.api}/public`);
            assert.equal(answer.error, undefined);
            assert.equal(answer.exchange?.response.status, 200);
            assert.equal(answer.exchange.tls?.authorized, true);
            const bad = await send(info.broken.selfSigned);
            assert.equal(bad.error?.code, 'CS-TLS-SELF-SIGNED');
          });
          const wanted = through && support !== 'off' ? [info.api, info.broken.selfSigned] : [];
          assert.deepEqual(
            [...new Set(proxy.tunnels)],
            wanted.map((origin) => new URL(origin).host),
          );
        } finally {
          await proxy.stop();
        }
      }).timeout(40_000);
    }
  }

  it('trusts no certificate that no authority of the person vouches for', async () => {
    await withSettings({ 'countersign.tls.caFiles': [] }, async () => {
      assert.equal((await send(`${info.api}/public`)).error?.code, 'CS-TLS-UNTRUSTED');
    });
    await withSettings({ 'countersign.tls.caFiles': [info.ca], 'http.proxyStrictSSL': false }, async () => {
      assert.equal((await send(info.broken.expired)).error?.code, 'CS-TLS-EXPIRED');
      assert.equal((await send(info.broken.wrongHost)).error?.code, 'CS-TLS-HOSTNAME');
      assert.equal((await send(info.broken.missingIntermediate)).error?.code, 'CS-TLS-CHAIN');
    });
  }).timeout(60_000);
});
