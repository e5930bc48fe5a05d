import { describe, expect, it } from 'vitest';
import type { NamedDefinition } from '../../../src/credentials/types.ts';
import { filterHistory, lastUseOf } from '../../../src/run/history-filter.ts';
import type { HistoryEntry } from '../../../src/run/history.ts';

type Change = { readonly [K in keyof HistoryEntry]?: HistoryEntry[K] | undefined };

const entry = (id: string, change: Change = {}): HistoryEntry => {
  const whole = {
    id,
    at: 0,
    method: 'GET',
    url: 'https://api.example/orders?status=open',
    name: 'listOrders',
    line: 1,
    status: 200,
    redirects: 0,
    milliseconds: 1,
    path: '/home/ada/shop/orders.http',
    ...change,
  };
  return JSON.parse(JSON.stringify(whole)) as HistoryEntry;
};

describe('the filter of the history', () => {
  const entries = [
    entry('open', { credential: 'orders', environment: 'local' }),
    entry('made', { method: 'POST', url: 'https://api.example/orders', status: 201 }),
    entry('lost', { url: 'https://other.example/x', name: null, status: undefined, error: 'CS-NET-REFUSED' }),
  ];
  const check = (words: string, expected: readonly string[]) =>
    expect(filterHistory(entries, words).map((each) => each.id)).toEqual(expected);

  it('shows everything for no words', () => check('  ', ['open', 'made', 'lost']));
  it('finds part of an address, in any case', () => check('ORDERS?', ['open']));
  it('wants every word', () => check('post orders 201', ['made']));
  it('finds a credential, an environment and a file', () => {
    check('local', ['open']);
    check('orders.http', ['open', 'made', 'lost']);
  });
  it('finds why a request was not sent, in words and by code', () => {
    check('connection refused', ['lost']);
    check('cs-net-refused', ['lost']);
    check('not sent', ['lost']);
  });
  it('finds nothing rather than something else', () => check('orders nobody', []));
});

describe('the last use of a credential', () => {
  const definition = { scheme: 'bearer', origins: [] };
  const own = { name: 'orders', definition, owner: 'user', hash: 'x' } as unknown as NamedDefinition;
  const inFile = { ...own, owner: 'workspace', file: '/home/ada/shop/countersign.json' } as NamedDefinition;
  const check = (entries: readonly HistoryEntry[], named: NamedDefinition, expected: string | undefined) =>
    expect(lastUseOf(entries, named, [own, inFile])?.id).toBe(expected);

  it('is the newest answered request it went with', () =>
    check(
      [
        entry('failed', { credential: 'orders', status: undefined }),
        entry('other', { credential: 'batch' }),
        entry('newest', { credential: 'orders' }),
        entry('older', { credential: 'orders' }),
      ],
      inFile,
      'newest',
    ));
  it('is not one of another credential of the same name', () => {
    const entries = [
      entry('in the folder', { credential: 'orders' }),
      entry('elsewhere', { credential: 'orders', path: '/home/ada/shopping/a.http' }),
    ];
    check(entries, own, 'elsewhere');
    check(entries, inFile, 'in the folder');
  });
  it('is nothing before it was used', () => check([entry('a')], own, undefined));
});
