/** Paths and query parameters of an API description in the workspace. */
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { complete } from '../../../src/language/features/completion.ts';
import { toOperations } from '../../../src/language/features/openapi.ts';
import { atCursor, fakeContext } from '../../support/feature-context.ts';

const description = {
  openapi: '3.1.0',
  servers: [{ url: 'https://api.example.com/v1/' }],
  paths: {
    '/orders': {
      parameters: [{ name: 'tenant', in: 'query', required: true }],
      get: {
        summary: 'List orders',
        parameters: [
          { $ref: '#/components/parameters/limit' },
          { name: 'X-Trace', in: 'header' },
          { name: 'status', in: 'query', description: 'open or closed' },
        ],
      },
      post: { operationId: 'createOrder' },
    },
    '/orders/{id}': { get: { summary: 'One order', parameters: [{ name: 'expand', in: 'query' }] } },
  },
  components: { parameters: { limit: { name: 'limit', in: 'query' } } },
};
const operations = toOperations(description);

async function labels(marked: string): Promise<string[]> {
  const { file, offset } = atCursor(marked);
  const found = await complete(file, offset, fakeContext(file, { operations }));
  return found.map(
    ({ label, detail, replace }) =>
      `${file.text.slice(replace.start, replace.end)}→${label}${detail ? ` · ${detail}` : ''}`,
  );
}

describe('completion from a description', () => {
  const paths = ['/v1/orders · List orders', '/v1/orders/{{id}} · One order'];
  it('of paths, for the method', async () => {
    expect(await labels('GET {{api}}/or$0')).toEqual(paths.map((path) => `/or→${path}`));
    expect(await labels('POST https://api.example.com/$0')).toEqual(['/→/v1/orders · createOrder']);
    expect(await labels('DELETE {{api}}/$0')).toEqual([]);
  });
  it('of the query, what is required first, without what is there', async () => {
    expect(await labels('GET {{api}}/v1/orders?$0')).toEqual(['→tenant= · required', '→limit=', '→status=']);
    expect(await labels('GET {{api}}/v1/orders?tenant=1&st$0')).toEqual(['st→limit=', 'st→status=']);
    expect(await labels('GET {{api}}/v1/orders/{{id}}?$0')).toEqual(['→expand=']);
    expect(await labels('GET {{api}}/v1/orders\n    ?tenant=1\n    &$0\nAccept: a/b')).toEqual(['→limit=', '→status=']);
  });
  it('of nothing where no description fits', async () => {
    expect(await labels('GET {{api}}/v1/other?$0')).toEqual([]);
    expect(await labels('GET {{api}}/v1/orders?limit=$0')).toEqual([]);
  });
});

describe('descriptions', () => {
  it('of Swagger 2', () =>
    expect(toOperations({ swagger: '2.0', basePath: '/v2', paths: { '/a': { get: {} } } })).toEqual([
      { method: 'GET', path: '/v2/a', summary: '', query: [] },
    ]));
  it.each([
    null,
    'x',
    [],
    {},
    { openapi: 3 },
    { openapi: '3.0.0', paths: 5 },
    { openapi: '3.0.0', paths: { '/a': { get: 7, put: null } } },
  ])('none in %j', (value) => expect(toOperations(value)).toEqual([]));
  it('never throw', () =>
    fc.assert(
      fc.property(
        fc.anything(),
        fc.anything(),
        (paths, item) =>
          void toOperations({
            openapi: '3',
            servers: [item],
            paths: { '/a': paths, '/b': { get: item, parameters: [paths, { $ref: '#/paths/~1a' }] } },
          }),
      ),
    ));
});
