import { expect, it } from 'vitest';
import { findDefinition } from '../../../src/credentials/find-definition.ts';

function check(text: string, name: string, expected: string | undefined): void {
  const span = findDefinition(text, name);
  expect(span && text.slice(span.start, span.start + 20)).toBe(expected?.slice(0, 20));
}

it('finds the entry of countersign.json, not a field or a value of that name', () =>
  check(
    '{"x":"orders","orders":1,"credentials":{"a":{"orders":1},"orders":{"scheme":"bearer"}}}',
    'orders',
    '"orders":{"scheme":"bearer"}',
  ));
it('finds the entry of an environment file', () =>
  check('{"dev":{"Security":{"Auth":{"idp":{"Type":"OAuth2"}}}}}', 'idp', '"idp":{"Type":"OAuth2"}'));
it('finds nothing where there is nothing', () => {
  check('{"credentials":{}}', 'orders', undefined);
  check('', 'orders', undefined);
  check('{"credentials":{"orders":', '__proto__', undefined);
});
