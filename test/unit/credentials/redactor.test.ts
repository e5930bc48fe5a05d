import fc from 'fast-check';
import { Buffer } from 'node:buffer';
import { describe, expect, it } from 'vitest';
import { toSpellings } from '../../../src/credentials/encodings.ts';
import { Redactor } from '../../../src/credentials/redactor.ts';
import { Secret } from '../../../src/credentials/secret.ts';

const secretText = 's3cr3t/+Key=42';

function redactorOf(...values: readonly string[]): Redactor {
  const redactor = new Redactor();
  for (const value of values) redactor.register(new Secret(value, 'orders token'));
  return redactor;
}

function check(input: string, expected: string, ...values: readonly string[]): void {
  expect(redactorOf(...(values.length > 0 ? values : [secretText])).redact(input)).toBe(expected);
}

/** Ways servers, logs and people write a value. Each gives text that stands for the whole value. */
const encoders: Readonly<Record<string, (text: string) => string>> = {
  plain: (text) => text,
  base64: (text) => Buffer.from(text).toString('base64'),
  base64url: (text) => Buffer.from(text).toString('base64url'),
  basic: (text) => Buffer.from(`svc:${text}`).toString('base64'),
  'base64 at 1': (text) => Buffer.from(`a${text}b`).toString('base64'),
  'base64 at 2': (text) => Buffer.from(`ab${text}`).toString('base64'),
  'base64 in an address': (text) => encodeURIComponent(Buffer.from(text).toString('base64')),
  component: (text) => encodeURIComponent(text),
  'component, lower case': (text) => encodeURIComponent(text).replace(/%[\dA-F]{2}/g, (it) => it.toLowerCase()),
  form: (text) => new URLSearchParams([['a', text]]).toString(),
  query: (text) => {
    const url = new URL('https://api.example.com/');
    url.searchParams.set('key', text);
    return url.href;
  },
  JSON: (text) => JSON.stringify({ token: text }),
  'JSON in JSON': (text) => JSON.stringify({ log: JSON.stringify({ token: text }) }),
  HTML: (text) =>
    text
      .replaceAll('&', '&amp;')
      .replaceAll('<', '&lt;')
      .replaceAll('>', '&gt;')
      .replaceAll('"', '&quot;')
      .replaceAll("'", '&#39;'),
  hex: (text) => Buffer.from(text).toString('hex'),
  HEX: (text) => Buffer.from(text).toString('hex').toUpperCase(),
};

/** What must not be found afterwards: the part of an encoded text that the value alone decides. */
function coreOf(name: string, value: string): string {
  if (name === 'basic') return base64Core(value, 'svc:'.length % 3);
  if (name === 'base64 at 1') return base64Core(value, 1);
  if (name === 'base64 at 2') return base64Core(value, 2);
  if (name === 'form' || name === 'query') return new URLSearchParams([['', value]]).toString().slice(1);
  if (name === 'JSON') return JSON.stringify(value).slice(1, -1);
  if (name === 'JSON in JSON') return JSON.stringify(JSON.stringify(value).slice(1, -1)).slice(1, -1);
  return (encoders[name] as (text: string) => string)(value);
}

function base64Core(value: string, offset: number): string {
  const padded = Buffer.from('\0'.repeat(offset) + value).toString('base64');
  return padded.slice(offset === 0 ? 0 : offset + 1, Math.floor(((Buffer.byteLength(value) + offset) * 8) / 6));
}

const aSecret = fc.oneof(
  fc.string({ minLength: 8, maxLength: 60, unit: fc.constantFrom(...'abcXYZ0189-._~+/=&<>"\'%:;, \\!()*é€😀') }),
  fc.string({ minLength: 8, maxLength: 200, unit: fc.constantFrom(...'abcdefghijklmnopqrstuvwxyzABCDEF0123456789-_') }),
);
const surroundings = fc.string({ maxLength: 80 });

