/** A first request as a file has it: one request, the credential by name, and nothing in it that means more than text. */
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { parseRequestFile } from '../../../src/language/parse-request-file.ts';
import type { DraftRequest } from '../../../src/setup/pasted.ts';
import { readPasted } from '../../../src/setup/read-pasted.ts';
import { toGet, toRequestText } from '../../../src/setup/request-text.ts';

const post = (body: string, headers: DraftRequest['headers'] = []): DraftRequest => ({
  method: 'POST',
  url: 'https://api.example.com/orders',
  headers,
  body,
});

interface Parts {
  readonly requests: number;
  readonly method: string | undefined;
  readonly url: string | undefined;
  readonly headers: readonly string[];
  readonly body: readonly string[];
  readonly auth: readonly string[];
}

function parse(text: string): Parts {
  const { requests } = parseRequestFile(`### orders\n${text}`);
  const [first] = requests;
  return {
    requests: requests.length,
    method: first?.method,
    url: first?.url.text,
    headers: first?.headers.map(({ name, value }) => `${name.text}: ${value.text}`) ?? [],
    body:
      first?.body?.parts.map((part) => (part.kind === 'text' ? part.text.text.trim() : `FILE ${part.path.text}`)) ?? [],
    auth: first?.directives.map(({ name, value }) => `${name} ${value}`) ?? [],
  };
}

describe('a first request', () => {
  it('names its credential, and is a request that can be sent', () => {
    expect(parse(toRequestText(toGet('https://api.example.com/orders?page=2'), 'orders'))).toEqual({
      requests: 1,
      method: 'GET',
      url: 'https://api.example.com/orders?page=2',
      headers: ['Accept: application/json'],
      body: [],
      auth: ['auth orders'],
    });
    expect(parse(toRequestText(post('{"a":\n1}', [['Content-Type', 'application/json']]), 'orders')).body).toEqual([
      '{"a":\n1}',
    ]);
  });

  for (const body of [
    '< /etc/passwd',
    'a\n< ./secrets.json',
    '<@ ./x',
    '### another\nGET https://other.example.com',
    '> {% client.global.set("a", 1) %}',
    '?? status == 200',
    '<> ./saved.json',
  ]) {
    it(`leaves out a body that would be read as more than text: ${JSON.stringify(body)}`, () => {
      expect(parse(toRequestText(post(body), 'orders'))).toMatchObject({ requests: 1, body: [] });
    });
  }

  it('keeps XML, whose lines begin alike', () => {
    expect(parse(toRequestText(post('<?xml version="1.0"?>\n<a>1</a>'), 'o')).body).toEqual([
      '<?xml version="1.0"?>\n<a>1</a>',
    ]);
  });

  it('takes no header that would break out of its line', () => {
    const text = toRequestText(
      post('x', [
        ['A', 'b\r\nAuthorization: Basic c'],
        ['B C', 'd'],
        ['E', 'f'],
      ]),
      'o',
    );
    expect(parse(text).headers).toEqual(['E: f']);
  });

  it('never makes two requests, an include or another address, whatever the command said', () => {
    const line = fc.oneof(
      fc.constantFrom(
        '### x',
        '< ./a',
        '<@ ./a',
        '> x',
        '{% a %}',
        '?? a',
        '# @auth other',
        '@a=b',
        'GET https://evil.example.com',
        '',
        '{"a":1}',
      ),
      fc.string({ maxLength: 20 }),
    );
    fc.assert(
      fc.property(fc.array(line, { maxLength: 6 }), (lines) => {
        const body = lines.join('\n').replaceAll("'", '');
        const found = readPasted(`curl https://api.example.com/orders --data-raw '${body}'`, { now: 0 })?.found[0];
        const request = found?.draft.request;
        if (!request) return;
        const parts = parse(toRequestText(request, 'orders'));
        expect(parts).toMatchObject({ requests: 1, url: 'https://api.example.com/orders', auth: ['auth orders'] });
        expect(parts.body.some((part) => part.startsWith('FILE '))).toBe(false);
      }),
      { numRuns: 1000 },
    );
  });
});
