import { describe, expect, it } from 'vitest';
import { isCountersignError } from '../../../src/errors/countersign-error.ts';
import { environmentProblems } from '../../../src/variables/environments/environment-files.ts';
import { readEnvironmentObject } from '../../../src/variables/environments/environment-object.ts';
import { foldersUpward, joinPath } from '../../../src/variables/environments/folders.ts';
import { listEnvironments } from '../../../src/variables/environments/list-environments.ts';
import { createResolver } from '../../../src/variables/resolver.ts';
import { masked } from '../../../src/variables/tracked.ts';
import { fakeFiles } from '../../support/fake-files.ts';
import { variableContext, type ContextOptions } from '../../support/variable-context.ts';

/** The text, with `*` where all of it is secret; or the error's code. */
async function resolve(template: string, options: ContextOptions): Promise<string> {
  try {
    const value = await createResolver(variableContext(options)).resolveTemplate(template);
    return masked(value) === '••••' ? `*${value.text}` : value.text;
  } catch (error) {
    if (!isCountersignError(error)) throw error;
    return error.code;
  }
}
async function check(template: string, options: ContextOptions, expected: string): Promise<void> {
  expect(await resolve(template, options)).toBe(expected);
}
const json = (value: unknown) => JSON.stringify(value);

describe('E1: files and folders', () => {
  const disk = {
    '/project/http-client.env.json': json({
      dev: { a: 'root', b: 'root', c: 'root' },
      $shared: { s: 'shared', a: 'never' },
    }),
    '/project/api/http-client.env.json': json({ dev: { a: 'near', n: 5, t: true, z: null } }),
    '/project/http-client.private.env.json': json({ dev: { c: 'private' } }),
    '/project/api/http-client.env.json.user': json({ dev: { c: 'user', u: '{{a}}!' } }),
    '/project/api/rest-client.env.json': json({ dev: { old: 'old name' } }),
    '/other/http-client.env.json': json({ dev: { x: 'outside' } }),
    '/project/env/http-client.env.json': json({ dev: { e: 'env folder' } }),
  };
  const dev = { disk, environments: ['dev'] };
  const cases: readonly (readonly [string, string])[] = [
    ['{{a}}', 'near'],
    ['{{b}}', 'root'],
    ['{{c}}', '*private'],
    ['{{s}}', 'shared'],
    ['{{u}}', '*near!'],
    ['{{n}} {{t}} {{z}}', '5 true null'],
    ['{{old}}', 'old name'],
    ['{{e}}', 'env folder'],
    ['{{x}}', 'CS-VAR-UNKNOWN'],
  ];
  for (const [template, expected] of cases) it(`${template} → ${expected}`, () => check(template, dev, expected));
  it('without an environment only $shared', () => check('{{a}}', { disk }, 'never'));
  it('the first chosen environment wins', () =>
    check(
      '{{v}}',
      { environments: ['b', 'a'], disk: { '/project/http-client.env.json': json({ a: { v: 'a' }, b: { v: 'b' } }) } },
      'b',
    ));
});

describe('E2: objects', () => {
  const value = (provider: unknown) => ({
    environments: ['dev'],
    disk: { '/project/http-client.env.json': json({ dev: { key: provider } }) },
  });
  const own = value({ provider: 'countersign', secretName: 'orders' });
  it('a secret of the secret store', () =>
    check('{{key}}', { ...own, secretByName: (name) => Promise.resolve(`secret of ${name}`) }, '*secret of orders'));
  it('a secret that is not there', () =>
    check('{{key}}', { ...own, secretByName: () => Promise.resolve(undefined) }, 'CS-AUTH-SECRET-MISSING'));
  it('is not read in an editor', () => check('{{key}}', own, 'CS-VAR-AT-SEND'));
  it('has no members', () =>
    check('{{key.secretName}}', { ...own, secretByName: () => Promise.resolve('x') }, 'CS-VAR-UNKNOWN'));
  it('no secret name', () => check('{{key}}', value({ provider: 'countersign' }), 'CS-VAR-PROVIDER'));
  it('the provider of another tool', () =>
    check('{{key}}', value({ provider: 'AspnetUserSecrets', secretName: 'a:b' }), 'CS-VAR-PROVIDER'));
  it('a provider that is no text is data', () => check('{{key.provider}}', value({ provider: 5 }), '5'));
  it('a private member over a public object', () =>
    check(
      '{{db.host}} {{db.port}}',
      {
        environments: ['dev'],
        disk: {
          '/project/http-client.env.json': json({ dev: { db: { host: 'h', port: 1 } } }),
          '/project/http-client.private.env.json': json({ dev: { db: { port: 2 } } }),
        },
      },
      'h 2',
    ));
});

