import { describe, expect, it } from 'vitest';
import { parseRequestFile } from '../../../src/language/parse-request-file.ts';
import type { HistoryEntry } from '../../../src/run/history.ts';
import { findAgain, toChange } from '../../../src/run/history-match.ts';

const entry = (change: Partial<HistoryEntry>): HistoryEntry => ({
  id: '1',
  at: 0,
  method: 'GET',
  url: 'https://api.example/orders',
  name: null,
  line: 1,
  status: 200,
  redirects: 0,
  milliseconds: 1,
  ...change,
});
const requestsOf = (text: string) => parseRequestFile(text).requests;

describe('the request of an entry', () => {
  const check = (text: string, line: number | undefined, change: Partial<HistoryEntry> = {}) =>
    expect(findAgain(requestsOf(text), entry(change))?.line).toBe(line);

  it('is found by its name, wherever it moved', () =>
    check('GET https://x/\n\n###\n# @name list\nGET https://api.example/other\n', 5, { name: 'list' }));
  it('is gone with its name', () => check('GET https://api.example/orders\n', undefined, { name: 'list' }));
  it('without a name is the one that reads the same, though lines came before it', () =>
    check('# a\n# b\nGET https://api.example/orders\n', 3));
  it('is the nearer of two that read the same', () =>
    check('GET {{api}}/orders\n\n###\nGET {{api}}/orders\n', 4, { line: 5 }));
  it('is the one on its line when none reads the same', () => check('DELETE https://api.example/orders/1\n', 1));
  it('is never one that has a name by now', () => check('# @name new\nGET https://api.example/orders\n', undefined));
  it('is gone when its line holds none', () => check('\n\n\nDELETE https://api.example/x\n', undefined));
});

describe('what changed', () => {
  const check = (
    text: string,
    expected: string | undefined,
    change: Partial<HistoryEntry> = {},
    now: { origin?: string | undefined; credential?: string | undefined } = {},
  ) => {
    const [request] = requestsOf(text);
    if (!request) throw new Error('no request');
    const found = toChange(entry(change), { request, origin: 'https://api.example', credential: undefined, ...now });
    expect(found?.now).toBe(expected);
  };

  it('is nothing for the same address', () => check('GET https://api.example/orders\n', undefined));
  it('is nothing for variables, fragments and escapes', () => {
    check('GET {{api}}/orders\n', undefined);
    check('GET {{all}}\n', undefined);
    check('GET https://api.example#top\n', undefined, { url: 'https://api.example/' });
    check('GET https://api.example/a b\n', undefined, { url: 'https://api.example/a%20b' });
    check('GET {{api}}/o/{{id}}/x?k={{key}}\n', undefined, { url: 'https://api.example/v1/o/7/x?k=••••' });
    check('GET https://api.example/{{a}}{{b}}\n', undefined, { url: 'https://api.example/12' });
    check('GET https://api.example?x=1\n', undefined, { url: 'https://api.example/?x=1' });
  });
  it('is nothing for a query over several lines', () =>
    check('GET https://api.example/orders\n  ?a=1\n  &b=2\n', undefined, {
      url: 'https://api.example/orders?a=1&b=2',
    }));
  it('is the method', () => check('DELETE {{api}}/orders\n', 'DELETE {{api}}/orders with no credential'));
  it('is the path or the query', () => {
    check('GET {{api}}/people\n', 'GET {{api}}/people with no credential');
    check('GET {{api}}/orders?all=true\n', 'GET {{api}}/orders?all=true with no credential');
    check('GET https://api.example/\n', 'GET https://api.example/ with no credential');
  });
  it('is the origin that another environment gives', () =>
    check(
      'GET {{api}}/orders\n',
      'GET {{api}}/orders at https://prod.example with no credential',
      {},
      {
        origin: 'https://prod.example',
      },
    ));
  it('is who calls', () => {
    check('GET {{api}}/orders\n', 'GET {{api}}/orders as bob', { credential: 'alice' }, { credential: 'bob' });
    check('GET {{api}}/orders\n', undefined, { credential: 'alice' }, { credential: 'alice' });
  });
  it('is not who calls when it was never sent: it may have ended before', () => {
    const { status: _status, ...unsent } = entry({ url: 'https://api.example/orders' });
    const [request] = requestsOf('GET {{api}}/orders\n');
    expect(request && toChange(unsent, { request, origin: undefined, credential: 'bob' })).toBeUndefined();
  });
  it('names what was sent then', () => {
    const [request] = requestsOf('POST {{api}}/orders\n');
    expect(
      request && toChange(entry({ credential: 'bob' }), { request, origin: undefined, credential: 'bob' }),
    ).toEqual({
      then: 'GET https://api.example/orders as bob',
      now: 'POST {{api}}/orders as bob',
    });
  });
});
