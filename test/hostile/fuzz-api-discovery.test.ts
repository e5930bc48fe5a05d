/**
 * Random and mutated challenges, resource metadata, issuer metadata, registrations and client documents: no input throws
 * anything but an error of ours, hangs, or gets anything but vetted addresses and inert text through.
 * DISCOVERY_FUZZ=1000000 runs as many inputs of each.
 */
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { isCountersignError } from '../../src/errors/countersign-error.ts';
import { toAddressClass, toHostClass } from '../../src/http/address-class.ts';
import { toChallengeFacts } from '../../src/oauth/api-discovery/challenge-facts.ts';
import {
  matchResource,
  parseProtectedResource,
  toMetadataUrlProblem,
} from '../../src/oauth/api-discovery/resource-metadata.ts';
import { toRecommendations } from '../../src/oauth/api-discovery/recommendations.ts';
import { toDocumentProblems, toClientIdProblem } from '../../src/oauth/registration/client-id-document.ts';
import { toRegisteredClient, type WantedClient } from '../../src/oauth/registration/registration-answer.ts';

const runs = Number(process.env['DISCOVERY_FUZZ'] ?? 10_000);
const timeout = Math.max(60_000, runs);
const asked = new URL('https://api.example/v1/orders?page=1');
const from = {
  metadataUrl: 'https://api.example/.well-known/oauth-protected-resource',
  foundBy: 'well-known',
} as const;
/** What may stand in a terminal, a tooltip, a trace: no control, no invisible, no turn of direction. */
const inert = /^[^\u0000-\u001f\u007f-\u009f\u200b-\u200f\u202a-\u202e\u2060-\u206f\u2028\u2029\ufeff]*$/u;

const pieces = [
  'Bearer',
  'Basic',
  'Digest',
  'DPoP',
  'ApiKey',
  'Negotiate',
  ' ',
  ',',
  '=',
  '"',
  '\\',
  'realm',
  'scope',
  'error',
  'resource_metadata',
  'name',
  'in',
  'https://api.example/prm',
  'http://169.254.169.254/',
  '\t',
  '\r\n',
  '\u202e',
  '\u0000',
  'a b',
  'YII=',
  '[x](command:y)',
];
const line = fc.oneof(
  fc.array(fc.constantFrom(...pieces), { maxLength: 60 }).map((parts) => parts.join('')),
  fc.string({ unit: 'binary', maxLength: 200 }),
  fc.constantFrom('Bearer ', '"', 'a="\\').map((text) => text.repeat(2000)),
);

const hosts = [
  'api.example',
  'api.example.evil',
  'evil.example',
  'localhost',
  '[::1]',
  '169.254.169.254',
  'api.example@evil',
];
const address = fc
  .tuple(
    fc.constantFrom('https://', 'http://', 'HTTPS://', 'https:', '//', 'javascript:', 'file://', ''),
    fc.constantFrom(...hosts),
    fc.constantFrom('', ':443', ':8443', ':80', ':x'),
    fc.constantFrom('', '/', '/v1', '/v1/', '/v1/orders', '/v1/../v1', '/%2e%2e/v1', '\\v1', '/v1//', '/v1/orders/7'),
    fc.constantFrom('', '?', '?page=1', '#', '#x', ' ', '\n', '\u202e'),
  )
  .map((parts) => parts.join(''));
const value = fc.oneof(
  address,
  fc.array(address, { maxLength: 12 }),
  fc.string({ unit: 'binary', maxLength: 40 }),
  fc.jsonValue(),
);
const record = (...names: string[]): fc.Arbitrary<Record<string, unknown>> =>
  fc.dictionary(fc.oneof(fc.constantFrom(...names, '__proto__', 'constructor'), fc.string({ maxLength: 8 })), value, {
    maxKeys: 12,
  });

function check<T>(input: fc.Arbitrary<T>, property: (input: T) => void): void {
  fc.assert(fc.property(input, property), { numRuns: runs });
}