describe('E3: names', () => {
  it('$shared and $default are no environments', async () => {
    const disk = {
      '/project/http-client.env.json': json({ $shared: { a: 1 }, dev: { a: 1, b: 2 }, $x: {} }),
      '/project/http-client.private.env.json': json({ dev: { b: 3 }, prod: {} }),
      '/project/.httpyac.json': json({ environments: { $default: { q: 1 }, yac: { q: 1 } } }),
    };
    const context = variableContext({
      disk,
      settings: { 'rest-client.environmentVariables': { $shared: {}, rc: { v: 1 } } },
    });
    const found = await listEnvironments(context);
    expect(found.map((one) => [one.name, one.variables, one.origins.map((origin) => origin.label)])).toEqual([
      ['dev', 2, ['http-client.private.env.json', 'http-client.env.json']],
      ['prod', 0, ['http-client.private.env.json']],
      ['rc', 1, ['rest-client.environmentVariables']],
      ['yac', 1, ['.httpyac.json']],
    ]);
  });
});

describe('settings and configuration of other tools', () => {
  const settings = {
    'rest-client.environmentVariables': {
      $shared: { host: 'sh', v: '1' },
      dev: { host: '{{$shared host}}-dev', o: '{{$prod v}}' },
      prod: { v: '2' },
    },
    'httpyac.environmentVariables': { $shared: { y: 'yac' }, $default: { d: 'default' } },
  };
  it('REST Client', () => check('{{host}} {{v}} {{y}}', { settings, environments: ['dev'] }, 'sh-dev 1 yac'));
  it('REST Client, another environment', () => check('{{o}}', { settings, environments: ['dev'] }, '2'));
  it('$default when none is chosen', () => check('{{d}}', { settings }, 'default'));
  it('no $default when one is', () => check('{{d}}', { settings, environments: ['dev'] }, 'CS-VAR-UNKNOWN'));
  it('environment files go first', () =>
    check(
      '{{host}}',
      { settings, environments: ['dev'], disk: { '/project/http-client.env.json': json({ dev: { host: 'file' } }) } },
      'file',
    ));
  it('package.json', () =>
    check(
      '{{p}}',
      {
        environments: ['dev'],
        disk: { '/project/package.json': json({ httpyac: { environments: { dev: { p: 'pkg' } } } }) },
      },
      'pkg',
    ));
  it('settings that are no table', () =>
    check('{{p}}', { settings: { 'rest-client.environmentVariables': 'x' } }, 'CS-VAR-UNKNOWN'));
  it('.env files', () =>
    check(
      '{{K}}',
      { disk: { '/project/.env': 'K=general\nX=1', '/project/api/dev.env': "K='${X}/dev'" }, environments: ['dev'] },
      '*1/dev',
    ));
  it('.env in the env folder', () => check('{{K}}', { disk: { '/project/env/.env': 'K=e' } }, '*e'));
  it('httpyac.config.json, and the folder it names', () =>
    check(
      '{{c}} {{K}} {{f}}',
      {
        environments: ['dev'],
        disk: {
          '/project/httpyac.config.json': json({ envDirName: 'envs', environments: { dev: { c: 'conf' } } }),
          '/project/envs/dev.env': 'K=e',
          '/project/api/envs/http-client.env.json': json({ dev: { f: 'file' } }),
        },
      },
      'conf e file',
    ));
  it('the folder that the setting of httpYac names', () =>
    check('{{K}}', { settings: { 'httpyac.envDirName': 'envs' }, disk: { '/project/envs/.env': 'K=s' } }, '*s'));
  it('a folder that leads elsewhere does not count', () =>
    check('{{K}}', { settings: { 'httpyac.envDirName': '../x' }, disk: { '/x/.env': 'K=s' } }, 'CS-VAR-UNKNOWN'));
  it('several environments at once, the first wins', () =>
    check(
      '{{a}} {{b}} {{K}}',
      {
        environments: ['one', 'two'],
        disk: {
          '/project/http-client.env.json': json({ two: { a: 2, b: 2 }, one: { a: 1 } }),
          '/project/.env.two': 'K=k2',
        },
      },
      '1 2 k2',
    ));
  it('$kulalaShared, and dev in a file of Kulala where none is chosen', async () => {
    const disk = { '/project/http-client.env.json': json({ $kulalaShared: { s: 'shared' }, dev: { d: 'dev' } }) };
    await check('{{s}} {{d}}', { disk, dialect: 'kulala' }, 'shared dev');
    await check('{{d}}', { disk }, 'CS-VAR-UNKNOWN');
    await check('{{d}}', { disk, dialect: 'kulala', environments: ['prod'] }, 'CS-VAR-UNKNOWN');
  });
  it('.env files name environments', async () => {
    const disk = {
      '/project/.env.dev': 'A=1\nB=2',
      '/project/env/prod.env': 'A=1',
      '/project/.env': 'A=1',
      '/project/a.env.txt': '',
    };
    const found = await listEnvironments(variableContext({ disk }));
    expect(found.map(({ name, variables, origins }) => [name, variables, origins[0]?.file])).toEqual([
      ['dev', 2, '/project/.env.dev'],
      ['prod', 1, '/project/env/prod.env'],
    ]);
  });
  it.each(['AspnetUserSecrets', 'AzureKeyVault', 'Encrypted'])(
    '%s of Visual Studio is inert and told of',
    async (provider) => {
      const disk = {
        '/project/http-client.env.json': json({ dev: { key: { provider, secretName: 'a:b', value: 'AQAA' } } }),
      };
      const context = variableContext({ disk, environments: ['dev'] });
      await expect(createResolver(context).resolveTemplate('{{key}}')).rejects.toMatchObject({
        code: 'CS-VAR-PROVIDER',
        message: `The value of key is kept by ${provider}, which this tool cannot read.`,
      });
    },
  );
  it('an environment name cannot leave the folder', () =>
    check(
      '{{K}}',
      { disk: { '/project/api/.env.x/../../../etc/k': 'K=e' }, environments: ['x/../../../etc/k'] },
      'CS-VAR-UNKNOWN',
    ));
});

