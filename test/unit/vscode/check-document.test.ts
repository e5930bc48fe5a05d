import { describe, expect, it } from 'vitest';
import type { Definition } from '../../../src/credentials/types.ts';
import { checkDefinition } from '../../../src/oauth/checks/registry.ts';
import { toCheckDocument } from '../../../src/vscode/check-document.ts';

const definition = {
  scheme: 'oauth2',
  grant: 'password',
  issuer: 'https://idp.example.com',
  client_id: 'cli',
  redirect_port: 7,
  scope: 'full',
  origins: ['https://api.example.com'],
} as unknown as Definition;

describe('the document of a check', () => {
  it('says what was compared, the worst first, and what to change', () => {
    const text = toCheckDocument({
      name: 'orders',
      asked: 'https://idp.example.com',
      advice: checkDefinition('orders', definition),
    });
    expect(text).toContain('# orders: best practice');
    expect(text.indexOf('## Errors')).toBeLessThan(text.indexOf('## Warnings'));
    expect(text).toContain('`grant`: `"authorization_code"`, take `username` out');
    expect(text).toContain('[RFC 9700, 2.4](https://www.rfc-editor.org/rfc/rfc9700#section-2.4)');
  });
  it('says why the issuer was not asked, and makes no Markdown of what others wrote', () => {
    const failure = { code: 'CS-NET-DNS', message: 'No [host](https://evil.example) `x` <b>.', next: 'Look.' };
    const text = toCheckDocument({ name: '[a](b)', failure, advice: [] });
    expect(text).toContain('could not be asked');
    expect(text).toContain('Nothing to change.');
    expect(text.replace(/\\./g, '')).not.toMatch(/\]\(https:\/\/evil|<b>|\[a\]\(/);
  });
});
