import { describe, expect, it } from 'vitest';
import { toRedirectText } from '../../../src/vscode/redirect-text.ts';

describe('toRedirectText', () => {
  const parts = { scheme: 'vscode', authority: 'countersign.countersign', path: '/signed-in', query: '', fragment: '' };
  const read = (query: string): URLSearchParams => new URL(toRedirectText({ ...parts, query })).searchParams;

  it.each(['a+b/c==', 'a%2Bb', '100%', 'a b', 'x#y', '4/0AX4XfWh'])('keeps the value %s as it was', (value) => {
    expect(read(`code=${value}&state=s`).get('code')).toBe(value);
    expect(read(`code=${value}&state=s`).get('state')).toBe('s');
  });
  it('keeps the fragment', () => {
    const url = new URL(toRedirectText({ ...parts, fragment: 'access_token=a+b&state=s' }));
    expect(new URLSearchParams(url.hash.slice(1)).get('access_token')).toBe('a+b');
  });
  it('is the plain address without query and fragment', () => {
    expect(toRedirectText(parts)).toBe('vscode://countersign.countersign/signed-in');
  });
});
