import { describe, expect, it } from 'vitest';
import { readEnvironmentObject } from '../../src/variables/environments/environment-object.ts';
import { scanReferences } from '../../src/variables/references.ts';
import { createResolver } from '../../src/variables/resolver.ts';
import { limits } from '../../src/variables/limits.ts';
import { captured, variableContext, type ContextOptions } from '../support/variable-context.ts';

const resolve = (template: string, options: ContextOptions) =>
  createResolver(variableContext(options)).resolveTemplate(template);

async function check(template: string, options: ContextOptions, code: string): Promise<void> {
  await expect(resolve(template, options)).rejects.toMatchObject({ name: 'CountersignError', code });
}

/** `count` variables, each made of the next one by `value`; the last is `end`. */
function chain(count: number, value: (next: string) => string, end: string): string {
  const lines = Array.from({ length: count }, (_, index) => `@v${index} = ${value(`{{v${index + 1}}}`)}`);
  return `${lines.join('\n')}\n@v${count} = ${end}\nGET /`;
}

describe('W05 variables that mean harm', () => {
  it('W05 ends a recursion of two variables', () =>
    check('{{a}}', { source: '@a = {{b}}\n@b = {{a}}\nGET /' }, 'CS-VAR-CYCLE'));
  it('W05 ends a recursion through an environment', () =>
    check(
      '{{a}}',
      {
        source: '@a = {{o.k}}\nGET /',
        environments: ['dev'],
        disk: { '/project/http-client.env.json': JSON.stringify({ dev: { o: { k: ['{{a}}'] } } }) },
      },
      'CS-VAR-CYCLE',
    ));
  it('W05 ends a recursion through a name made elsewhere', () =>
    check('{{$processEnv %a}}', { source: '@a = {{$processEnv %a}}\nGET /' }, 'CS-VAR-CYCLE'));
  it('W05 ends a chain without an end in sight', () =>
    check('{{v0}}', { source: chain(1000, (next) => next, 'x') }, 'CS-VAR-LIMIT'));
  it('W05 allows an honest chain', async () =>
    expect((await resolve('{{v0}}', { source: chain(20, (next) => next, 'x') })).text).toBe('x'));
  it('W05 ends a doubling before 1 GB', () =>
    check('{{v0}}', { source: chain(30, (next) => next + next, 'x') }, 'CS-VAR-LIMIT'));
  it('W05 ends a tenfold growth of a long text', () =>
    check('{{v0}}', { source: chain(9, (next) => next.repeat(10), 'x'.repeat(1000)) }, 'CS-VAR-LIMIT'));
  it('W05 ends a growth that happens in the template', () =>
    check('{{a}}'.repeat(20_000), { overrides: { a: 'x'.repeat(1000) } }, 'CS-VAR-LIMIT'));
  it('W05 ends work that makes no text', () =>
    check('{{$processEnv X}}'.repeat(limits.references + 1), { env: { X: '' } }, 'CS-VAR-LIMIT'));
  it('W05 ends a growth of names that mean the one above', () =>
    check('{{p}}', { source: `@p = x\n${'@p = {{p}}{{p}}\n'.repeat(60)}GET /` }, 'CS-VAR-LIMIT'));

  const polluted =
    '{"dev":{"__proto__":{"polluted":"yes","toString":"x"},"constructor":{"prototype":{"polluted":"yes"}},"o":{"__proto__":{"k":"v"}}},"__proto__":{"polluted":{"a":"b"}}}';
  const hostile = {
    environments: ['dev', '__proto__', 'constructor'],
    disk: {
      '/project/http-client.env.json': polluted,
      '/project/.httpyac.json': `{"environments":${polluted}}`,
      '/project/.env': '__proto__=x\nconstructor=y',
    },
    settings: { 'rest-client.environmentVariables': JSON.parse(polluted) as unknown },
  };
  for (const name of ['toString', 'hasOwnProperty', 'valueOf', 'o.toString', 'o.hasOwnProperty.name', 'o.k']) {
    it(`W05 ${name} is no variable by inheritance`, () => check(`{{${name}}}`, hostile, 'CS-VAR-UNKNOWN'));
  }
  for (const name of [
    'toString',
    'o.constructor',
    '__proto__',
    '$shared __proto__',
    '$env.__proto__',
    '$global.toString',
  ]) {
    it(`W05 ${name} is nothing when nobody defined it`, () =>
      expect(resolve(`{{${name}}}`, {})).rejects.toMatchObject({
        code: expect.stringMatching(/^CS-VAR-(UNKNOWN|PROCESS-ENV)$/) as string,
      }));
  }
  it('W05 a key called __proto__ is a key', async () =>
    expect((await resolve('{{__proto__.polluted}} {{o.__proto__.k}}', hostile)).text).toBe('yes v'));
  it('W05 a response cannot lend its prototype', () =>
    check('{{login.response.body.$.a.toString}}', { captured: { login: captured('{"a":{}}') } }, 'CS-VAR-PATH'));
  it('W05 nothing was polluted', async () => {
    const context = variableContext(hostile);
    await createResolver(context).list();
    await readEnvironmentObject(context, ['dev', '__proto__'], '__proto__');
    expect(({} as Record<string, unknown>)['polluted']).toBeUndefined();
    expect((Object as unknown as Record<string, unknown>)['polluted']).toBeUndefined();
  });

  it('W05 many openings before one end cost no more than their length', () => {
    const text = `${'{{ '.repeat(500_000)}a}}`;
    expect(scanReferences(text).filter((segment) => segment.kind === 'reference')).toHaveLength(1);
  });
  it('W05 many openings without an end', () => expect(scanReferences('{{'.repeat(1_000_000))).toHaveLength(1));
  it('W05 a reference of many parts is refused', () => check(`{{${'a.'.repeat(1500)}a}}`, {}, 'CS-VAR-UNKNOWN'));
  it('W05 a JSON body nested too deep', () =>
    check('{{login.response.body.$.a}}', { captured: { login: captured('['.repeat(100_000)) } }, 'CS-VAR-PATH'));
  it('W05 an XML body cannot define entities that grow', () => {
    const entities = Array.from(
      { length: 9 },
      (_, index) => `<!ENTITY e${index + 1} "${`&e${index};`.repeat(10)}">`,
    ).join('');
    const body = `<!DOCTYPE r [<!ENTITY e0 "xxxxxxxxxx">${entities}]><r>&e9;</r>`;
    return check('{{x.response.body.//r}}', { captured: { x: captured(body, [], 'text/xml') } }, 'CS-VAR-PATH');
  });
  it('W05 an XML body cannot read a file', () => {
    const body = '<!DOCTYPE r [<!ENTITY f SYSTEM "file:///etc/passwd">]><r>&f;</r>';
    return check('{{x.response.body.//r}}', { captured: { x: captured(body, [], 'text/xml') } }, 'CS-VAR-PATH');
  });
  it('W05 a message names no more than 60 characters of a name, without control characters', async () => {
    const error: unknown = await resolve(`{{\u202e${'n'.repeat(3000)}}}`, {}).catch((one: unknown) => one);
    expect((error as Error).message.length).toBeLessThan(120);
    expect((error as Error).message).not.toContain('\u202e');
  });
});