describe('files as people write them', () => {
  const dev = (content: string | Uint8Array) => ({
    disk: { '/project/http-client.env.json': content },
    environments: ['dev'],
  });
  it('byte order mark', () => check('{{a}}', dev('\ufeff{"dev":{"a":"b"}}'), 'b'));
  it('comments and trailing commas', () => check('{{a}}', dev('// x\n{"dev":{/* y */"a":"b",},}'), 'b'));
  it('the rest of a broken file is used', () => check('{{a}}', dev('{"dev":{"a":"b","c":}}'), 'b'));
  it('a broken file does not hide others', () =>
    check(
      '{{a}}',
      {
        ...dev('{'),
        disk: { '/project/http-client.env.json': '{', '/project/api/http-client.env.json': json({ dev: { a: 'b' } }) },
      },
      'b',
    ));
  it('empty', () => check('{{a}}', dev(''), 'CS-VAR-UNKNOWN'));
  it('an array', () => check('{{a}}', dev('[1]'), 'CS-VAR-UNKNOWN'));
  it('an environment that is no object', () => check('{{a}}', dev('{"dev":"x"}'), 'CS-VAR-UNKNOWN'));
  const problem = async (content: string | Uint8Array) =>
    (await environmentProblems(variableContext(dev(content)))).map((one) => [one.code, one.message, one.place?.line]);
  it('says where JSON ends', async () =>
    expect(await problem('{\n"dev": {"a": }\n}')).toEqual([
      ['CS-VAR-ENV-FILE', 'The environment file http-client.env.json is not JSON at line 2.', 2],
    ]));
  it('says that it is no text', async () =>
    expect((await problem(new Uint8Array([0, 1, 2, 0])))[0]?.[1]).toMatch(/is not text/));
  it('says that it is too large', async () =>
    expect((await problem(' '.repeat(5 * 1024 * 1024)))[0]?.[1]).toMatch(/is larger than 4 MB/));
  it('says that it is nested too deep', async () =>
    expect((await problem('['.repeat(200_000)))[0]?.[0]).toBe('CS-VAR-ENV-FILE'));
});

