/**
 * A token that is already there, as a request gets it: vault, secret store, broker. The reference is what no store
 * could do without: parsing the stored session. The aim of one millisecond is checked on the value itself.
 */
import { Secret } from '../../src/credentials/secret.ts';
import type { NamedDefinition, OAuth2Definition } from '../../src/credentials/types.ts';
import { createEngineFixture, fixtureRoot, type EngineFixture } from '../support/engine.ts';
import type { Bench } from '../support/bench.ts';

const turns = 200;
let fixture: EngineFixture;
let credential: NamedDefinition<OAuth2Definition>;
let stored: string;
const token = 'x'.repeat(1200);

async function setUp(): Promise<void> {
  fixture = createEngineFixture();
  fixture.vault.setWorkspaceDefinitions(fixtureRoot, {
    file: `${fixtureRoot}/countersign.json`,
    text: JSON.stringify({
      credentials: {
        orders: {
          scheme: 'oauth2',
          grant: 'authorization_code',
          issuer: 'https://issuer.example.com',
          client_id: 'cli',
          scope: 'orders.read',
          origins: ['https://api.example.com'],
        },
      },
    }),
  });
  credential = (await fixture.vault.find('orders', fixtureRoot)) as NamedDefinition<OAuth2Definition>;
  await fixture.vault.setSession(credential, {
    accessToken: new Secret(token, 'orders access token'),
    refreshToken: new Secret(token.replaceAll('x', 'y'), 'orders refresh token'),
    tokenType: 'Bearer',
    scope: ['orders.read'],
    requestedScope: ['orders.read'],
    obtainedAt: Date.now(),
    expiresAt: Date.now() + 3600_000,
    issuer: 'https://issuer.example.com',
    definitionHash: credential.hash,
  });
  const key = (await fixture.secrets.keys()).find((each) => each.includes('session')) ?? '';
  stored = (await fixture.secrets.get(key)) ?? '';
  if (!stored.includes(token)) throw new Error('The session is not in the store.');
}

async function timed(work: () => Promise<unknown>): Promise<number> {
  const start = performance.now();
  for (let turn = 0; turn < turns; turn++) await work();
  return (performance.now() - start) / turns;
}

export const benches: readonly Bench[] = [
  {
    name: 'token-from-vault',
    unit: 'ms',
    // One millisecond, as a multiple of parsing 2.6 kB of JSON, would be about 200.
    aim: 50,
    setUp,
    tearDown: () => fixture.dispose(),
    async run() {
      const reference = await timed(async () => Promise.resolve(JSON.parse(stored) as unknown));
      const value = await timed(async () => {
        const session = await fixture.broker.acquire(credential, { interactive: false });
        if (session.accessToken.reveal() !== token) throw new Error('Another token came.');
      });
      if (value > 1) throw new Error(`A token took ${value.toFixed(2)} ms; the aim is 1 ms.`);
      return { value, reference };
    },
  },
];
