import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { CountersignError } from '../../../src/errors/countersign-error.ts';
import { toRequestHead } from '../../../src/http/request-head.ts';
import type { HeaderPair, OutgoingBody, OutgoingRequest } from '../../../src/http/types.ts';
import { textBody } from '../../support/http-servers.ts';

const unknownLength: OutgoingBody = { ...textBody('x'), length: undefined };

function request(headers: HeaderPair[] = [], more: Partial<OutgoingRequest> = {}): OutgoingRequest {
  return { method: 'GET', url: new URL('https://api.example.com/a?b#c'), headers, ...more };
}

function check(input: OutgoingRequest, expected: HeaderPair[] | string): void {
  let actual: readonly HeaderPair[] | string;
  try {
    actual = toRequestHead(input).headers;
  } catch (error) {
    actual = (error as CountersignError).code;
  }
  expect(actual).toEqual(expected);
}

const host: HeaderPair = ['Host', 'api.example.com'];
const alive: HeaderPair = ['Connection', 'keep-alive'];

describe('the head of a request', () => {
  it('adds what is missing and nothing else', () => check(request(), [host, alive]));
  it('keeps order, case and repeats', () =>
    check(
      request([
        ['x-B', '1'],
        ['X-a', '2'],
        ['x-b', '3'],
      ]),
      [host, ['x-B', '1'], ['X-a', '2'], ['x-b', '3'], alive],
    ));
  it('keeps a Host where it was written', () =>
    check(
      request([
        ['A', '1'],
        ['hOST', 'api.example.com:443'],
      ]),
      [['A', '1'], ['hOST', 'api.example.com:443'], alive],
    ));
  it('keeps a Connection', () => check(request([['Connection', 'close']]), [host, ['Connection', 'close']]));
  it('announces a body', () =>
    check(request([], { method: 'POST', body: textBody('four') }), [host, ['Content-Length', '4'], alive]));
  it('announces a body of a GET', () =>
    check(request([], { body: textBody('é') }), [host, ['Content-Length', '2'], alive]));
  it('announces an empty POST', () => check(request([], { method: 'POST' }), [host, ['Content-Length', '0'], alive]));
  it('chunks a body of unknown length', () =>
    check(request([], { method: 'PUT', body: unknownLength }), [host, ['Transfer-Encoding', 'chunked'], alive]));
  it('takes a right Content-Length', () =>
    check(
      request(
        [
          ['content-length', '1'],
          ['A', 'b'],
          ['Content-Length', '1'],
        ],
        { method: 'PUT', body: textBody('x') },
      ),
      [host, ['content-length', '1'], ['A', 'b'], alive],
    ));
  for (const [name, input] of Object.entries({
    'a wrong Content-Length': request([['Content-Length', '2']], { method: 'PUT', body: textBody('x') }),
    'two Content-Lengths': request(
      [
        ['Content-Length', '1'],
        ['content-length', '2'],
      ],
      { body: textBody('x') },
    ),
    'a list of lengths': request([['Content-Length', '1, 1']], { body: textBody('x') }),
    'a signed length': request([['Content-Length', '+1']], { body: textBody('x') }),
    'a length without a body': request([['Content-Length', '5']]),
    'both framings': request(
      [
        ['Content-Length', '1'],
        ['Transfer-Encoding', 'chunked'],
      ],
      { body: textBody('x') },
    ),
    'another coding': request([['Transfer-Encoding', 'gzip, chunked']], { body: textBody('x') }),
    'a coding in disguise': request([['Transfer-Encoding', 'xchunked']], { body: textBody('x') }),
    'a coding without a body': request([['Transfer-Encoding', 'chunked']]),
    'another Host': request([['Host', 'evil.example']]),
    'two Hosts': request([
      ['Host', 'api.example.com'],
      ['host', 'api.example.com'],
    ]),
  })) {
    it(`refuses ${name}`, () => check(input, 'CS-HTTP-FRAMING'));
  }
  it('sends another Host when told so', () =>
    check(request([['Host', 'other.example']], { allowHostOverride: true }), [['Host', 'other.example'], alive]));
  it('refuses a method with a blank', () =>
    check(request([], { method: 'GET /x HTTP/1.1\r\nA: b' }), 'CS-HTTP-METHOD'));
  it('refuses another scheme', () => check(request([], { url: new URL('ftp://a/') }), 'CS-HTTP-URL'));
  it('leaves user and fragment out of the request line', () =>
    expect(toRequestHead(request([], { url: new URL('http://u:p@h/a b?q=é#f') })).target).toBe('/a%20b?q=%C3%A9'));
  it('keeps an empty segment in the path', () =>
    expect(toRequestHead(request([], { url: new URL('http://h//token//') })).target).toBe('//token//'));

  it('never repeats a value it refuses', () => {
    fc.assert(
      fc.property(
        fc.constantFrom('\r', '\n', '\r\n', '\0', '\u010d\u010a', 'ł', '😀', '\x7f', '\x1b'),
        fc.string(),
        (bad, tail) => {
          const secret = `canary-4711${bad}${tail}`;
          try {
            toRequestHead(request([['Authorization', secret]]));
          } catch (error) {
            const { code, message, facts, next } = error as CountersignError;
            expect(code).toBe('CS-HTTP-HEADER');
            expect(message).toContain('Authorization');
            expect(JSON.stringify({ message, facts, next })).not.toContain('canary');
            return;
          }
          expect.fail('was not refused');
        },
      ),
    );
  });
  it('refuses names that are no tokens', () => {
    for (const name of ['', 'A B', 'A:', 'A\r\nB', 'é', 'a(b']) check(request([[name, 'x']]), 'CS-HTTP-HEADER');
  });
  it('allows Latin-1 and tabs', () => check(request([['A', 'caf\xe9\tx']]), [host, ['A', 'caf\xe9\tx'], alive]));
});
