import { describe, expect, it } from 'vitest';
import { toLandingPage, type LandingOutcome } from '../../../src/oauth/receivers/landing-page.ts';

const hostile = '<script>alert(1)</script>"\'&';
const page = (outcome: LandingOutcome, credential = 'orders') =>
  toLandingPage(outcome, { credential, issuerHost: '127.0.0.2:8444', returnTo: 'VS Code' }, 'bm9uY2U');

describe('landing page', () => {
  const titles: [LandingOutcome, string, number][] = [
    ['signed-in', 'Signed in', 200],
    ['failed', 'Not signed in', 200],
    ['under-way', 'Not signed in yet', 200],
    ['unknown', 'This page belongs to no sign-in', 400],
  ];
  for (const [outcome, title, status] of titles) {
    it(`says “${title}”`, () => {
      expect(page(outcome).status).toBe(status);
      expect(page(outcome).body).toContain(`<title>${title}</title>`);
      expect(page(outcome).body).toContain('prefers-color-scheme:dark');
    });
    it(`runs and loads nothing: ${outcome}`, () => {
      const { body, headers } = page(outcome, hostile);
      expect(body).not.toMatch(/<script|<img|<iframe|<form|javascript:|https?:|\son\w+=/i);
      expect(headers['content-security-policy']).toContain("default-src 'none'; style-src 'nonce-bm9uY2U'");
    });
  }
  it('names who is signed in where', () =>
    expect(page('signed-in').body).toContain('The credential <b>orders</b> is signed in at <b>127.0.0.2:8444</b>.'));
});
