/** Bound tokens through the whole engine, at the playground: DPoP with its nonce, and a client certificate. */
import { readFileSync } from 'node:fs';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { Secret } from '../../../src/credentials/secret.ts';
import type { Definition } from '../../../src/credentials/types.ts';
import { createEngineFixture } from '../../support/engine.ts';
import { startPlayground, type RunningPlayground } from '../../support/playground.ts';

let playground: RunningPlayground;
beforeAll(async () => {
  playground = await startPlayground();
}, 60_000);
afterAll(() => playground.stop());

async function fixtureWith(change: Record<string, unknown>, secrets: Readonly<Record<string, string>>) {
  const { info } = playground;
  const fixture = createEngineFixture({ ca: [readFileSync(info.ca, 'utf8')] });
  const definition = {
    scheme: 'oauth2',
    grant: 'client_credentials',
    issuer: info.issuer,
    scope: 'orders.read',
    origins: [info.api],
    ...change,
  } as unknown as Definition;
  await fixture.vault.saveDefinition('batch', definition);
  const named = await fixture.vault.find('batch', undefined);
  for (const [slot, value] of Object.entries(secrets)) {
    if (named) await fixture.vault.setSecret(named, slot, new Secret(value, 'secret'));
  }
  return fixture;
}

describe('a token bound to a key', () => {
  it('is proved at each hop, with the nonce of the API, and shown as dots', async () => {
    const { info } = playground;
    const { client_id, client_secret } = info.clients.confidential;
    const fixture = await fixtureWith({ client_id, dpop_bound_access_tokens: true }, { '': client_secret });
    const text = `# @auth batch\nGET ${info.api}/dpop?nonce`;
    const first = await fixture.send(text);
    expect(first.error).toBeUndefined();
    expect(first.exchange?.hops.map(({ response, why }) => [response?.status, why])).toEqual([
      [401, 'first'],
      [200, 'retry with a nonce'],
    ]);
    const proofs = first.exchange?.hops.map(({ headers }) => headers.filter(([name]) => name === 'DPoP').length);
    expect(proofs).toEqual([1, 1]);
    const shown = first.request?.headers.find(({ name }) => name === 'DPoP');
    expect(shown?.value.text).toBe('••••');
    const sent = first.exchange?.hops.at(-1)?.headers.find(([name]) => name === 'DPoP')?.[1] ?? '';
    expect(fixture.redactor.redact(`x ${sent} y`)).not.toContain(sent);
    const second = await fixture.send(text);
    expect(second.exchange?.hops.map(({ response }) => response?.status)).toEqual([200]);
    await fixture.dispose();
  });
});

describe('a token bound to a certificate', () => {
  it('goes with the certificate, to the origins of the credential', async () => {
    const { info } = playground;
    const { client_id, cert, key } = info.clients.mtls;
    const fixture = await fixtureWith(
      { client_id, token_endpoint_auth_method: 'tls_client_auth' },
      { private_key: readFileSync(cert, 'utf8') + readFileSync(key, 'utf8') },
    );
    const result = await fixture.send(`# @auth batch\nGET ${info.api}/orders`);
    expect(result.error).toBeUndefined();
    expect(result.exchange?.response.status).toBe(200);
    await fixture.dispose();
  });
});
