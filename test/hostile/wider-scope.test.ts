/** An API answers with a scope that nobody approved, so that the next token can do more (RFC 6750 §3.1). */
import { describe, expect, it } from 'vitest';
import { toAddedScopes, toScopeQuestion } from '../../src/vscode/commands/added-scopes.ts';

describe('a scope beyond the approved one is asked for by name', () => {
  const check = (approved: string | undefined, asked: string, added: readonly string[]): void => {
    it(`${asked} beyond ${approved ?? 'none'}`, () => expect(toAddedScopes(approved, asked)).toEqual(added));
  };
  check('orders.read', 'orders.read', []);
  check('orders.read openid', ' openid  orders.read ', []);
  check('orders.read', 'orders.read orders.write', ['orders.write']);
  check('orders.read', 'ORDERS.READ', ['ORDERS.READ']);
  check(undefined, 'admin admin', ['admin']);

  it('names the scope and who asks', () =>
    expect(toScopeQuestion('orders', ['orders.write'], 'https://api.example')).toEqual({
      title: 'Ask for orders.write as well?',
      detail: 'https://api.example asks for, beyond what you approved for orders:\n• orders.write',
      answerable: true,
    }));
  it('shows every one of several', () =>
    expect(toScopeQuestion('orders', ['a', 'b'], undefined).detail).toBe(
      'Asked for with this sign-in, beyond what you approved for orders:\n• a\n• b',
    ));
  it('cannot be agreed to when it does not fit', () => {
    const many = Array.from({ length: 13 }, (_, i) => `s${i}`);
    expect(toScopeQuestion('orders', many, undefined).answerable).toBe(false);
    expect(toScopeQuestion('orders', [`${'a'.repeat(100)}admin`], undefined).answerable).toBe(false);
  });
  it('makes hidden characters visible', () =>
    expect(toScopeQuestion('orders', ['a\u202eb'], undefined).title).toBe('Ask for a⟪U+202E⟫b as well?'));
});
