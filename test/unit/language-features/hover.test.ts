import { describe, expect, it } from 'vitest';
import { hover, type HoverContent } from '../../../src/language/features/hover.ts';
import { headerTable } from '../../../src/language/features/header-table.ts';
import { methodDocs } from '../../../src/language/features/method-table.ts';
import { methods } from '../../../src/language/methods.ts';
import { escapeMarkdown, toHoverMarkdown } from '../../../src/vscode/language/hover-markdown.ts';
import { atCursor, fakeContext, type FakeFacts } from '../../support/feature-context.ts';

const facts: FakeFacts = {
  variables: {
    api: { display: 'https://api.example.com', overrides: [{ label: 'settings' }, { label: 'this file', line: 9 }] },
    key: { display: '••••' },
  },
  credentials: {
    orders: {
      state: 'signed in as Ada Lovelace',
      well: true,
      signedIn: true,
      scope: 'openid orders.read',
      token: 'expires in 52 min, refreshes by itself',
    },
    fresh: {},
  },
};

async function at(marked: string, given = facts): Promise<HoverContent | undefined> {
  const { file, offset } = atCursor(marked);
  return hover(file, offset, fakeContext(file, given));
}

async function check(marked: string, expected: Partial<HoverContent> | undefined): Promise<void> {
  const found = await at(marked);
  if (expected === undefined) expect(found).toBeUndefined();
  else expect(found).toMatchObject(expected);
}

async function rows(marked: string): Promise<Record<string, string>> {
  return Object.fromEntries(((await at(marked))?.rows ?? []).map(({ label, value }) => [label, value]));
}

describe('hover on a variable', () => {
  it('value, origin and what it overrides', async () => {
    expect(await rows('GET {{a$0pi}}/x')).toEqual({
      Value: 'https://api.example.com',
      From: 'http-client.env.json, line 3',
      Overrides: 'settings, this file, line 9',
    });
  });
  it('at its definition too', async () => {
    expect(await rows('@ci$0ty = Bergen\n\nGET http://x')).toMatchObject({
      Value: 'Bergen',
      From: 'this file, line 1',
    });
    await check('@city = Ber$0gen\n\nGET http://x', undefined);
  });
  it('a secret stays dots', async () => {
    expect(await rows('GET http://x/{{ke$0y}}')).toMatchObject({ Value: '••••' });
  });
  it('an unknown one says so', async () => {
    await check('GET {{ap$0}}', { title: 'ap', text: ['No variable is called “ap”.', 'Check its spelling.'] });
  });
  it('an unknown one of an untrusted folder may be known elsewhere', async () => {
    const found = await at('GET {{a$0p}}', { complete: false });
    expect(found?.text?.[0]).toContain('trusted');
  });
  it('a dynamic one explains itself', async () => {
    await check('GET http://x/{{$rando$0mInt 1 9}}', {
      title: '$randomInt [min max]',
      rows: [{ label: 'min' }, { label: 'max' }] as never,
    });
    await check('GET http://x/{{$random.uu$0id}}', { title: '$random.uuid' });
    await check('GET http://x/{{$processE$0nv HOME}}', { title: '$processEnv [%]name' });
  });
});

describe('hover on a credential', () => {
  it('five rows and three links', async () => {
    const found = await at('# @auth ord$0ers\nGET http://x');
    expect(found).toMatchObject({ title: 'orders', about: 'signed in as Ada Lovelace', icon: 'pass' });
    expect(found?.rows?.map(({ label }) => label)).toEqual(['Goes to', 'Scope', 'Token', 'Kept in', 'Defined in']);
    expect(found?.links?.map(({ title }) => title)).toEqual(['Show claims', 'Sign-in trace', 'Sign out']);
  });
  it('in $auth.token, and before a sign-in', async () => {
    await check('GET http://x\nA: {{$auth.tok$0en("orders")}}', { title: 'orders' });
    expect((await at('# @auth fr$0esh\nGET http://x'))?.links?.map(({ title }) => title)).toEqual(['Sign in']);
  });
});

describe('hover on the head of a request', () => {
  it('headers', async () => {
    await check('GET http://x\nAcc$0ept: a', { title: 'Accept', links: [{ title: 'RFC 9110 §12.5.1' }] as never });
    await check('GET http://x\nX-Unknow$0n: a', undefined);
    await check('GET http://x\nAccept: a$0b', undefined);
  });
  it('methods', async () => {
    await check('GE$0T http://x', { title: 'GET' });
  });
  it('directives, and how a number without unit is read', async () => {
    await check('# @no-redi$0rect\nGET http://x', {
      title: '@no-redirect',
      text: ['Shows a redirect instead of following it.', 'Read by REST Client, httpYac, JetBrains, Kulala too.'],
    });
    expect((await at('# @time$0out 5\nGET http://x'))?.text?.[1]).toBe(
      'Here: 5 s. httpYac reads a bare number as milliseconds, JetBrains as seconds; a unit settles it.',
    );
    expect((await at('# @time$0out 1500\nGET http://x'))?.text?.[1]).toContain('Here: 1.5 s.');
    expect((await at('# @time$0out 20 ms\nGET http://x'))?.text?.[1]).toBe('Here: 20 ms.');
    await check('# @wha$0t 1\nGET http://x', { title: '@what' });
  });
  it('nothing in a script', async () => {
    await check('GET http://x\n\n> {%\n  {{a$0pi}}\n%}', undefined);
  });
});

describe('the tables', () => {
  it('hold one sentence a row and no name twice', () => {
    const names = headerTable.map(({ name }) => name.toLowerCase());
    expect(new Set(names).size).toBe(names.length);
    for (const { doc } of headerTable) expect(doc).toMatch(/^[A-Z].*\.$/);
    for (const { doc } of headerTable) expect(doc.split(' ').length).toBeLessThanOrEqual(20);
    for (const name of Object.keys(methodDocs)) expect(methods).toContain(name);
  });
});

describe('hover as Markdown', () => {
  const hostile = '](command:countersign.send) **b** <img src=x> `$(alert)` [a](http://e) | x\n\n# h';
  it('text is only text', () => {
    const text = escapeMarkdown(hostile);
    expect(text).not.toMatch(/(?<![\\&])[`*[\]<>|#]/);
    expect(text).not.toContain('$(');
    expect(text).not.toContain('\n');
  });
  it('hostile values stay in their cell', () => {
    const markdown = toHoverMarkdown({
      span: { start: 0, end: 1 },
      title: hostile,
      rows: [{ label: 'V', value: hostile, code: true }],
    });
    expect(markdown.split('\n').filter((line) => line.startsWith('|'))).toHaveLength(3);
    expect(markdown).not.toMatch(/(?<!\\)\]\(/);
  });
  it('plain values are in the editor’s font', () => {
    expect(
      toHoverMarkdown({
        span: { start: 0, end: 1 },
        title: 't',
        rows: [{ label: 'V', value: 'https://a', code: true, tail: 'only' }],
      }),
    ).toContain('| `https://a` only |');
  });
  it('links run our commands with one argument', () => {
    const links = [{ title: 'Sign in', command: 'signIn', argument: { name: 'a)(b' } }] as const;
    const markdown = toHoverMarkdown({ span: { start: 0, end: 1 }, title: 't', links });
    const target = /\]\(command:countersign\.signIn\?([^)]*)\)$/.exec(markdown)?.[1] ?? '';
    expect(JSON.parse(decodeURIComponent(target))).toEqual([{ name: 'a)(b' }]);
  });
});
