import { describe, expect, it } from 'vitest';
import { inlayHints } from '../../../src/language/features/inlay-hints.ts';
import { parseRequestFile } from '../../../src/language/parse-request-file.ts';
import { fakeContext, type FakeFacts } from '../../support/feature-context.ts';

async function check(text: string, expected: string, facts: FakeFacts = {}, credentials = true): Promise<void> {
  const file = parseRequestFile(text);
  const context = fakeContext(file, facts);
  const hints = await inlayHints(file, { start: 0, end: text.length }, context, { credentials });
  const shown = [...hints]
    .reverse()
    .reduce((out, { offset, label }) => `${out.slice(0, offset)}[${label}]${out.slice(offset)}`, text);
  expect(shown).toBe(expected);
}

const host = { variables: { host: { display: 'api.example.com' } } };

describe('inlay hints', () => {
  it('fill an address in', () =>
    check('GET https://{{host}}/a', 'GET https://{{host}}/a[→ https://api.example.com/a]', host));
  it('leave an address alone that has no variables, or none that is known', async () => {
    await check('GET https://x.example/a', 'GET https://x.example/a');
    await check('GET https://x.example/{{nobody}}', 'GET https://x.example/{{nobody}}');
  });
  it('leave in what is known only when it is sent', () =>
    check(
      'GET https://{{host}}/{{$guid}}',
      'GET https://{{host}}/{{$guid}}[→ https://api.example.com/{{$guid}}]',
      host,
    ));
  it('stand behind the last line of an address', () =>
    check(
      'GET https://{{host}}/a\n  ?b=1 HTTP/1.1\nX: y',
      'GET https://{{host}}/a\n  ?b=1[→ https://api.example.com/a?b=1] HTTP/1.1\nX: y',
      host,
    ));
  it('show a secret as the context does: as dots', () =>
    check('GET https://x.example/?k={{k}}', 'GET https://x.example/?k={{k}}[→ https://x.example/?k=••••]', {
      variables: { k: { display: '••••' } },
    }));
  it('are one line, and a short one, whatever a value holds', async () => {
    await check('GET https://{{v}}', 'GET https://{{v}}[→ https://a b]', { variables: { v: { display: 'a\n\n b' } } });
    const long = 'x'.repeat(5000);
    const file = parseRequestFile('GET https://{{v}}');
    const context = fakeContext(file, { variables: { v: { display: long } } });
    const [hint] = await inlayHints(file, { start: 0, end: 9 }, context, { credentials: false });
    expect(hint!.label.length).toBeLessThan(130);
  });
  it('say a credential that goes along unnamed, and none that the request names', async () => {
    const facts = { requests: { 0: { credential: 'orders' } } };
    await check('GET https://x.example/a', 'GET https://x.example/a[as orders]', facts);
    await check('# @auth orders\nGET https://x.example/a', '# @auth orders\nGET https://x.example/a', facts);
    await check(
      'GET https://x.example/a\nAuthorization: Bearer x',
      'GET https://x.example/a\nAuthorization: Bearer x',
      facts,
    );
    await check('GET https://x.example/a', 'GET https://x.example/a', facts, false);
  });
  it('are of the requests in view alone', async () => {
    const file = parseRequestFile('GET https://{{host}}/a\n\n###\n'.repeat(1000));
    const context = fakeContext(file, host);
    const within = { start: 2800, end: 2900 };
    const hints = await inlayHints(file, within, context, { credentials: true });
    expect(hints.length).toBeGreaterThan(2);
    expect(hints.length).toBeLessThan(8);
    expect(context.asked.length).toBe(hints.length);
  });
  it('stop when they are given up', async () => {
    const file = parseRequestFile('GET https://{{host}}/a');
    const options = { credentials: true, isCancelled: () => true };
    expect(await inlayHints(file, { start: 0, end: 9 }, fakeContext(file, host), options)).toEqual([]);
  });
});
