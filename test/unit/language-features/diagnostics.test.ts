import { describe, expect, it } from 'vitest';
import { codeActions } from '../../../src/language/features/code-actions.ts';
import {
  plainDiagnostics,
  resolvedDiagnostics,
  type FeatureDiagnostic,
} from '../../../src/language/features/diagnostics.ts';
import { parseRequestFile } from '../../../src/language/parse-request-file.ts';
import { applied, fakeContext, type FakeFacts } from '../../support/feature-context.ts';

const token = 'sk_test_4eC39HqLyjWDarjtT1zdp7dcXY';
const facts: FakeFacts = {
  variables: { base_url: { display: 'https://a' } },
  credentials: { orders: {}, billing: {} },
  environment: 'local',
};
const refused = {
  code: 'CS-BIND-ORIGIN',
  message: 'orders may not go to https://api.example.org.',
  next: 'Use a credential bound to it, or send with none.',
};

async function all(text: string, given = facts): Promise<readonly FeatureDiagnostic[]> {
  const file = parseRequestFile(text);
  const context = fakeContext(file, given);
  return [...(await plainDiagnostics(file, context)), ...(await resolvedDiagnostics(file, context))];
}

/** `CODE “where it stands” message`, of all diagnostics. */
async function check(text: string, ...expected: readonly string[]): Promise<void> {
  const found = await all(text);
  expect(found.map(({ code, span, message }) => `${code} “${text.slice(span.start, span.end)}” ${message}`)).toEqual(
    expected,
  );
}

/** Titles of the quick fixes of every diagnostic, in order. */
async function titles(text: string, given = facts): Promise<readonly string[]> {
  const found = await all(text, given);
  return codeActions(parseRequestFile(text), { start: 0, end: text.length }, found).map(({ title }) => title);
}

/** The text after the quick fix of this title. */
async function checkFix(text: string, title: string, after: string, given = facts): Promise<void> {
  const found = await all(text, given);
  const fix = codeActions(parseRequestFile(text), { start: 0, end: text.length }, found).find(
    (one) => one.title === title,
  );
  expect(fix, `no fix “${title}”`).toBeDefined();
  expect(applied(text, fix?.edits ?? [])).toBe(after);
}

describe('unknown variables', () => {
  it('in the words of the design, with close names', () =>
    check(
      'GET {{baseUrl}}/invoices',
      'CS-VAR-UNKNOWN “{{baseUrl}}” No variable is called “baseUrl” in environment local. Close: base_url.',
    ));
  it('wherever a reference may stand', async () => {
    for (const text of [
      'GET http://x\nA: {{no}}',
      'POST http://x\n\n{"a": "{{no}}"}',
      '@a = {{no}}',
      'POST http://x\n\n<@ {{no}}.json',
      'GET http://x\n  ?a={{no}}',
    ]) {
      expect(
        (await all(text)).filter(({ code }) => code === 'CS-VAR-UNKNOWN'),
        text,
      ).toHaveLength(1);
    }
  });
  it('not of names that are known, by themselves or as the head of a path', async () => {
    await check('GET {{base_url}}/{{base_url.a[0]}}');
    await check('@a = 1\nGET http://x/{{a}}/{{%a}}');
    await check('# @name login\nPOST http://x\n\n###\nGET http://y/{{login.response.body.$.a}}');
    await check('GET http://x/{{$guid}}/{{"text"}}');
  });
  it('is asked once for each name', async () => {
    const file = parseRequestFile('GET http://x/{{no}}/{{no}}\n\n###\nGET http://y/{{no}}');
    const context = fakeContext(file, facts);
    expect(await resolvedDiagnostics(file, context)).toHaveLength(3);
    expect(context.asked).toEqual(['no']);
  });
  it('stops at the limit', async () => {
    const file = parseRequestFile(
      Array.from({ length: 50 }, (_, index) => `GET http://x/{{no${index}}}\n\n###\n`).join(''),
    );
    const context = fakeContext(file, facts);
    await resolvedDiagnostics(file, context, { limit: 10 });
    expect(context.asked).toHaveLength(10);
  });
  it('looks first where the person is', async () => {
    const text = 'GET http://x/{{no1}}\n\n###\nGET http://x/{{no2}}\n';
    const file = parseRequestFile(text);
    const context = fakeContext(file, facts);
    await resolvedDiagnostics(file, context, { limit: 1, from: text.indexOf('no2') });
    expect(context.asked).toEqual(['no2']);
  });
  it('ends when a newer version is there', async () => {
    const file = parseRequestFile('GET http://x/{{no}}');
    const context = fakeContext(file, facts);
    expect(await resolvedDiagnostics(file, context, { isCancelled: () => true })).toEqual([]);
  });
  it('says nothing where environments are not read', async () => {
    expect(await all('# @auth nobody\nGET {{baseUrl}}', { complete: false })).toEqual([]);
  });
  it('offers to change or define it', async () => {
    expect(await titles('GET {{baseUrl}}')).toEqual(['Change to “base_url”', 'Define in environment local…']);
    await checkFix('GET {{ baseUrl }}/x', 'Change to “base_url”', 'GET {{ base_url }}/x');
    expect(await titles('GET {{zzz}}', {})).toEqual(['Define in an environment…']);
  });
});

