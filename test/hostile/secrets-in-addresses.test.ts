/** A secret is put into an address, and the address is shown, logged or exported (auth.md §4.2, R04 in part). */
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { Redactor } from '../../src/credentials/redactor.ts';
import { Secret } from '../../src/credentials/secret.ts';
import { attach, detach } from '../../src/run/attach.ts';

const writers: Readonly<Record<string, (value: string) => string>> = {
  'in the query, as it is': (value) => new URL(`https://h.example/?k=${value}&z=1`).href,
  'in the query, as a component': (value) => new URL(`https://h.example/?k=${encodeURIComponent(value)}&z=1`).href,
  'in the query, through its setter': (value) => {
    const url = new URL('https://h.example/');
    url.search = `k=${encodeURIComponent(value)}`;
    return url.href;
  },
  'in the query, as a parameter': (value) => {
    const url = new URL('https://h.example/');
    url.searchParams.set('k', value);
    return url.href;
  },
  'in the path, as it is': (value) => new URL(`https://h.example/a${value}z/b`).href,
  'in the path, as a component': (value) => new URL(`https://h.example/a/${encodeURIComponent(value)}/b`).href,
  'in the path, separators by hand': (value) =>
    new URL(`https://h.example/a${value.replace(/[/?#]/g, encodeURIComponent)}z`).href,
  'in the path, slashes by hand': (value) => new URL(`https://h.example/a${value.replaceAll('/', '%2F')}z`).href,
  'in the path, through its setter': (value) => {
    const url = new URL('https://h.example/');
    url.pathname = `/a${value}z`;
    return url.href;
  },
  'in the fragment': (value) => new URL(`https://h.example/#a${value}z`).href,
  'in the userinfo': (value) => {
    const url = new URL('https://h.example/');
    url.password = value;
    return url.href;
  },
  'by a scheme': (value) =>
    attach({ method: 'GET', url: new URL('https://h.example/?b=1'), headers: [] }, [
      { headers: [], cookies: [], query: [{ name: 'key', value: new Secret(value, 'key') }] },
    ]).url.href,
};

const plain = 'abcXYZ0189-._~';
const awkward = `'|/:@[]() %+"<>#?\\^\`{}&=;,!*$é€😀`;
const aSecret = fc.string({ minLength: 6, maxLength: 40, unit: fc.constantFrom(...plain, ...awkward) });

/** Everything that a reader of the text could make of it. */
function readings(text: string): string[] {
  const decode = (each: string): string =>
    each.replace(/(?:%[\da-f]{2})+/gi, (run) => Buffer.from(run.replaceAll('%', ''), 'hex').toString());
  return [text, decode(text), decode(text.replaceAll('+', ' '))];
}

function isRecoverable(text: string, value: string): boolean {
  return readings(text).some((reading) => reading.includes(value));
}

describe('R04 a secret in an address is not shown', () => {
  for (const [name, write] of Object.entries(writers)) {
    it(`R04 ${name}`, () =>
      fc.assert(
        fc.property(aSecret, fc.boolean(), (value, lower) => {
          const redactor = new Redactor();
          redactor.register(new Secret(value, 'k'));
          const href = lower ? write(value).replace(/%[\dA-F]{2}/g, (each) => each.toLowerCase()) : write(value);
          expect(isRecoverable(redactor.redact(href), value)).toBe(false);
        }),
        { numRuns: 300 },
      ));
  }
  for (const value of ["p@ss'w0rd/x", "a'b(cdef", 'ab|c d^e', 'x y/z[1]', 'tok{en}/+==', 'k"ey/one', 'ab\\cdef']) {
    it(`R04 ${value} in every place`, () => {
      const redactor = new Redactor();
      redactor.register(new Secret(value, 'k'));
      for (const write of Object.values(writers)) expect(redactor.redact(write(value))).toContain('•••• k');
    });
  }
});

describe('A01 what was put on an address comes off before it goes elsewhere', () => {
  it('A01 whatever the secret is made of', () =>
    fc.assert(
      fc.property(fc.oneof(aSecret, fc.string({ minLength: 1 })), aSecret, (value, name) => {
        fc.pre(value.isWellFormed() && name.isWellFormed());
        const request = { method: 'GET', url: new URL('https://h.example/?b=%2f&c'), headers: [] };
        const put = [{ headers: [], cookies: [], query: [{ name, value: new Secret(value, 'key') }] }];
        expect(detach(attach(request, put), put).url.href).toBe('https://h.example/?b=%2f&c');
      }),
    ));
});
