import { describe, expect, it } from 'vitest';
import type { Prompts } from '../../../src/ports.ts';
import { describeReference } from '../../../src/variables/describe-reference.ts';
import { acquireAnswers, promptedVariables } from '../../../src/variables/prompted-variables.ts';
import { createResolver } from '../../../src/variables/resolver.ts';
import { plain, secret } from '../../../src/variables/tracked.ts';
import { closestNames, shownName } from '../../../src/variables/words.ts';
import { captured, requestFile, variableContext, type ContextOptions } from '../../support/variable-context.ts';

const disk = {
  '/project/http-client.env.json': JSON.stringify({
    dev: { host: 'env.example.com', url: 'https://{{host}}/', leak: 'x {{key}}', o: { k: 1 } },
    $shared: { host: 'shared.example.com' },
  }),
  '/project/http-client.private.env.json': JSON.stringify({ dev: { key: 's3cret' } }),
};
const base: ContextOptions = { source: '@host = file.example.com\n# @name login\nGET /', disk, environments: ['dev'] };

describe('hover', () => {
  async function check(name: string, expected: Record<string, unknown>, options: ContextOptions = base): Promise<void> {
    const found = await describeReference(name, variableContext(options));
    expect({
      display: found.display,
      origin: found.origin && `${found.origin.label}:${found.origin.line ?? ''}`,
      overrides: found.overrides.map((origin) => origin.label),
      problem: found.problem?.code,
    }).toEqual({ display: undefined, overrides: [], problem: undefined, ...expected });
  }
  it('V1: what a file variable wins over', () =>
    check('host', {
      display: 'file.example.com',
      origin: 'this file:1',
      overrides: ['http-client.env.json', 'http-client.env.json'],
    }));
  it('follows references', () =>
    check('url', { display: 'https://file.example.com/', origin: 'http-client.env.json:1' }));
  it('masks', () => check('key', { display: '••••', origin: 'http-client.private.env.json:1' }));
  it('masks inside', () => check('leak', { display: 'x ••••', origin: 'http-client.env.json:1' }));
  it('members', () => check('o.k', { display: '1', origin: 'http-client.env.json:1' }));
  it('a dynamic variable has no value yet', () => check('$guid', { origin: 'dynamic variable:' }));
  it('a token has no value yet', () => check('$auth.token("x")', { origin: 'dynamic variable:' }));
  it('a request that was not sent', () =>
    check('login.response.status', { origin: 'response of login:3', problem: 'CS-VAR-NOT-SENT' }));
  it('a request that was', () =>
    check(
      'login.response.status',
      { display: '200', origin: 'response of login:3' },
      { ...base, captured: { login: captured('') } },
    ));
  it('nobody knows it', () => check('nope', { origin: undefined, problem: 'CS-VAR-UNKNOWN' }));
  it('never asks, signs in or reads a secret', async () => {
    const forbidden = () => Promise.reject(new Error('asked'));
    const prompts: Prompts = {
      interactive: true,
      approve: forbidden,
      input: forbidden,
      pick: forbidden,
      choose: forbidden,
    };
    const context = variableContext({ ...base, prompts, secretByName: forbidden, authToken: forbidden });
    for (const name of ['$input x?', '$auth.token("x")', '$password x?']) {
      expect((await describeReference(name, context)).problem).toBeUndefined();
    }
    expect((await createResolver(context).list()).length).toBeGreaterThan(30);
  });
});

describe('list', () => {
  it('has each name once, with the winning value', async () => {
    const infos = await createResolver(variableContext(base)).list();
    const shown = Object.fromEntries(infos.map((info) => [info.name, info.display]));
    expect(shown).toMatchObject({
      host: 'file.example.com',
      url: 'https://file.example.com/',
      key: '••••',
      leak: 'x ••••',
      o: '{"k":1}',
    });
    expect(new Set(infos.map((info) => info.name)).size).toBe(infos.length);
    expect(infos.some((info) => info.name === '$aadToken')).toBe(false);
    expect(JSON.stringify(infos)).not.toContain('s3cret');
  });
  it('reads every file once for one resolver', async () => {
    const context = variableContext({ ...base, files: undefined as never });
    const { fakeFiles } = await import('../../support/fake-files.ts');
    const files = fakeFiles(disk, false);
    await createResolver({ ...context, files }).resolveTemplate('{{url}} {{key}} {{o}} {{o.k}}');
    expect(files.reads.toSorted()).toEqual(Object.keys(disk).toSorted());
  });
});

describe('prompts of a request', () => {
  const source = '# @prompt city Where to?\n# @prompt Password\n# @secret pin The PIN\n# @prompt\nGET /';
  const request = requestFile(source, 'union').requests[0]!;
  it('are read in order', () => {
    expect(promptedVariables(request).map((one) => [one.name, one.description, one.secret])).toEqual([
      ['city', 'Where to?', false],
      ['Password', '', true],
      ['pin', 'The PIN', true],
    ]);
  });
  const prompts = (answers: Readonly<Record<string, string>>, interactive = true): Prompts => ({
    interactive,
    approve: () => Promise.resolve(false),
    input: ({ title }) => Promise.resolve(answers[title]),
    pick: () => Promise.resolve(undefined),
    choose: () => Promise.resolve(undefined),
  });
  it('are asked, secrets kept as secrets', async () => {
    const answers = await acquireAnswers(request, prompts({ city: 'Oslo', Password: 'p', pin: '1' }));
    expect([...answers]).toEqual([
      ['city', plain('Oslo')],
      ['Password', secret('p', 'answer to Password')],
      ['pin', secret('1', 'answer to pin')],
    ]);
    const context = variableContext({ source, prompted: answers });
    expect((await createResolver(context).resolveTemplate('{{city}} {{pin}}')).text).toBe('Oslo 1');
  });
  it('are not asked when given', async () => {
    const given = new Map([['city', plain('x')]]);
    expect([...(await acquireAnswers(request, prompts({ Password: '', pin: '' }), given)).keys()]).toEqual([
      'Password',
      'pin',
    ]);
  });
  it('closed', () => expect(acquireAnswers(request, prompts({}))).rejects.toMatchObject({ code: 'CS-NET-CANCELLED' }));
  it('nobody to ask', async () => {
    const nobody = prompts({}, false);
    expect((await acquireAnswers(request, nobody)).size).toBe(0);
    const context = variableContext({ source, prompts: nobody });
    await expect(createResolver(context).resolveTemplate('{{city}}')).rejects.toMatchObject({
      code: 'CS-VAR-PROMPT',
      next: 'Give it with --var city=VALUE, or run where a question can be shown.',
    });
  });
  it('in an editor they are known, without a value', async () => {
    const found = await describeReference('city', variableContext({ source }));
    expect([found.display, found.origin?.line, found.problem]).toEqual([undefined, 1, undefined]);
  });
});

describe('closest names', () => {
  const known = ['base_url', 'baseUri', 'token', 'host', 'hostname', 'a'];
  const cases: readonly (readonly [string, readonly string[]])[] = [
    ['baseUrl', ['base_url', 'baseUri']],
    ['tokne', ['token']],
    ['hots', ['host']],
    ['completely', []],
    ['HOST', ['host']],
    ['', []],
  ];
  for (const [name, expected] of cases) {
    it(`${name} → ${expected.join(', ')}`, () => expect(closestNames(name, known)).toEqual(expected));
  }
  it('shows a name without control characters, and short', () => {
    expect(shownName('a\u0000b\u202ec')).toBe('a�b�c');
    expect(shownName('x'.repeat(100))).toHaveLength(60);
  });
});