describe('redactor', () => {
  it('masks a secret with its label', () => check(`Bearer ${secretText}!`, 'Bearer •••• orders token!'));
  it('masks every occurrence', () => check(`${secretText} ${secretText}`, '•••• orders token •••• orders token'));
  it('leaves other text', () => check('nothing here', 'nothing here'));
  it('keeps a secret of three characters for exact places', () => check('the abc of it', 'the abc of it', 'abc'));
  it('searches for a secret of four', () => check('the abcd of it', 'the •••• orders token of it', 'abcd'));
  it('joins secrets that overlap', () => check('xabcdefghx', 'x•••• orders tokenx', 'abcdef', 'defgh'));
  it('masks the longer of two', () => check('-abcdef-', '-•••• orders token-', 'abcd', 'abcdef'));
  it('ignores an empty secret', () => check('text', 'text', ''));
  for (const [name, encode] of Object.entries(encoders)) {
    it(`masks it as ${name}`, () => {
      const redacted = redactorOf(secretText).redact(`<${encode(secretText)}>`);
      expect(redacted).toContain('•••• orders token');
      expect(redacted).not.toContain(coreOf(name, secretText));
    });
  }

  const header = Buffer.from('{"alg":"RS256"}').toString('base64url');
  const payload = Buffer.from('{"sub":"ada","scope":"orders.read"}').toString('base64url');
  const jwt = `${header}.${payload}.c2lnbmF0dXJlLW9mLWl0`;
  it('masks a JWT as one', () => check(`"${jwt}"`, '"•••• orders token"', jwt));
  it('masks the payload of a JWT alone', () => check(payload, '•••• orders token', jwt));
  it('masks the signature of a JWT alone', () => check('x.c2lnbmF0dXJlLW9mLWl0', 'x.•••• orders token', jwt));
  it('leaves the header of a JWT, which is public', () => check(header, header, jwt));

  it('masks Basic pairs, raw and form-encoded', () => {
    const redactor = new Redactor();
    redactor.registerPair('a:b c', new Secret('p@ss w+rd', 'old password'));
    for (const pair of ['a:b c:p@ss w+rd', 'a%3Ab+c:p%40ss+w%2Brd']) {
      expect(redactor.redact(`Basic ${Buffer.from(pair).toString('base64')}`)).toBe('Basic •••• old password');
    }
  });

  it('gives the places of the dots', () => {
    const { text, secrets } = redactorOf(secretText).redactTracked(`a ${secretText} b ${secretText}`);
    expect(text).toBe('a •••• b ••••');
    expect(secrets.map(({ start, end, label }) => [text.slice(start, end), label])).toEqual([
      ['••••', 'orders token'],
      ['••••', 'orders token'],
    ]);
  });

  it('redacts data, keys too, and secrets themselves', () => {
    const redactor = redactorOf(secretText);
    const data = { [secretText]: [secretText, 1, null, true], held: new Secret('other', 'x') };
    expect(redactor.redactData(data)).toEqual({
      '•••• orders token': ['•••• orders token', 1, null, true],
      held: '••••',
    });
  });

  it('never lets a secret through, however it is written (fuzz)', () => {
    fc.assert(
      fc.property(
        aSecret,
        fc.constantFrom(...Object.keys(encoders)),
        surroundings,
        surroundings,
        (value, name, before, after) => {
          const text = before + (encoders[name] as (text: string) => string)(value) + after;
          expect(redactorOf(value).redact(text)).not.toContain(coreOf(name, value));
        },
      ),
      { numRuns: 800 },
    );
  });

  it('never lets a secret through in pieces (fuzz)', () => {
    const sizes = fc.array(fc.integer({ min: 1, max: 12 }), { minLength: 1, maxLength: 50 });
    fc.assert(
      fc.property(
        aSecret,
        fc.constantFrom(...Object.keys(encoders)),
        surroundings,
        surroundings,
        sizes,
        (value, name, before, after, lengths) => {
          const text = before + (encoders[name] as (text: string) => string)(value) + after;
          const redactor = redactorOf(value);
          const stream = redactor.createStream();
          let out = '';
          for (let at = 0, i = 0; at < text.length; i++) {
            const next = at + (lengths[i % lengths.length] as number);
            out += stream.push(text.slice(at, next));
            at = next;
          }
          out += stream.end();
          expect(out).toBe(redactor.redact(text));
        },
      ),
      { numRuns: 800 },
    );
  });

  it('passes streamed bytes that hold no secret unchanged, and masks those that do (fuzz)', () => {
    fc.assert(
      fc.property(aSecret, fc.uint8Array({ maxLength: 200 }), fc.integer({ min: 1, max: 30 }), (value, bytes, size) => {
        const redactor = redactorOf(value);
        const pipe = (input: Uint8Array): Buffer => {
          const stream = redactor.createByteStream();
          const parts: Uint8Array[] = [];
          for (let at = 0; at < input.length; at += size) parts.push(stream.push(input.subarray(at, at + size)));
          return Buffer.concat([...parts, stream.end()]);
        };
        if (!redactor.holdsSecret(Buffer.from(bytes).toString('latin1'))) {
          expect(pipe(bytes).equals(Buffer.from(bytes))).toBe(true);
        }
        const held = Buffer.concat([bytes, Buffer.from(value), bytes]);
        expect(pipe(held).includes(Buffer.from(value))).toBe(false);
      }),
      { numRuns: 400 },
    );
  });

  it('changes nothing in text without secrets (fuzz)', () => {
    const redactor = redactorOf('Q7#Q7#Q7#Q7#Q7#Q7#', 'ZZZZ####ZZZZ####');
    fc.assert(
      fc.property(fc.string({ maxLength: 300, unit: fc.constantFrom(...'abcdefghij 0123456789"{}[]:,\n') }), (text) => {
        expect(redactor.redact(text)).toBe(text);
      }),
    );
  });

  it('finds each of hundreds of secrets in a long text', () => {
    const values = Array.from({ length: 400 }, (_, i) => `eyJhbGciOiJSUzI1NiJ9-${i}-${'x'.repeat(i % 37)}-end`);
    const redactor = redactorOf(...values);
    const text = values.map((value) => `{"t":"${value}"},${'filler '.repeat(20)}`).join('\n');
    const redacted = redactor.redact(text);
    expect(values.filter((value) => redacted.includes(value))).toEqual([]);
    expect(redacted.split('•••• orders token').length - 1).toBe(values.length);
  });

  it('has no spelling shorter than it searches for', () => {
    fc.assert(
      fc.property(fc.string({ minLength: 4, maxLength: 20 }), (value) =>
        toSpellings(value).every((each) => each.length >= 4),
      ),
    );
  });
});
