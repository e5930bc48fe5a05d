import { describe, expect, it } from 'vitest';
import {
  captureItemAt,
  captureItemFrom,
  captureSources,
  captureUses,
} from '../../../src/language/features/capture-calls.ts';
import { parseRequestFile } from '../../../src/language/parse-request-file.ts';
import { atCursor } from '../../support/feature-context.ts';

const text = `# @name login
POST https://x.example/login

###
@token = {{login.response.body.$.token}}
@plain = 1

### Orders
# @name orders
GET https://x.example/orders?p={{plain}}
Authorization: Bearer {{token}}

### One order
# @ref orders
GET https://x.example/orders/{{orders.response.body.$[0].id}}?a={{orders.response.body.$[1].id}}
X-Session: {{login.response.headers.session}}
`;
const file = parseRequestFile(text);
const uses = (name: string): string[] =>
  captureUses(file, name).map(({ item, places }) => `${item.label} ×${places.length}`);
const sources = (marked: string): string[] => {
  const item = captureItemAt(file, text.indexOf(marked))!;
  return captureSources(file, item).map(({ name, places }) => `${name} ×${places.length}`);
};

describe('who uses a response', () => {
  it('are requests and variables, once each, with every place', () => {
    expect(uses('login')).toEqual(['@token ×1', 'One order ×1']);
    expect(uses('orders')).toEqual(['One order ×3']);
    expect(uses('token')).toEqual(['Orders ×1']);
    expect(uses('nobody')).toEqual([]);
  });
  it('whose responses a request uses, through variables too, but not what has none', () => {
    expect(sources('GET https://x.example/orders?p')).toEqual(['token ×1']);
    expect(sources('@token')).toEqual(['login ×1']);
    expect(sources('GET https://x.example/orders/')).toEqual(['orders ×3', 'login ×1']);
    expect(sources('POST')).toEqual([]);
  });
  it('is asked at a name, or anywhere in a request', () => {
    const at = (marked: string): string | undefined => {
      const { file: marks, offset } = atCursor(marked);
      return captureItemAt(marks, offset)?.label;
    };
    expect(at('# @name login\nPOST http://x\nA: b$0')).toBe('login');
    expect(at('# @name login\nPOST http://x\n\n###\nGET http://x/{{log$0in.response.body.a}}')).toBe('login');
    expect(at('@a$0b = 1\nGET http://x')).toBe('@ab');
    expect(at('$0')).toBeUndefined();
  });
  it('finds an item again by where its name stands', () => {
    for (const request of file.requests) {
      expect(captureItemFrom(file, request.requestLine.start)?.span).toEqual(request.span);
    }
    expect(captureItemFrom(file, file.variables[0]!.nameSpan.start)?.label).toBe('@token');
    expect(captureItemFrom(file, 3)).toBeUndefined();
  });
  it('ends with variables that refer to each other, however many', () => {
    const round = parseRequestFile(
      `# @name a\nGET http://x\n\n###\n@v0 = {{a.response.body.x}} {{v99999}}\n${Array.from({ length: 99_999 }, (_, index) => `@v${index + 1} = {{v${index}}}`).join('\n')}\n\n###\nGET http://x/{{v99999}}\n`,
    );
    const item = captureItemAt(round, round.requests[1]!.requestLine.start)!;
    expect(captureSources(round, item).map(({ name }) => name)).toEqual(['v99999']);
  });
});
