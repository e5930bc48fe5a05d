/** A definition is written so that the dialog shows something else than what is approved (design.md D2.2–D2.4). */
import { describe, expect, it } from 'vitest';
import { toApprovalRequest } from '../../src/credentials/approval-request.ts';
import { parseDefinitions } from '../../src/credentials/definitions.ts';
import type { NamedDefinition } from '../../src/credentials/types.ts';
import type { ApprovalRequest } from '../../src/ports.ts';
import { acquireApproval, toApprovalDetail } from '../../src/vscode/adapters/approval-question.ts';

const modest = {
  scheme: 'oauth2',
  grant: 'authorization_code',
  issuer: 'https://idp.example',
  client_id: 'x',
  scope: 'orders.read',
  origins: ['https://api.example'],
};
const many = Array.from({ length: 9 }, (_, i) => `https://api${i}.bank.example`);

function request(definition: Record<string, unknown>, before?: Record<string, unknown>): ApprovalRequest {
  const named = (fields: Record<string, unknown>): NamedDefinition =>
    parseDefinitions(JSON.stringify({ credentials: { orders: fields } }), {
      owner: 'workspace',
      file: '/w/countersign.json',
    }).definitions[0] as NamedDefinition;
  return toApprovalRequest(named(definition), before && named(before).definition);
}

/** Presses the buttons in order, and tells what was on offer each time. */
async function press(asked: ApprovalRequest, ...buttons: readonly string[]) {
  const offered: string[] = [];
  let shown = 0;
  const left = [...buttons];
  const approved = await acquireApproval(
    asked,
    async (_title, _detail, items) => {
      offered.push(items.map(({ title }) => title).join(', '));
      return left.shift();
    },
    async () => void (shown += 1),
  );
  return { approved, offered, shown };
}

describe('an approval shows what decides, or cannot be given', () => {
  it('many origins do not push the sign-in out of sight', () => {
    const { text, whole } = toApprovalDetail(
      request({ ...modest, issuer: 'https://evil-idp.example', origins: [...many, 'https://evil.example'] }),
    );
    expect(text.split('\n').slice(0, 5)).toEqual([
      'Sends to: https://api0.bank.example, https://api1.bank.example and 8 more origins',
      'Signs in at: https://evil-idp.example',
      'Client: x',
      'Grant: authorization_code with PKCE',
      'Scope: orders.read',
    ]);
    expect(whole).toBe(false);
  });
  it('the definition has every origin', () => {
    const { lines } = request({ ...modest, origins: [...many, 'https://evil.example'] });
    expect(lines.map(({ value }) => value)).toContain('https://evil.example');
  });
  it('many fields do not push client and scope out of sight', () => {
    const endpoints = ['token', 'revocation', 'introspection', 'userinfo', 'end_session', 'device_authorization'];
    const fields = Object.fromEntries(endpoints.map((name) => [`${name}_endpoint`, `https://${name}.example/x`]));
    const { text, whole } = toApprovalDetail(request({ ...modest, ...fields, audience: 'a', resource: 'https://r' }));
    expect(
      text
        .split('\n')
        .slice(2, 5)
        .map((line) => line.split(':')[0]),
    ).toEqual(['Client', 'Grant', 'Scope']);
    expect(whole).toBe(false);
  });
  it('a long scope is not approved by its beginning', () => {
    const asked = request({ ...modest, scope: `orders.read ${'a'.repeat(400)} admin` });
    expect(toApprovalDetail(asked).whole).toBe(false);
    expect(asked.lines.find(({ label }) => label === 'Scope')?.value).toMatch(/ admin$/);
  });
  it('origins added in bulk are counted in a change', () => {
    const { text, whole } = toApprovalDetail(request({ ...modest, origins: [...modest.origins, ...many] }, modest));
    expect(text.split('\n')[0]).toBe(
      '+ Sends to: https://api0.bank.example, https://api1.bank.example and 7 more origins',
    );
    expect(whole).toBe(false);
  });
  it('what is folded cannot be approved before it was opened', async () => {
    const asked = request({ ...modest, origins: many });
    expect(await press(asked, 'Approve')).toEqual({
      approved: false,
      offered: ['Show Definition, Not Now'],
      shown: 0,
    });
    expect(await press(asked, 'Show Definition', 'Approve')).toEqual({
      approved: true,
      offered: ['Show Definition, Not Now', 'Show Definition, Approve, Not Now'],
      shown: 1,
    });
  });
  it('what fits in is approved from the dialog', async () => {
    expect(await press(request(modest), 'Approve')).toMatchObject({ approved: true, shown: 0 });
    expect(toApprovalDetail(request(modest))).toEqual({
      text: [
        'Sends to: https://api.example',
        'Signs in at: https://idp.example',
        'Client: x',
        'Grant: authorization_code with PKCE',
        'Scope: orders.read',
        'Asked by: countersign.json, in w',
        '',
        'Its token will go nowhere else. A changed definition asks again.',
      ].join('\n'),
      whole: true,
    });
  });
  it('looking approves nothing', async () => {
    expect(await press(request(modest), 'Show Definition', 'Not Now')).toMatchObject({ approved: false, shown: 1 });
    expect(await press(request(modest))).toMatchObject({ approved: false });
  });
});
