import { describe, expect, it } from 'vitest';
import type { Memento } from 'vscode';
import { dismissSecret, isDismissed } from '../../../src/vscode/language/dismissed-secrets.ts';

function memento(): Memento & { readonly kept: Map<string, unknown> } {
  const kept = new Map<string, unknown>();
  return {
    kept,
    keys: () => [...kept.keys()],
    get: <T>(key: string, otherwise?: T) => (kept.get(key) ?? otherwise) as T,
    update: (key, value) => {
      kept.set(key, value);
      return Promise.resolve();
    },
  };
}

describe('what is called no secret', () => {
  it('is remembered by its hash alone', async () => {
    const state = memento();
    await dismissSecret(state, 'abc-not-a-secret');
    expect(isDismissed(state, 'abc-not-a-secret')).toBe(true);
    expect(isDismissed(state, 'another')).toBe(false);
    expect(JSON.stringify([...state.kept])).not.toContain('abc');
  });
  it('is kept once, and the oldest goes at five hundred', async () => {
    const state = memento();
    for (let index = 0; index <= 500; index++) await dismissSecret(state, `value ${index}`);
    await dismissSecret(state, 'value 500');
    expect(isDismissed(state, 'value 0')).toBe(false);
    expect(isDismissed(state, 'value 1')).toBe(true);
    expect(state.kept.get('notSecrets')).toHaveLength(500);
  });
});
