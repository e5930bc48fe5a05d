import { describe, expect, it } from 'vitest';
import { isCountersignError } from '../../../src/errors/countersign-error.ts';
import type { Prompts } from '../../../src/ports.ts';
import { detectTokens, formatTime, toCalendarTime } from '../../../src/variables/dynamic/date-format.ts';
import { dynamicVariables, findDynamic } from '../../../src/variables/dynamic/registry.ts';
import { createResolver } from '../../../src/variables/resolver.ts';
import { masked, secret, type Tracked } from '../../../src/variables/tracked.ts';
import { fixedNow, variableContext, type ContextOptions } from '../../support/variable-context.ts';

async function resolve(inner: string, options: ContextOptions = {}): Promise<string> {
  try {
    return (await createResolver(variableContext(options)).resolveTemplate(`{{${inner}}}`)).text;
  } catch (error) {
    if (!isCountersignError(error)) throw error;
    return error.code;
  }
}
async function check(inner: string, expected: string | RegExp, options: ContextOptions = {}): Promise<void> {
  const answer = await resolve(inner, options);
  if (typeof expected === 'string') expect(answer).toBe(expected);
  else expect(answer).toMatch(expected);
}

const uuid = /^[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/;
const half = { random: () => 0.5 };

describe('random', () => {
  const cases: readonly (readonly [string, string | RegExp, ContextOptions?])[] = [
    ['$guid', uuid],
    ['$GUID', uuid],
    ['$uuid', uuid],
    ['$random.uuid', uuid],
    ['$randomInt', '500', half],
    ['$randomInt 10 20', '15', half],
    ['$randomInt 30 20', '25', half],
    ['$randomInt -100 -50', '-75', half],
    ['$randomInt 5 5', '5', half],
    ['$randomInt 1 xyz', 'CS-VAR-ARGUMENT'],
    ['$randomInt 1 2 3', 'CS-VAR-ARGUMENT'],
    ['$random.integer(1, 5)', '3', half],
    ['$random.integer(4)', '2', half],
    ['$random.integer', '500', half],
    ['$random.float(1, 2)', '1.5', half],
    ['$random.float(x)', 'CS-VAR-ARGUMENT'],
    ['$random.alphabetic(6)', /^[A-Za-z]{6}$/],
    ['$random.alphanumeric(7)', /^\w{7}$/],
    ['$random.hexadecimal(8)', /^[0-9a-f]{8}$/],
    ['$random.alphabetic(-1)', 'CS-VAR-ARGUMENT'],
    ['$random.alphabetic(1e9)', 'CS-VAR-ARGUMENT'],
    ['$random.email', /^[a-z]{8}@example\.com$/],
  ];
  for (const [inner, expected, options] of cases) it(`D2: ${inner}`, () => check(inner, expected, options));
});

describe('time', () => {
  const seconds = String(Math.floor(fixedNow / 1000));
  const cases: readonly (readonly [string, string])[] = [
    ['$timestamp', seconds],
    ['$timestamp -1 d', String(Math.floor(fixedNow / 1000) - 86_400)],
    ['$timestamp 2 h', String(Math.floor(fixedNow / 1000) + 7200)],
    ['$timestamp 2h', String(Math.floor(fixedNow / 1000) + 7200)],
    ['$timestamp 500 ms', String(Math.floor((fixedNow + 500) / 1000))],
    ['$timestamp 1', 'CS-VAR-ARGUMENT'],
    ['$timestamp 1 parsec', 'CS-VAR-ARGUMENT'],
    ['$timestamp 999999999999 y', 'CS-VAR-ARGUMENT'],
    ['$isoTimestamp', '2026-02-03T04:05:06.789Z'],
    ['$datetime iso8601', '2026-02-03T04:05:06.789Z'],
    ['$datetime', '2026-02-03T04:05:06.789Z'],
    ['$datetime rfc1123', 'Tue, 03 Feb 2026 04:05:06 GMT'],
    ['$datetime rfc1123 1 M', 'Tue, 03 Mar 2026 04:05:06 GMT'],
    ['$datetime "timestamp"', seconds],
    ['$datetime "YYYY-MM-DD"', '2026-02-03'],
    ["$datetime 'YYYY-MM-DD HH:mm:ss.SSS'", '2026-02-03 04:05:06.789'],
    ['$datetime "dd-MM-yyyy"', '03-02-2026'],
    ['$datetime "YYYY-MM-DD" -1 y', '2025-02-03'],
    ['$datetime "YYYY-MM-DD" 1 Q', '2026-05-03'],
    ['$datetime -1 d', '2026-02-02T04:05:06.789Z'],
  ];
  for (const [inner, expected] of cases) it(`D3: ${inner}`, () => check(inner, expected));
  it('the last day of a shorter month', () =>
    check('$datetime "YYYY-MM-DD" 1 M', '2026-02-28', { clock: { now: () => Date.UTC(2026, 0, 31) } }));
  it('local time', () => check('$localDatetime iso8601', /^2026-02-0\dT\d\d:\d\d:06[+-]\d\d:\d\d$/));
  it('local rfc1123', () => check('$localDatetime rfc1123', /^\w{3}, 0\d Feb 2026 \d\d:\d\d:06 [+-]\d{4}$/));
  it('local date', () => check('$date', /^2026-02-0\d$/));
});

describe('D1: date formats', () => {
  const at = toCalendarTime(fixedNow, false);
  const cases: readonly (readonly [string, 'dayjs' | 'dotnet' | undefined, string])[] = [
    ['YYYY-MM-DD', 'dayjs', '2026-02-03'],
    ['yyyy-MM-dd', 'dotnet', '2026-02-03'],
    ['HH:mm', undefined, '04:05'],
    ['ddd, DD MMM YYYY', 'dayjs', 'Tue, 03 Feb 2026'],
    ['dddd, dd MMMM yyyy', 'dotnet', 'Tuesday, 03 February 2026'],
    ['h:mm A', 'dayjs', '4:05 AM'],
    ['h:mm tt', 'dotnet', '4:05 AM'],
    ['yyyy-MM-ddTHH:mm:ss.fffZ', 'dotnet', '2026-02-03T04:05:06.789Z'],
    ['yyyy-MM-ddTHH:mm:sszzz', 'dotnet', '2026-02-03T04:05:06+00:00'],
    ['YYYY[T]ZZ Q', 'dayjs', '2026T+0000 1'],
    ['YY M D d dd X x', 'dayjs', `26 2 3 2 Tu ${Math.floor(fixedNow / 1000)} ${fixedNow}`],
    ["yy 'year' K", 'dotnet', '26 year Z'],
    ['dddd', undefined, 'Tuesday'],
  ];
  for (const [format, tokens, expected] of cases) {
    it(format, () => {
      expect(detectTokens(format)).toBe(tokens);
      expect(formatTime(at, format)).toBe(expected);
    });
  }
});

describe('surroundings', () => {
  const env = { KEY: 'k3y', EMPTY: '' };
  const disk = {
    '/project/.env': 'A=root\nB=root',
    '/project/api/.env': 'A=near',
    '/project/api/.env.dev': 'A="dev value"',
    '/project/http-client.env.json': JSON.stringify({ $shared: { s: 'S' }, dev: { s: 'D', r: '{{$shared s}}' } }),
  };
  const cases: readonly (readonly [string, string, ContextOptions?])[] = [
    ['$processEnv KEY', 'k3y'],
    ['$processEnv %which', 'k3y', { source: '@which = KEY\nGET /', env }],
    ['$processEnv EMPTY', ''],
    ['$processEnv NOPE', 'CS-VAR-PROCESS-ENV'],
    ['$processEnv NOPE', '', { env, dialect: 'rest-client' }],
    ['$processEnv __proto__', 'CS-VAR-PROCESS-ENV'],
    ['$processEnv', 'CS-VAR-ARGUMENT'],
    ['$env.KEY', 'k3y'],
    ['$env.NOPE', 'CS-VAR-PROCESS-ENV'],
    ['$dotenv A', 'near', { disk }],
    ['$dotEnv A', 'near', { disk }],
    ['$dotenv A', 'dev value', { disk, environments: ['dev'] }],
    ['$dotenv B', 'CS-VAR-UNKNOWN', { disk }],
    ['$shared s', 'S', { disk, environments: ['dev'] }],
    ['r', 'S', { disk, environments: ['dev'] }],
    ['$dev s', 'D', { disk }],
    ['$shared nope', 'CS-VAR-UNKNOWN', { disk }],
    ['$projectRoot', '/project'],
    ['$projectRoot', '/project/api', { root: undefined }],
    ['$global.g', 'G', { overrides: { g: 'G' } }],
    ['$aadV2Token', 'CS-VAR-UNSUPPORTED'],
    ['$random.address.city', 'CS-VAR-UNSUPPORTED'],
    ['$randomCity', 'CS-VAR-UNSUPPORTED'],
    ['$nothing', 'CS-VAR-UNKNOWN'],
  ];
  for (const [inner, expected, options] of cases)
    it(`${inner} → ${expected}`, () => check(inner, expected, options ?? { env }));
  it('marks process and .env values as secret', async () => {
    const value = await createResolver(variableContext({ env, disk })).resolveTemplate(
      '{{$processEnv KEY}} {{$dotenv A}}',
    );
    expect(masked(value)).toBe('•••• ••••');
    expect(value.secrets.map((span) => span.label)).toEqual(['environment variable KEY', '.env value A']);
  });
});

describe('P1: questions', () => {
  function person(answers: Readonly<Record<string, string>>, interactive = true) {
    const asked: string[] = [];
    const answer = (title: string) => {
      asked.push(title);
      return Promise.resolve(answers[title]);
    };
    const prompts: Prompts = {
      interactive,
      approve: () => Promise.resolve(false),
      input: ({ title, value }) => answer(title).then((text) => text ?? value),
      pick: ({ title, items }) => answer(title).then((text) => text ?? items[1]),
      choose: () => Promise.resolve(undefined),
    };
    return { prompts, asked };
  }
  it('input', () => check('$input Your name?', 'Ada', person({ 'Your name?': 'Ada' })));
  it('input with a default', () => check('$input Name? $value: Bob', 'Bob', person({})));
  it('pick from a list', () => check('$pick Which? $value: a, b', 'b', person({})));
  it('pick from an array', () => check('$pick Which? $value: ["a", "c d"]', 'c d', person({})));
  it('closed', () => check('$input Name?', 'CS-NET-CANCELLED', person({})));
  it('nobody to ask', () => check('$input Name?', 'CS-VAR-PROMPT', person({}, false)));
  it('in an editor', () => check('$input Name?', 'CS-VAR-AT-SEND'));
  it('a password is secret', async () => {
    const value = await createResolver(variableContext(person({ 'PIN?': '1234' }))).resolveTemplate(
      '{{$password PIN?}}',
    );
    expect(value).toEqual(secret('1234', 'answer to PIN?'));
  });
  it('asks once', async () => {
    const { prompts, asked } = person({ 'Name?': 'Ada' });
    const remembered = new Map<string, Tracked>();
    for (let turn = 0; turn < 2; turn += 1) {
      const resolver = createResolver(variableContext({ prompts, remembered }));
      await resolver.resolveTemplate('{{$input-askonce Name?}}{{$input-askonce Name?}}');
    }
    expect(asked).toEqual(['Name?']);
  });
});

describe('tokens of credentials', () => {
  const authToken = (name: string, kind: 'access' | 'id') =>
    Promise.resolve(secret(`${kind}-of-${name}`, `${name} ${kind} token`));
  const cases: readonly (readonly [string, string])[] = [
    ['$auth.token("orders")', 'access-of-orders'],
    ["$auth.token('orders')", 'access-of-orders'],
    ['$auth.token(orders)', 'access-of-orders'],
    ['$auth.idToken("my orders")', 'id-of-my orders'],
    ['$auth.token()', 'CS-VAR-ARGUMENT'],
    ['$auth.nope("x")', 'CS-VAR-UNSUPPORTED'],
  ];
  for (const [inner, expected] of cases) it(inner, () => check(inner, expected, { authToken }));
  it('is not read in an editor', () => check('$auth.token("orders")', 'CS-VAR-AT-SEND'));
  it('is secret as a whole, whatever the source says', async () => {
    const context = variableContext({ authToken: () => Promise.resolve({ text: 'abc', secrets: [] }) });
    expect(masked(await createResolver(context).resolveTemplate('{{$auth.token("o")}}'))).toBe('••••');
  });
});

describe('the table', () => {
  for (const variable of dynamicVariables) {
    it(`${variable.name} says what it is`, () => {
      expect(variable.signature.startsWith(variable.name)).toBe(true);
      expect(variable.documentation).toMatch(/\.$/);
      expect(findDynamic(variable.dotted === true ? `${variable.name}.x` : variable.name)?.variable).toBe(variable);
    });
  }
});
