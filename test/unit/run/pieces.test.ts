import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { Secret } from '../../../src/credentials/secret.ts';
import type { Attachment } from '../../../src/credentials/types.ts';
import type { OutgoingRequest } from '../../../src/http/types.ts';
import { attach, detach } from '../../../src/run/attach.ts';
import { directives } from '../../../src/language/directives/registry.ts';
import { pendingEffects } from '../../../src/language/directives/directive.ts';
import { parseRequestFile } from '../../../src/language/parse-request-file.ts';
import { toRequestOptions } from '../../../src/run/directives.ts';
import { parseDuration } from '../../../src/run/duration.ts';
import { toFormBody, toFormBodyAlways } from '../../../src/run/form-encoding.ts';
import { boundaryOf, missingEnd, toCrlf } from '../../../src/run/multipart.ts';

describe('durations (T1)', () => {
  const check = (text: string, milliseconds: number): void => {
    it(`${text} is ${milliseconds} ms`, () => expect(parseDuration(text)).toBe(milliseconds));
  };
  check('5', 5000);
  check('999', 999_000);
  check('1000', 1000);
  check('5 ms', 5);
  check('2s', 2000);
  check('1.5 s', 1500);
  check('2 m', 120_000);
  it('says what it expects', () => {
    expect(() => parseDuration('soon')).toThrow(expect.objectContaining({ code: 'CS-PARSE-DIRECTIVE' }));
  });
});

describe('directives without effect', () => {
  const options = (head: string): unknown => toRequestOptions(parseRequestFile(`${head}GET http://x\n`).requests[0]!);
  const without = directives.filter(({ effect }) => effect === 'ignored' || pendingEffects.has(effect));
  it.each(without.map(({ name }) => name))('# @%s changes no option', (name) => {
    expect(options(`# @${name} 5\n`)).toEqual(options(''));
  });
  it.each(['loop for 3', 'rateLimit --minIdleTime 1', 'use-os-credentials'])('# @%s is told', (line) => {
    expect(options(`# @${line}\n`)).toMatchObject({ notOffered: [line.split(' ')[0]] });
  });
});

describe('form bodies', () => {
  const check = (text: string, expected: string): void => {
    it(`${text} is sent as ${expected}`, () => expect(toFormBody(text)).toBe(expected));
  };
  check('a=1&b=2', 'a=1&b=2');
  check('a=x y', 'a=x%20y');
  check('a=x+y', 'a=x+y');
  check('a=%20', 'a=%20');
  check('a=100%', 'a=100%25');
  check('a=ä', 'a=%C3%A4');
  check('a=😀', 'a=%F0%9F%98%80');
  it('encodes nothing twice', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary' }), (text) => {
        expect(toFormBody(toFormBody(text))).toBe(toFormBody(text));
        expect(decodeURIComponent(toFormBodyAlways(text))).toBe(text.toWellFormed());
      }),
    );
  });
});

describe('multipart bodies', () => {
  it('finds the boundary', () => {
    expect(boundaryOf('multipart/form-data; boundary=abc')).toBe('abc');
    expect(boundaryOf('multipart/mixed; boundary="a b"; x=y')).toBe('a b');
    expect(boundaryOf('text/plain; boundary=abc')).toBeUndefined();
  });
  it('ends lines with CRLF once', () => expect(toCrlf('a\nb\r\nc')).toBe('a\r\nb\r\nc'));
  it('adds the closing boundary where it is missing', () => {
    expect(missingEnd('--abc\r\n\r\nx', 'abc')).toBe('\r\n--abc--\r\n');
    expect(missingEnd('--abc\r\n\r\nx\r\n', 'abc')).toBe('--abc--\r\n');
    expect(missingEnd('--abc\r\n\r\nx\r\n--abc--', 'abc')).toBe('\r\n');
    expect(missingEnd('--abc\r\n\r\nx\r\n--abc--\r\n', 'abc')).toBe('');
  });
});

describe('attaching', () => {
  const secret = new Secret('t0k3n/+=', 'test token');
  const request: OutgoingRequest = {
    method: 'GET',
    url: new URL('https://a.example/x?b=1&c=%2F'),
    headers: [
      ['Accept', '*/*'],
      ['Cookie', 'theme=dark'],
    ],
  };
  const attachment: Attachment = {
    headers: [{ name: 'Authorization', prefix: 'Bearer ', value: secret }],
    query: [{ name: 'api_key', value: secret }],
    cookies: [{ name: 'session', value: secret }],
  };
  it('puts headers, query and cookies on, leaving the rest as written', () => {
    const sent = attach(request, [attachment]);
    expect(sent.url.href).toBe('https://a.example/x?b=1&c=%2F&api_key=t0k3n%2F%2B%3D');
    expect(sent.headers).toEqual([
      ['Accept', '*/*'],
      ['Cookie', 'theme=dark; session=t0k3n/+='],
      ['Authorization', 'Bearer t0k3n/+='],
    ]);
  });
  it('replaces what the file wrote by hand', () => {
    const sent = attach({ ...request, headers: [['authorization', 'Bearer old']] }, [attachment]);
    expect(sent.headers.filter(([name]) => name.toLowerCase() === 'authorization')).toHaveLength(1);
  });
  it('takes off a name and a value that the URL writes differently', () => {
    const odd = { ...attachment, query: [{ name: "k'[]", value: new Secret("p'a|s^s`w{o}r d", 'x') }] };
    const sent = attach(request, [odd]);
    expect(sent.url.search).not.toContain("'");
    expect(detach(sent, [odd]).url.href).toBe(request.url.href);
    expect(attach(sent, [odd]).url.href).toBe(sent.url.href);
  });
  it('takes off exactly what it put on', () => {
    const back = detach(attach(request, [attachment]), [attachment]);
    expect(back.url.href).toBe(request.url.href);
    expect(back.headers).toEqual(request.headers);
  });
});
