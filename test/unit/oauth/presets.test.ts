import { describe, expect, it } from 'vitest';
import { parseDefinitions } from '../../../src/credentials/definitions.ts';
import { findPreset, presets } from '../../../src/oauth/presets/registry.ts';
import { toPresetSnippets } from '../../../src/oauth/presets/snippets.ts';
import { findQuirks } from '../../../src/oauth/quirks/registry.ts';

describe('findPreset', () => {
  const check = (address: string, expected: string | undefined): void =>
    it(`${address} is ${expected ?? 'nobody’s'}`, () => expect(findPreset(address)?.id).toBe(expected));
  check('https://login.microsoftonline.com/11111111-2222-3333-4444-555555555555/v2.0', 'entra');
  check('https://accounts.google.com', 'google');
  check('https://oauth2.googleapis.com/token', 'google');
  check('https://github.com/login/oauth/authorize', 'github');
  check('https://gitlab.com', 'gitlab');
  check('https://dev-123.okta.com/oauth2/default', 'okta');
  check('https://acme.oktapreview.com', 'okta');
  check('https://acme.eu.auth0.com/', 'auth0');
  check('https://id.example.com/realms/shop', 'keycloak');
  check('https://id.example.com/auth/realms/shop', 'keycloak');
  check('https://id.example.com/.well-known/oauth-authorization-server/realms/shop', 'keycloak');
  check('https://cognito-idp.eu-west-1.amazonaws.com/eu-west-1_AbCd', 'cognito');
  check('https://acme.auth.eu-west-1.amazoncognito.com/oauth2/token', 'cognito');
  check('https://acme.my.salesforce.com', 'salesforce');
  check('https://slack.com/api/oauth.v2.access', 'slack');
  // Look-alikes are nobody's: a preset must lend no name to a host that is not the provider's.
  check('https://okta.com.evil.example', undefined);
  check('https://evilokta.com', undefined);
  check('https://okta.com', undefined);
  check('https://github.com.evil.example/login', undefined);
  check('https://github.com@evil.example/', undefined);
  check('https://cognito-idp.a.b.amazonaws.com', undefined);
  check('https://s3.eu-west-1.amazonaws.com', undefined);
  check('https://example.com/docs/realms/shop', undefined);
  check('file:///realms/shop', undefined);
  check('not an address', undefined);
  check('', undefined);
  it('knows the issuer and the endpoints of each preset as its own', () => {
    for (const { id, issuer, fields } of presets) {
      const address = (issuer ?? fields.token_endpoint ?? '').replaceAll(/\{(\w+)\}/g, 'x');
      const own = ['okta', 'auth0'].includes(id) ? `https://x.${id}.com/oauth2/x` : address;
      expect(findPreset(own)?.id, own).toBe(id);
    }
  });
});

describe('each preset', () => {
  it('has a name of its own, steps, a redirect and scopes', () => {
    expect(new Set(presets.map(({ id }) => id)).size).toBe(presets.length);
    for (const { id, label, registration, redirect, scopes } of presets) {
      expect(id).toMatch(/^[a-z][a-z0-9]*$/);
      for (const text of [label, registration.at, redirect.register]) expect(text).not.toBe('');
      expect(registration.steps.length).toBeGreaterThan(1);
      expect(scopes.length).toBeGreaterThan(0);
    }
  });

  it('names a page of the provider for each fact', () => {
    const homes =
      /(^|\.)(microsoft|google|github|gitlab|okta|auth0|keycloak|salesforce)\.(com|org)$|^docs\.aws\.amazon\.com$|^docs\.slack\.dev$/;
    for (const { id, facts } of presets) {
      expect(facts.length, id).toBeGreaterThan(2);
      for (const { says, source } of facts) {
        expect(says).toMatch(/[a-z].*\.$/);
        expect(new URL(source).protocol).toBe('https:');
        expect(new URL(source).hostname, source).toMatch(homes);
      }
    }
  });

  it('names every placeholder of its issuer', () => {
    for (const { issuer = '', placeholders = {} } of presets) {
      const used = [...issuer.matchAll(/\{(\w+)\}/g)].map(([, name]) => name);
      expect(Object.keys(placeholders)).toEqual(used);
    }
  });

  it('says the port it is registered with, and only where it is compared', () => {
    for (const { redirect, fields } of presets) {
      const port = /^http:\/\/127\.0\.0\.1:(\d+)\//.exec(redirect.register)?.[1];
      expect(port === undefined ? undefined : Number(port)).toBe(fields.redirect_port);
      expect(redirect.form === 'exact_port').toBe(port !== undefined);
      expect(redirect.form === 'application').toBe(fields.redirect === 'uri_handler');
    }
  });

  it('makes a definition without a problem, with quirks that exist', () => {
    for (const { id, issuer, fields } of presets) {
      const filled = issuer?.replaceAll(/\{(\w+)\}/g, 'x');
      const credential = {
        scheme: 'oauth2',
        ...(filled === undefined ? {} : { issuer: filled }),
        ...fields,
        client_id: 'c',
        origins: ['https://api.example.com'],
      };
      const text = JSON.stringify({ credentials: { [id]: credential } });
      const { problems, definitions } = parseDefinitions(text, { owner: 'user' });
      expect(problems, id).toEqual([]);
      expect(definitions[0]?.definition).toMatchObject(fields);
      expect(findQuirks(fields.quirks).length).toBe(fields.quirks?.length ?? 0);
    }
  });

  it('is a completion whose tab stops are numbered without a gap', () => {
    const snippets = toPresetSnippets();
    expect(snippets).toHaveLength(presets.length);
    for (const { body } of snippets) {
      const stops = [...JSON.stringify(body).matchAll(/\$\{(\d+):/g)].map(([, number]) => Number(number));
      expect([...stops].sort((a, b) => a - b)).toEqual(stops.map((_, index) => index + 1));
    }
  });
});