describe('anything as', () => {
  it('WWW-Authenticate gives facts that are inert', { timeout }, () => {
    check(fc.array(line, { maxLength: 6 }), (lines) => {
      const facts = toChallengeFacts(lines.map((text) => ['WWW-Authenticate', text] as const));
      expect(facts.length).toBeLessThanOrEqual(16);
      for (const { scheme, realm, error, scope, key } of facts) {
        expect(scheme).toMatch(/^[!#$%&'*+\-.^_`|~0-9A-Za-z…]{1,41}$/);
        expect(realm ?? '').toMatch(inert);
        expect(error ?? 'e').toMatch(/^[A-Za-z][\w.-]*$/);
        for (const one of scope) expect(one).toMatch(/^[\x21\x23-\x5b\x5d-\x7e]{1,200}$/);
        if (key) expect(key.name).toMatch(/^[\w.-]{1,64}$/);
      }
      for (const { scheme, reason } of toRecommendations(facts, [], false)) expect(scheme + reason).toMatch(inert);
    });
  });

  it('an address of metadata is asked only at the API’s own origin', { timeout }, () => {
    check(fc.oneof(address, fc.string({ unit: 'binary' })), (text) => {
      if (toMetadataUrlProblem(text, asked) === undefined) expect(new URL(text).origin).toBe(asked.origin);
    });
  });

  it('resource metadata gives nothing that is not about the address', { timeout }, () => {
    const names = [
      'resource',
      'authorization_servers',
      'scopes_supported',
      'bearer_methods_supported',
      'resource_name',
    ];
    check(fc.tuple(record(...names), fc.boolean()), ([body, honest]) => {
      const parsed = parseProtectedResource(
        honest ? { ...body, resource: 'https://api.example/v1' } : body,
        asked,
        from,
      );
      if (honest) expect(parsed.ok).toBe(true);
      if (!parsed.ok) {
        expect(parsed.why).toMatch(inert);
        return;
      }
      const { resource, authorizationServers, name, scopes } = parsed.resource;
      const url = new URL(resource);
      expect(url.origin).toBe(asked.origin);
      expect(asked.pathname.startsWith(url.pathname.replace(/\/$/, ''))).toBe(true);
      expect(authorizationServers.length).toBeLessThanOrEqual(8);
      for (const server of authorizationServers) {
        const issuer = new URL(server);
        expect([issuer.protocol, issuer.username, issuer.hash, issuer.search]).toEqual(['https:', '', '', '']);
      }
      expect(name ?? '').toMatch(inert);
      expect(scopes.join(' ')).toMatch(/^[\x20-\x7e]*$/);
      for (const dropped of parsed.dropped) expect(dropped).toMatch(inert);
    });
  });

  it('a resource matches only when its text begins with the origin asked for', { timeout }, () => {
    check(value, (resource) => {
      if (matchResource(resource, asked) === 'other') return;
      expect(resource as string).toMatch(/^https:\/\/api\.example(\/|$)/);
    });
  });

  it('a registration is a client that can be used, or an error of ours', { timeout }, () => {
    const redirect = 'http://127.0.0.1:4711/cb';
    const wanted: WantedClient = {
      client_name: 'x',
      grant_types: ['authorization_code'],
      redirect_uris: [redirect],
      token_endpoint_auth_method: 'none',
    };
    const endpoint = 'https://idp.example/register';
    const names = ['client_secret', 'client_secret_expires_at', 'redirect_uris', 'registration_client_uri'];
    const more = ['registration_access_token', 'token_endpoint_auth_method', 'grant_types'];
    check(fc.tuple(record(...names, ...more), fc.boolean()), ([body, named]) => {
      try {
        const answer = named ? { client_id: 'made', redirect_uris: [redirect], ...body } : body;
        const client = toRegisteredClient(answer, wanted, endpoint, Date.now());
        expect(client.client_id).toMatch(/^[\x20-\x7e]{1,4096}$/);
        if (client.clientSecret) expect(client.clientSecret.reveal()).toMatch(/^[\x20-\x7e]{1,4096}$/);
        if (client.management) expect(new URL(client.management.uri).origin).toBe('https://idp.example');
        for (const warning of client.warnings) expect(warning).toMatch(inert);
      } catch (error) {
        if (!isCountersignError(error)) throw error;
        expect(error.code).toBe('CS-AUTH-REGISTRATION');
        expect(error.message).toMatch(inert);
      }
    });
  });

  it('a client document gives problems that are inert', { timeout }, () => {
    check(fc.tuple(record('client_id', 'redirect_uris', 'token_endpoint_auth_method'), address), ([document, id]) => {
      for (const problem of toDocumentProblems(document, id, ['http://127.0.0.1/cb'])) expect(problem).toMatch(inert);
      expect(toClientIdProblem(id) ?? '').toMatch(inert);
    });
  });

  it('an address or a name has a class', { timeout }, () => {
    const classes = ['loopback', 'private', 'public', 'forbidden'];
    check(fc.oneof(fc.ipV4(), fc.ipV4Extended(), fc.ipV6(), fc.string(), fc.domain()), (text) => {
      expect(classes).toContain(toAddressClass(text));
      expect([...classes, undefined]).toContain(toHostClass(text));
      // However an address is written, it is one machine.
      const url = URL.parse(`http://${text.includes(':') ? `[${text}]` : text}/`);
      if (url && /^[\d.]+$|^\[/.test(url.hostname))
        expect(toHostClass(url.hostname)).toBe(toAddressClass(url.hostname));
    });
  });
});
