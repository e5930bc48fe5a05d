import { describe, expect, it } from 'vitest';
import { findFieldSpan, toFieldEdits } from '../../../src/credentials/definition-edits.ts';

const file = `{
  // who signs in
  "credentials": {
    "orders": { "scheme": "oauth2", "grant": "implicit", "scope": "a" },
    "maps": {
      "scheme": "apiKey", /* kept */
      "in": "query",
    },
  },
}
`;

function apply(text: string, name: string, changes: Readonly<Record<string, unknown>>): string {
  return toFieldEdits(text, name, changes).reduce(
    (now, { span, text: content }) => now.slice(0, span.start) + content + now.slice(span.end),
    text,
  );
}

describe('findFieldSpan', () => {
  const check = (name: string, field: string, expected: string | undefined): void =>
    it(`${name}.${field} is ${expected ?? 'nowhere'}`, () => {
      const span = findFieldSpan(file, name, field);
      expect(span && file.slice(span.start, span.end)).toBe(expected);
    });
  check('orders', 'grant', '"implicit"');
  check('orders', 'issuer', '"orders"');
  check('maps', 'in', '"query"');
  check('nobody', 'grant', undefined);
  it('takes broken text', () => expect(findFieldSpan('{"credentials": [', 'a', 'b')).toBeUndefined());
});

describe('toFieldEdits', () => {
  it('sets a field and touches nothing else', () =>
    expect(apply(file, 'orders', { grant: 'authorization_code' })).toBe(
      file.replace('implicit', 'authorization_code'),
    ));
  it('takes fields out and puts others in at once', () => {
    const text = apply(file, 'orders', { grant: 'authorization_code', scope: undefined, prompt: 'login' });
    expect(text).toContain('// who signs in');
    expect(text).toContain('/* kept */');
    expect(text).not.toContain('"scope"');
    expect(text.replace(/\s+/g, ' ')).toContain('"grant": "authorization_code", "prompt": "login" }');
  });
  it('keeps a comment beside the field that changes', () =>
    expect(apply(file, 'maps', { in: 'header' })).toBe(file.replace('"query"', '"header"')));
  it('writes lists and objects', () =>
    expect(JSON.parse(apply('{"credentials":{"a":{"quirks":["x","y"]}}}', 'a', { quirks: ['x'] }))).toEqual({
      credentials: { a: { quirks: ['x'] } },
    }));
  it('does nothing for one that is not there', () => {
    expect(toFieldEdits(file, 'nobody', { a: 1 })).toEqual([]);
    expect(toFieldEdits('not json', 'a', { a: 1 })).toEqual([]);
    expect(toFieldEdits(file, 'orders', { nothing: undefined })).toEqual([]);
  });
});
