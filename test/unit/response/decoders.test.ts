import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Decoder } from '../../../src/response/decoders/decoder.ts';
import { decoderFor, decoders } from '../../../src/response/decoders/registry.ts';
import { indexJson } from '../../../src/response/json-index/index-json.ts';

const bytesOf = (text: string): Uint8Array => new TextEncoder().encode(text);
const hex = (digits: string): Uint8Array => Uint8Array.from(Buffer.from(digits.replaceAll(' ', ''), 'hex'));

function decode(kind: string, bytes: Uint8Array): string {
  const outcome = (decoderFor(kind) as Decoder).decode(bytes, 0);
  return outcome.ok ? new TextDecoder().decode(outcome.json) : `${String(outcome.offset)}: ${outcome.expected}`;
}

describe('CBOR: the examples of RFC 8949, appendix A', () => {
  it.each([
    ['00', '0'],
    ['17', '23'],
    ['1818', '24'],
    ['1864', '100'],
    ['1903e8', '1000'],
    ['1a000f4240', '1000000'],
    ['1b000000e8d4a51000', '1000000000000'],
    ['1bffffffffffffffff', '18446744073709551615'],
    ['c249010000000000000000', '18446744073709551616'],
    ['3bffffffffffffffff', '-18446744073709551616'],
    ['c349010000000000000000', '-18446744073709551617'],
    ['20', '-1'],
    ['3903e7', '-1000'],
    ['f90000', '0'],
    ['f98000', '-0'],
    ['f93c00', '1'],
    ['fb3ff199999999999a', '1.1'],
    ['f97bff', '65504'],
    ['fa47c35000', '100000'],
    ['fb7e37e43c8800759c', '1e+300'],
    ['f90001', '5.960464477539063e-8'],
    ['f90400', '0.00006103515625'],
    ['f9c400', '-4'],
    ['f97c00', '"Infinity"'],
    ['f97e00', '"NaN"'],
    ['f9fc00', '"-Infinity"'],
    ['f4', 'false'],
    ['f5', 'true'],
    ['f6', 'null'],
    ['f7', '"undefined"'],
    ['f0', '"simple(16)"'],
    ['f8ff', '"simple(255)"'],
    ['c11a514b67b0', '{"tag":1,"value":1363896240}'],
    ['d74401020304', `{"tag":23,"value":"h'01020304'"}`],
    ['40', `"h''"`],
    ['4401020304', `"h'01020304'"`],
    ['60', '""'],
    ['62225c', '"\\"\\\\"'],
    ['62c3bc', '"ü"'],
    ['64f0908591', '"𐅑"'],
    ['80', '[]'],
    ['8301820203820405', '[1,[2,3],[4,5]]'],
    ['a0', '{}'],
    ['a201020304', '{"1":2,"3":4}'],
    ['a26161016162820203', '{"a":1,"b":[2,3]}'],
    ['5f42010243030405ff', `"h'0102030405'"`],
    ['7f657374726561646d696e67ff', '"streaming"'],
    ['9f018202039f0405ffff', '[1,[2,3],[4,5]]'],
    ['bf61610161629f0203ffff', '{"a":1,"b":[2,3]}'],
    ['0102', '[1,2]'],
  ])('%s is %s', (digits, expected) => expect(decode('cbor', hex(digits))).toBe(expected));

  it.each([
    ['', '0: more bytes'],
    ['1c', '0: an item'],
    ['ff', '0: an item'],
    ['f800', '0: a simple value of 32 or more'],
    ['6361', '0: the end of the string'],
    ['5bffffffffffffffff00', '0: the end of the string'],
    ['9bffffffffffffffff00', '9: 18446744073709551615 more items, which do not fit in what is left'],
    ['9f01', '2: more bytes'],
  ])('%s is refused: %s', (digits, expected) => expect(decode('cbor', hex(digits))).toBe(expected));
});

describe('MessagePack', () => {
  it.each([
    ['c0', 'null'],
    ['7f', '127'],
    ['ff', '-1'],
    ['ccff', '255'],
    ['cfffffffffffffffff', '18446744073709551615'],
    ['d38000000000000000', '-9223372036854775808'],
    ['cb3ff199999999999a', '1.1'],
    ['a3616263', '"abc"'],
    ['d903616263', '"abc"'],
    ['93010203', '[1,2,3]'],
    ['82a16101a162c3', '{"a":1,"b":true}'],
    ['8101c2', '{"1":false}'],
    ['c4020102', `"h'0102'"`],
    ['d6ff00000000', '"1970-01-01T00:00:00.000Z"'],
    ['d40501', `{"extension":5,"data":"h'01'"}`],
    ['dc000201a0', '[1,""]'],
  ])('%s is %s', (digits, expected) => expect(decode('messagepack', hex(digits))).toBe(expected));

  it.each([
    ['c1', '0: an item'],
    ['ddffffffff', '5: 4294967295 more items, which do not fit in what is left'],
    ['a561', '2: more bytes'],
  ])('%s is refused: %s', (digits, expected) => expect(decode('messagepack', hex(digits))).toBe(expected));
});

