/**
 * Schemes that sign or answer, against servers that would like to have what is not theirs: nothing of a credential, no
 * signature and no proof, reaches an origin outside its binding, whoever leads there and back; its secrets are in no
 * result and known to the redactor. A scheme joins by one row. Cases A01, A02, A12, R04 of the threat model.
 */
import { generateKeyPairSync } from 'node:crypto';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { schemes } from '../../src/credentials/schemes/registry.ts';
import { SchemeServers } from '../support/scheme-servers.ts';

const pem = generateKeyPairSync('ed25519').privateKey.export({ type: 'pkcs8', format: 'pem' }).toString();

interface Row {
  readonly definition: Readonly<Record<string, unknown>> & { readonly scheme: string };
  readonly secrets: Readonly<Record<string, string>>;
  /** What of it a server sees on a request of its own. */
  readonly seen: RegExp;
  /** Slots whose secret travels to the credential's own origin. */
  readonly sent?: readonly string[];
}

const rows: Readonly<Record<string, Row>> = {
  'http-signature': {
    definition: { scheme: 'http-signature', key_id: 'key-id-canary' },
    secrets: { private_key: pem },
    seen: /signature-input|key-id-canary/i,
  },
  'http-signature, shared secret': {
    definition: { scheme: 'http-signature', algorithm: 'hmac-sha256', key_id: 'key-id-canary' },
    secrets: { '': 'canary-shared-secret-0815' },
    seen: /signature-input|key-id-canary/i,
  },
  jwt: {
    definition: { scheme: 'jwt', issuer: 'canary-issuer' },
    secrets: { private_key: pem },
    seen: /Bearer ey/,
  },
  ntlm: {
    definition: { scheme: 'ntlm', username: 'CORP\\canary-user' },
    secrets: { '': 'canary-ntlm-password-0815' },
    seen: /NTLM|canary-user/,
  },
  hawk: {
    definition: { scheme: 'hawk', id: 'key-id-canary' },
    secrets: { '': 'canary-hawk-key-0815' },
    seen: /Hawk id|key-id-canary/,
  },
  'aws-sigv4, presigned': {
    definition: {
      scheme: 'aws-sigv4',
      access_key_id: 'AKIDCANARY',
      region: 'eu-west-1',
      service: 'es',
      placement: 'query',
    },
    secrets: { '': 'canary-aws-key-0815', session_token: 'canary-session-0815' },
    seen: /X-Amz-|AKIDCANARY/i,
    sent: ['session_token'],
  },
  'aws-sigv4 for several regions': {
    definition: { scheme: 'aws-sigv4', access_key_id: 'AKIDCANARY', service: 'es', region_set: '*' },
    secrets: { '': 'canary-aws-key-0815' },
    seen: /X-Amz-|AKIDCANARY/i,
  },
  edgegrid: {
    definition: { scheme: 'edgegrid' },
    secrets: { '': 'canary-edge-secret-0815', client_token: 'akab-client-0815', access_token: 'akab-access-0815' },
    seen: /EG1-HMAC|akab-/,
    sent: ['client_token', 'access_token'],
  },
};

const servers = new SchemeServers();
beforeAll(() => servers.start());
afterAll(() => servers.stop());
afterEach(() => servers.reset());

describe.each(Object.entries(rows))('%s', (_, { definition, secrets, seen, sent = [] }) => {
  const withSeen = () => servers.arrived.filter((there) => seen.test(JSON.stringify([there.url, there.rawHeaders])));
  const hostOf = (origin: string): string => new URL(origin).host;

  it('is a scheme of the registry, and is put on at home', async () => {
    expect(schemes.map(({ id }) => id)).toContain(definition.scheme);
    const result = await servers.send(definition, secrets, `POST ${servers.home}/x?a=1\n\nbody`);
    expect(result.error).toBeUndefined();
    expect(withSeen()).not.toHaveLength(0);
  });
  it.each(['/x', '//evil/x', '/x?status=401'])(
    'A01 A02 nothing goes to a stranger, nor home again: %s',
    async (path) => {
      const back = `${servers.stranger}${path}${path.includes('?') ? '&' : '?'}to=${encodeURIComponent(`${servers.home}/back`)}`;
      const result = await servers.send(definition, secrets, `GET ${servers.home}/x?to=${encodeURIComponent(back)}`);
      expect(servers.arrived.some(({ host }) => host === hostOf(servers.stranger))).toBe(true);
      for (const { host, url } of withSeen()) {
        expect(host).toBe(hostOf(servers.home));
        expect(url).not.toContain('/back');
      }
      expect(result.notes.some(({ code }) => code === 'CS-BIND-ORIGIN')).toBe(true);
    },
  );
  it('is not sent to an origin that it is not bound to at all', async () => {
    const result = await servers.send(definition, secrets, `GET ${servers.stranger}/x`);
    expect(result.error?.code).toBe('CS-BIND-ORIGIN');
    expect(servers.arrived).toHaveLength(0);
  });
  it('A12 R04 its secrets are in no result, and masked when a server says them', async () => {
    const fixture = await servers.engineWith(definition, secrets);
    const result = await fixture.send(`# @auth svc\nPOST ${servers.home}/x\n\nbody`);
    const shown = fixture.redactor.redact(JSON.stringify(result));
    for (const [slot, secret] of Object.entries(secrets)) {
      const shortest = secret.split('\n').find((line) => line.length > 20 && !line.startsWith('-')) ?? secret;
      expect(JSON.stringify(result.request)).not.toContain(shortest);
      expect(shown).not.toContain(shortest);
      if (!sent.includes(slot)) expect(JSON.stringify([result, servers.arrived])).not.toContain(shortest);
      expect(fixture.redactor.redact(`x ${secret} y`)).not.toContain(shortest);
    }
  });
  it('a server that refuses for ever is asked twice at most for one send', async () => {
    servers.answer = (_request, response) => {
      response
        .writeHead(401, { date: new Date(Date.now() + 7_200_000).toUTCString(), 'www-authenticate': 'Bearer' })
        .end();
      return true;
    };
    await servers.send(definition, secrets, `GET ${servers.home}/x`);
    expect(servers.arrived.length).toBeLessThanOrEqual(2);
  });
});