describe('unknown credentials', () => {
  it('in the words of the design', async () => {
    await check(
      '# @auth order\nGET http://x',
      'CS-DEF-UNKNOWN “order” No credential is called “order”. Close: orders.',
    );
    await check(
      'GET http://x\nA: {{$auth.token("order")}}',
      'CS-DEF-UNKNOWN “order” No credential is called “order”. Close: orders.',
    );
  });
  it('not of known ones, of none, of a variable', async () => {
    await check('# @auth orders\nGET http://x');
    await check('# @auth none\nGET http://x');
    await check('# @auth {{who}}\nGET http://x');
    await check('# @no-auth\nGET http://x');
  });
  it('offers to change or add it', async () => {
    expect(await titles('# @auth order\nGET http://x')).toEqual(['Change to “orders”', 'Add credential “order”…']);
    await checkFix('# @auth order\nGET http://x', 'Change to “orders”', '# @auth orders\nGET http://x');
  });
});

describe('credentials that may not go there', () => {
  const bound = (own: boolean): FakeFacts => ({
    ...facts,
    requests: { 0: { credential: 'orders', own, origin: 'https://api.example.org', refused } },
  });
  const text = '# @auth orders\nGET https://api.example.org/x';
  it('stands at the URL', async () => {
    const [found] = await all(text, bound(false));
    expect(found).toMatchObject({ code: 'CS-BIND-ORIGIN', message: refused.message });
    expect(text.slice(found?.span.start, found?.span.end)).toBe('https://api.example.org/x');
  });
  it('offers an origin only for a definition of one’s own', async () => {
    expect(await titles(text, bound(false))).toEqual(['Send with no credential', 'Choose another credential…']);
    expect(await titles(text, bound(true))).toEqual([
      'Send with no credential',
      'Choose another credential…',
      'Add this origin…',
    ]);
  });
  it('sends with none', () =>
    checkFix(text, 'Send with no credential', '# @auth none\nGET https://api.example.org/x', bound(false)));
});

describe('literal secrets', () => {
  it('stand where the secret stands', async () => {
    await check(
      `GET http://x\nAuthorization: Bearer ${token}`,
      `CS-DEF-SECRET “${token}” This looks like a bearer token. In this file, anyone with the repository has it.`,
    );
    await check(
      `GET http://x\nX-API-Key:   ${token}  `,
      `CS-DEF-SECRET “${token}” This looks like an API key. In this file, anyone with the repository has it.`,
    );
    await check(
      `@key = ${token}`,
      `CS-DEF-SECRET “${token}” This looks like an API key. In this file, anyone with the repository has it.`,
    );
    await check(
      `GET http://x?a=1&api_key=${token}`,
      `CS-DEF-SECRET “${token}” This looks like an API key. In this file, anyone with the repository has it.`,
    );
  });
  it('not of references and placeholders', async () => {
    await check('GET http://x\nAuthorization: Bearer YOUR_TOKEN');
    await check('@t = 1\nGET http://x\nAuthorization: Bearer {{t}}');
    await check('GET http://x?page=20&api_key={{base_url}}');
  });
  it('are found without asking anyone', async () => {
    const file = parseRequestFile(`GET http://x\nAuthorization: Bearer ${token}`);
    expect(await plainDiagnostics(file, fakeContext(file, { complete: false }))).toHaveLength(1);
  });
  it('offer the three fixes in order', async () => {
    expect(await titles(`GET http://x\nAuthorization: Bearer ${token}`)).toEqual([
      'Move to the secret store as credential…',
      'Use an existing credential…',
      'This is not a secret',
    ]);
    expect(await titles(`@key = ${token}`)).toEqual(['This is not a secret']);
    expect(await titles(`GET http://x?api_key=${token}`)).toEqual([
      'Move to the secret store as credential…',
      'This is not a secret',
    ]);
  });
  it('the fix never carries the secret', async () => {
    const text = `GET http://x\nAuthorization: Bearer ${token}`;
    const actions = codeActions(parseRequestFile(text), { start: 0, end: text.length }, await all(text));
    expect(JSON.stringify(actions)).not.toContain(token);
  });
});

describe('what the parser found', () => {
  it('can be corrected', async () => {
    await checkFix('hello there you\nGET http://x', 'Make it a comment', '# hello there you\nGET http://x');
    await checkFix('POST http://x\nhello\n', 'Insert a blank line', 'POST http://x\n\nhello\n');
    await checkFix('POST http://x\n\n{}\nGET http://y\n', 'Insert ###', 'POST http://x\n\n{}\n###\nGET http://y\n');
  });
  it('moves a variable out of a body', () =>
    checkFix(
      'POST http://x\nA: b\n\n{\n@a = 1\n}\n',
      'Move it above the request',
      '@a = 1\nPOST http://x\nA: b\n\n{\n}\n',
    ));
  it('changes a request’s name to one that is known', async () => {
    const login = '# @name login\nPOST http://x\n\n###\n';
    await checkFix(`${login}# @ref logn\nGET http://y`, 'Change to “login”', `${login}# @ref login\nGET http://y`);
    await checkFix(`${login}run #logn (@a=1)`, 'Change to “login”', `${login}run #login (@a=1)`);
  });
  it('keeps the line end of the file', async () => {
    await checkFix('POST http://x\r\nhello\r\n', 'Insert a blank line', 'POST http://x\r\n\r\nhello\r\n');
  });
  it('only what the selection touches is offered', async () => {
    const text = 'GET {{baseUrl}}\n\n###\n# @auth order\nGET http://x';
    const actions = codeActions(parseRequestFile(text), { start: 5, end: 5 }, await all(text));
    expect(actions.map(({ title }) => title)).toEqual(['Change to “base_url”', 'Define in environment local…']);
  });
});