describe('cache', () => {
  for (const times of [true, false]) {
    it(`sees a change ${times ? 'by time' : 'by text'}`, async () => {
      const files = fakeFiles({ '/project/http-client.env.json': json({ dev: { a: '1' } }) }, times);
      const options = { files, environments: ['dev'] };
      await check('{{a}}', options, '1');
      const before = files.reads.length;
      await check('{{a}}', options, '1');
      if (times) expect(files.reads.length).toBe(before);
      files.put('/project/http-client.env.json', json({ dev: { a: '2' } }));
      await check('{{a}}', options, '2');
      files.put('/project/http-client.env.json', undefined);
      await check('{{a}}', options, 'CS-VAR-UNKNOWN');
    });
  }
});

describe('raw objects for other rooms', () => {
  it('merges public and private apart', async () => {
    const context = variableContext({
      disk: {
        '/project/http-client.env.json': json({
          dev: { Security: { Auth: { id: { Type: 'OAuth2', Scope: 'a' } } } },
          $shared: { Security: { Auth: { other: { Type: 'Mock' } } } },
        }),
        '/project/api/http-client.env.json': json({ dev: { Security: { Auth: { id: { Scope: 'b' } } } } }),
        '/project/http-client.private.env.json': json({
          dev: { Security: { Auth: { id: { 'Client Secret': 's' } } } },
        }),
      },
    });
    const found = await readEnvironmentObject(context, 'dev', 'Security');
    expect(json(found.public)).toBe(json({ Auth: { other: { Type: 'Mock' }, id: { Type: 'OAuth2', Scope: 'b' } } }));
    expect(json(found.private)).toBe(json({ Auth: { id: { 'Client Secret': 's' } } }));
    expect(found.places.map((place) => place.kind)).toEqual(['private', 'public', 'public', 'public']);
  });
  it('is empty when nobody has the key', async () =>
    expect(await readEnvironmentObject(variableContext(), undefined, 'x')).toEqual({
      public: undefined,
      private: undefined,
      places: [],
    }));
});

describe('folders', () => {
  const up = (path: string | undefined, root: string | undefined) => foldersUpward({ path, root });
  it('up to the root', () => expect(up('/a/b/c/x.http', '/a')).toEqual(['/a/b/c', '/a/b', '/a']));
  it('a root with a separator at its end', () => expect(up('/a/b/x.http', '/a/')).toEqual(['/a/b', '/a']));
  it('the whole disk', () => expect(up('/a/x.http', '/')).toEqual(['/a', '/']));
  it('outside the root', () => expect(up('/z/x.http', '/a')).toEqual(['/z', '/a']));
  it('a folder whose name only begins alike', () => expect(up('/ab/x.http', '/a')).toEqual(['/ab', '/a']));
  it('without a file', () => expect(up(undefined, '/a')).toEqual(['/a']));
  it('without both', () => expect(up(undefined, undefined)).toEqual([]));
  it('Windows', () => expect(up('C:\\a\\b\\x.http', 'C:\\a')).toEqual(['C:\\a\\b', 'C:\\a']));
  it('a Windows drive', () => expect(up('C:\\a\\x.http', 'C:\\')).toEqual(['C:\\a', 'C:\\']));
  it('joins', () =>
    expect([joinPath('/a', 'b', 'c'), joinPath('C:\\a', 'b'), joinPath('/', 'b')]).toEqual([
      '/a/b/c',
      'C:\\a\\b',
      '/b',
    ]));
});
