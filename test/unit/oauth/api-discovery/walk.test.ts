/**
 * From nothing but a URL to an authenticated answer, against the real playground: discovery, proposal, registration,
 * sign-in by its forms, and the request sent again.
 */
import { readFileSync } from 'node:fs';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { NamedDefinition, OAuth2Definition } from '../../../../src/credentials/types.ts';
import { toProposal } from '../../../../src/oauth/api-discovery/proposal.ts';
import { bodyText, createEngineFixture, type EngineFixture } from '../../../support/engine.ts';
import { followRedirect } from '../../../support/loopback-browser.ts';
import { startPlayground, type RunningPlayground } from '../../../support/playground.ts';
import { signInByForms } from '../../../support/sign-in-by-forms.ts';

let playground: RunningPlayground;
let engine: EngineFixture;
beforeAll(async () => {
  playground = await startPlayground();
  engine = createEngineFixture({
    ca: [readFileSync(playground.info.ca, 'utf8')],
    browse: async (url) => followRedirect(await signInByForms(url, playground.info.user)),
  });
}, 60_000);
afterAll(async () => {
  await engine.dispose();
  await playground.stop();
});

async function setUp(name: string, url: string): Promise<NamedDefinition<OAuth2Definition>> {
  const found = await engine.discoverApi(url);
  const proposal = toProposal(found);
  const issuer = proposal?.issuer;
  if (!proposal || !issuer) throw new Error('nothing was proposed');
  expect(proposal.missing).toEqual(['client_id']);
  expect(proposal.clients).toEqual(['own', 'registration']);
  const clients = await engine.clients();
  const made = await clients.register(issuer, proposal.definition as OAuth2Definition);
  expect(JSON.stringify(made.steps)).not.toContain(made.client.management?.accessToken.reveal());
  await engine.vault.saveDefinition(name, made.definition);
  const named = (await engine.vault.find(name, undefined)) as NamedDefinition<OAuth2Definition>;
  await clients.keep(named, made);
  return named;
}

describe('from nothing but a URL', () => {
  it('comes to an authenticated answer, and takes the client back at the end', async () => {
    const { api, issuer } = playground.info;
    const url = `${api}/orders`;
    const refused = await engine.send(`GET ${url}\n`);
    expect(refused.exchange?.response.status).toBe(401);
    const named = await setUp('orders', url);
    expect(named.definition).toMatchObject({
      scheme: 'oauth2',
      grant: 'authorization_code',
      issuer,
      scope: 'openid profile orders.read',
      resource: [api],
      token_endpoint_auth_method: 'none',
      origins: [api],
    });
    expect(named.definition.redirect_port).toBeGreaterThan(1024);
    const result = await engine.send(`# @auth orders\nGET ${url}\n`);
    expect(result.error).toBeUndefined();
    expect(result.exchange?.response.status).toBe(200);
    expect(await bodyText(result)).toContain('Fountain pen');
    expect(result.credential?.identity?.label).toBeTruthy();
    const token = await engine.vault.findSecret(named, 'registration_access_token');
    expect(token).toBeDefined();
    expect(JSON.stringify([...engine.state.values])).not.toContain(token?.reveal());
    const clients = await engine.clients();
    expect(await clients.forget(named)).toBeUndefined();
    await engine.vault.removeCredential(named);
    expect(await engine.vault.find('orders', undefined)).toBeUndefined();
  });

  it('asks for a secret where nobody signs in, and keeps it in the secret store', async () => {
    const { api } = playground.info;
    const found = await engine.discoverApi(`${api}/orders`);
    const proposal = toProposal(found, { grant: 'client_credentials' });
    const issuer = proposal?.issuer;
    if (!proposal || !issuer) throw new Error('nothing was proposed');
    expect((proposal.definition as OAuth2Definition).scope).toBe('orders.read');
    const clients = await engine.clients();
    const made = await clients.register(issuer, proposal.definition as OAuth2Definition);
    expect(made.definition).toMatchObject({ token_endpoint_auth_method: 'client_secret_basic' });
    expect(made.definition.redirect_port).toBeUndefined();
    await engine.vault.saveDefinition('batch', made.definition);
    const named = (await engine.vault.find('batch', undefined)) as NamedDefinition<OAuth2Definition>;
    await clients.keep(named, made);
    const result = await engine.send(`# @auth batch\nGET ${api}/orders\n`);
    expect(result.exchange?.response.status).toBe(200);
    expect(engine.redactor.redact(made.client.clientSecret?.reveal() ?? '')).not.toContain(
      made.client.clientSecret?.reveal(),
    );
  });

  it('takes a client back that is not wanted after all', async () => {
    const found = await engine.discoverApi(`${playground.info.api}/orders`);
    const proposal = toProposal(found);
    const clients = await engine.clients();
    const made = await clients.register(found.issuers[0]!, proposal?.definition as OAuth2Definition);
    expect(await clients.discard(made)).toBeUndefined();
    // Its token opens nothing any more.
    expect(await clients.discard(made)).toBeUndefined();
  });
});