describe('server-sent events', () => {
  it.each([
    ['data: a\ndata: b\n\n', '[{"event":"message","data":"a\\nb"}]'],
    [
      'event: tick\r\nid: 7\r\ndata: {"n": 1.10}\r\n\r\n: keep-alive\r\n\r\ndata:x\r\n\r\n',
      '[{"event":"tick","id":"7","data":{"n": 1.10}},{"event":"message","id":"7","data":"x"}]',
    ],
    ['retry: 10\ndata\n\n', '[{"event":"message","data":"","retry":10}]'],
    ['event: none\n\ndata: cut', '[{"event":"message","data":"cut","unfinished":true}]'],
    ['', '[]'],
  ])('%j', (text, expected) => expect(decode('events', bytesOf(text))).toBe(expected));
});

describe('multipart', () => {
  it('gives the parts of a form', () => {
    const body =
      '--xyz\r\nContent-Disposition: form-data; name="order"\r\nContent-Type: application/json\r\n\r\n{"n": 1.0}\r\n' +
      '--xyz\r\nContent-Disposition: form-data; name="file"; filename="a \\"b\\".bin"\r\nContent-Type: image/png\r\n\r\n\u0000\u0001\r\n--xyz--\r\n';
    expect(JSON.parse(decode('multipart', bytesOf(body)))).toEqual([
      {
        name: 'order',
        type: 'application/json',
        bytes: 10,
        headers: { 'Content-Disposition': 'form-data; name="order"', 'Content-Type': 'application/json' },
        content: { n: 1 },
      },
      expect.objectContaining({ name: 'file', filename: 'a "b".bin', type: 'image/png', bytes: 2, content: null }),
    ]);
  });

  it('keeps a part that broke off, and says so', () => {
    expect(decode('multipart', bytesOf('--b\n\nhalf'))).toBe(
      '[{"bytes":4,"unfinished":true,"headers":{},"content":"half"}]',
    );
    expect(decode('multipart', bytesOf('no delimiter'))).toBe('0: a delimiter that begins with --');
  });
});

describe('JWT', () => {
  const part = (value: unknown): string => Buffer.from(JSON.stringify(value)).toString('base64url');

  it('is laid open, and never as verified', () => {
    const token = `${part({ alg: 'ES256' })}.${part({ sub: 'ada', exp: 12 })}.c2ln`;
    expect(JSON.parse(decode('jwt', bytesOf(`${token}\n`)))).toEqual({
      verified: false,
      header: { alg: 'ES256' },
      claims: { sub: 'ada', exp: 12 },
    });
    const encrypted = `${part({ alg: 'RSA-OAEP', enc: 'A256GCM' })}.a.b.c.d`;
    expect(JSON.parse(decode('jwt', bytesOf(encrypted)))).toMatchObject({ verified: false, encrypted: true });
  });

  it.each(['a.b.c', 'eyJ.eyJ.x', `${part({ no: 1 })}.${part({})}.x`, `${part([1])}.${part({})}.x`])(
    '%s is none',
    (text) => expect(decode('jwt', bytesOf(text))).toBe('0: a header and claims with dots between them'),
  );
});

describe('every decoder', () => {
  it('gives JSON or a place, whatever it reads', () => {
    const mutated = fc
      .tuple(
        fc.constantFrom(
          '<a x="1"><b>t</b><!--c--></a>',
          '--b\r\nA: b\r\n\r\nx\r\n--b--',
          'data: {"a":1}\n\n',
          'eyJhbGciOiJub25lIn0.eyJhIjoxfQ.',
        ),
        fc.nat(40),
        fc.string({ maxLength: 6 }),
      )
      .map(([text, at, scrap]) => bytesOf(text.slice(0, at) + scrap + text.slice(at + 1)));
    for (const decoder of decoders) {
      fc.assert(
        fc.property(fc.oneof(fc.uint8Array({ maxLength: 80 }), mutated), (bytes) => {
          const outcome = decoder.decode(bytes, 0);
          if (outcome.ok) expect(indexJson(outcome.json).ok).toBe(true);
          else expect(outcome.offset).toBeLessThanOrEqual(bytes.length);
        }),
        { numRuns: 300 },
      );
    }
  });
});
