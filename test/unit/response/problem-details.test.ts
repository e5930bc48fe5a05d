import { describe, expect, it } from 'vitest';
import { toProblemDetails } from '../../../src/response/problem-details.ts';

describe('problem details', () => {
  it.each([
    ['{"title":"No","detail":"Because"}', { title: 'No', detail: 'Because' }],
    ['{"type":"https://x/oops","detail":"Because"}', { title: 'https://x/oops', detail: 'Because' }],
    ['{"type":"about:blank","detail":"Because"}', { title: 'Because' }],
    ['{"title":7,"detail":["x"]}', undefined],
    ['{"title":" ","status":400}', undefined],
    ['["title"]', undefined],
    ['{"title"', undefined],
    ['null', undefined],
  ])('%s', (body, expected) => expect(toProblemDetails(body)).toEqual(expected));
});
