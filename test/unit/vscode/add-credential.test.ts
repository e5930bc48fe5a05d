/** The questions of Add Credential without a window: every way in, every step back, and what is left when it ends early. */
import { describe, expect, it } from 'vitest';
import { newDefinition } from '../../../src/credentials/new-definition.ts';
import { schemes } from '../../../src/credentials/schemes/registry.ts';
import { CountersignError } from '../../../src/errors/countersign-error.ts';
import type { ApiFindings, IssuerFindings, NamedIssuer } from '../../../src/oauth/api-discovery/findings.ts';
import type { DiscoveredServer } from '../../../src/oauth/discovery.ts';
import { grants } from '../../../src/oauth/grants/registry.ts';
import { recommendClientAuthentications, recommendGrants } from '../../../src/oauth/recommend.ts';
import { suggestName } from '../../../src/setup/credential-name.ts';
import { questionsFor } from '../../../src/vscode/wizard/add-credential-questions.ts';
import {
  apiChoices,
  clientChoices,
  firstChoices,
  grantChoices,
  toDiscoveryReport,
} from '../../../src/vscode/wizard/choices.ts';
import { emptyDraft, firstRequestOf, toFields, type Draft } from '../../../src/vscode/wizard/draft.ts';
import { checkIssuer, IssuerWatch } from '../../../src/vscode/wizard/issuer-watch.ts';
import { askQuestions, Back, GaveUp, type PickItem, type Position } from '../../../src/vscode/wizard/question-loop.ts';
import { checkApi } from '../../../src/vscode/wizard/server-questions.ts';
import { toRow } from '../../../src/vscode/wizard/to-row.ts';
import type { WizardFacts } from '../../../src/vscode/wizard/wizard-facts.ts';

function server(metadata: Readonly<Record<string, unknown>> = {}): DiscoveredServer {
  return {
    metadata: {
      issuer: 'https://idp.example.com/',
      grant_types_supported: ['authorization_code', 'client_credentials', 'refresh_token'],
      code_challenge_methods_supported: ['S256'],
      ...metadata,
    },
    wellKnown: 'https://idp.example.com/.well-known/openid-configuration',
    kind: 'oidc',
    skewMs: 0,
    at: 0,
    warnings: [],
  };
}

const issuerFindings: IssuerFindings = {
  issuer: 'https://idp.example.com/',
  origin: 'https://idp.example.com',
  elsewhere: true,
  namedBy: 'resource',
  network: 'public',
  server: server({ registration_endpoint: 'https://idp.example.com/register' }),
};

function findings(more: Partial<ApiFindings> = {}): ApiFindings {
  return {
    url: 'https://api.example.com/orders',
    origin: 'https://api.example.com',
    status: 401,
    open: false,
    challenges: [{ scheme: 'Bearer', answeredBy: 'bearer', scope: ['orders.read'] }],
    issuers: [issuerFindings],
    recommendations: [
      { scheme: 'oauth2', reason: 'The API names idp.example.com as the identity provider that signs in for it.' },
      { scheme: 'bearer', reason: 'It asks for Bearer.' },
    ],
    warnings: [],
    steps: [],
    ...more,
  };
}

const back = Symbol('back');
const escape = Symbol('escape');
/** A choice by id, a text, or going back; a list for a question that asks more than once. */
type Answer = string | typeof back | typeof escape;

interface Walk {
  readonly draft: Draft;
  readonly complete: boolean;
  /** Ids of the questions, in the order they were asked. */
  readonly asked: string[];
  readonly positions: Position[];
  readonly prompts: string[];
  readonly rows: (readonly PickItem[])[];
  /** Issuers that were asked for their metadata, and those that an API named. */
  readonly contacted: string[];
}

interface Scene {
  readonly discover?: () => Promise<DiscoveredServer>;
  readonly api?: (mayAsk: (issuer: NamedIssuer) => Promise<boolean>) => Promise<ApiFindings>;
  readonly draft?: Draft;
}

/** Answers each question by its id, Enter where no answer is given; an answer that is refused ends it with the reason. */
async function walk(answers: Readonly<Record<string, Answer | readonly Answer[]>>, scene: Scene = {}): Promise<Walk> {
  const contacted: string[] = [];
  const facts: WizardFacts = {
    watch: new IssuerWatch((issuer) => {
      contacted.push(issuer);
      return scene.discover?.() ?? Promise.resolve(server());
    }),
    discoverApi: async (address, { mayAsk }) => {
      contacted.push(address);
      return (await scene.api?.(mayAsk)) ?? findings();
    },
    taken: ['taken'],
    place: 'the system secret store',
    now: () => 0,
  };
  const draft = scene.draft ?? emptyDraft();
  const [asked, prompts, rows, positions]: [string[], string[], (readonly PickItem[])[], Position[]] = [[], [], [], []];
  const left = new Map(Object.entries(answers).map(([id, all]) => [id, [all].flat() as Answer[]]));
  let current = '';
  const next = (fallback: string): string => {
    const answer = left.get(current)?.shift() ?? fallback;
    if (answer === back) throw new Back();
    if (answer === escape) throw new GaveUp();
    return answer;
  };
  const complete = await askQuestions(
    () => 'Add Credential',
    draft,
    (state) =>
      questionsFor(state, facts).map((question) => ({
        ...question,
        ask: (step, state) => {
          current = question.id;
          asked.push(question.id);
          return question.ask(step, state);
        },
      })),
    (position) => {
      positions.push(position);
      return {
        async pick(options) {
          prompts.push(options.placeholder);
          rows.push(options.items);
          const answer = next(options.chosen ?? options.items.find(({ id }) => id !== undefined)?.id ?? '');
          let offered = options.items;
          const pasted = /^paste:(.*)$/s.exec(answer)?.[1];
          if (pasted !== undefined)
            options
              .typed?.(
                pasted,
                (items) => (offered = items),
                () => undefined,
              )
              .dispose();
          const chosen = pasted === undefined ? answer : (offered[0]?.id ?? offered[0]?.label ?? '');
          if (!offered.some(({ id }) => id === chosen)) {
            throw new Error(`${current} offers ${offered.map(({ id, label }) => id ?? label).join(' | ')}`);
          }
          await options.settle?.(chosen);
          return chosen;
        },
        async input(options) {
          prompts.push(`${options.title ?? ''} ${options.prompt}`.trim());
          const text = next(options.value ?? '');
          const wrong = options.check?.(text);
          if (wrong !== undefined) throw new Error(wrong);
          await options.settle?.(text);
          return text;
        },
        wait: (_, work) => {
          if (!scene.api && typeof left.get(current)?.[0] === 'symbol') next('');
          return work;
        },
      };
    },
  );
  return { draft, complete, asked, prompts, rows, positions, contacted };
}

function check({ draft, complete }: Walk): Readonly<Record<string, unknown>> {
  expect(complete).toBe(true);
  const definition = newDefinition(draft.scheme ?? '', toFields(draft));
  expect(definition).toMatchObject({ ok: true });
  return definition.ok ? (definition.definition as unknown as Record<string, unknown>) : {};
}

const origins = 'https://api.example.com';

describe('from an issuer', () => {
  it('makes a person’s sign-in, asking only what matters', async () => {
    const made = await walk(
      {
        what: 'who:person',
        issuer: 'idp.example.com/.well-known/openid-configuration',
        'field:client_id': 'native',
        origins: 'https://api.example.com https://b.example.com',
        review: ['name', 'orders', 'finish:sign-in'],
      },
      { discover: () => Promise.resolve(server({ scopes_supported: ['openid', 'profile', 'orders.read'] })) },
    );
    expect(made.asked).toEqual(['what', 'issuer', 'field:client_id', 'method', 'origins', 'review']);
    expect(made.draft).toMatchObject({ name: 'orders', finish: 'sign-in' });
    expect(check(made)).toEqual({
      scheme: 'oauth2',
      grant: 'authorization_code',
      issuer: 'https://idp.example.com/',
      client_id: 'native',
      scope: 'openid profile',
      token_endpoint_auth_method: 'none',
      origins: ['https://api.example.com', 'https://b.example.com'],
    });
  });

  it('pasted into the first question takes four steps at most', async () => {
    const made = await walk({ what: 'paste:https://idp.example.com/token', 'field:client_id': 'c', origins });
    expect(made.asked).toEqual(['what', 'how', 'field:client_id', 'method', 'origins', 'review']);
    expect(made.contacted).toEqual(['https://idp.example.com']);
    expect(check(made)).toMatchObject({
      grant: 'authorization_code',
      client_id: 'c',
      issuer: 'https://idp.example.com/',
    });
    expect(Math.max(...made.positions.map(({ total }) => total))).toBeLessThanOrEqual(4);
  });

  for (const [start, answers] of [
    ['issuer', { issuer: 'https://idp.example.com', 'field:client_id': 'c', origins }],
    ['api', { api: 'https://api.example.com/orders' }],
    ['who:service', { issuer: 'https://idp.example.com', 'field:client_id': 'c', origins, 'secret:': 's' }],
    ['scheme:apiKey', { 'field:name': 'X-API-Key', origins, 'secret:': 's' }],
    ['scheme:bearer', { origins, 'secret:': 's' }],
    ['scheme:basic', { 'field:username': 'u', origins, 'secret:': 's' }],
    ['text', { text: 'curl https://api.example.com -H "X-API-Key: k-123"' }],
  ] as const) {
    it(`counts four steps at most, in order: ${start}`, async () => {
      const { positions, complete } = await walk({ what: start, ...answers });
      expect(complete).toBe(true);
      const steps = positions.map(({ step }) => step).filter((step) => step > 0);
      expect(steps).toEqual([...steps].sort((a, b) => a - b));
      for (const { total } of positions) expect(total).toBeLessThanOrEqual(4);
      // A secret is asked for beside the count.
      if ('secret:' in answers) expect(positions.at(-1)?.step).toBe(0);
    });
  }

  it('asks for the secret last, and says where it goes', async () => {
    const made = await walk({
      what: 'who:service',
      issuer: 'https://idp.example.com',
      how: 'client_credentials',
      'field:client_id': 'job',
      method: 'client_secret_basic',
      origins,
      review: ['name', 'batch', 'finish:add'],
      'secret:': 'hidden-value',
    });
    expect(made.asked.at(-1)).toBe('secret:');
    expect(made.prompts.at(-1)).toBe(
      'batch: client secret Goes to https://idp.example.com when a token is asked for. Kept in the system secret store.',
    );
    expect(JSON.stringify(check(made))).not.toContain('hidden-value');
    expect(JSON.stringify(made.draft)).not.toContain('hidden-value');
    expect(made.draft.secrets.get('')?.reveal()).toBe('hidden-value');
  });

  it('asks how only when the issuer offers a choice', async () => {
    const answers = {
      what: 'issuer',
      issuer: 'https://idp.example.com',
      'field:client_id': 'c',
      origins,
      'secret:': 's',
    };
    const both = await walk({ ...answers, how: 'client_credentials' });
    expect(both.asked).toContain('how');
    const one = await walk(answers, {
      discover: () => Promise.resolve(server({ grant_types_supported: ['authorization_code'] })),
    });
    expect(one.asked).not.toContain('how');
    expect(check(one)).toMatchObject({ grant: 'authorization_code' });
  });

  it('asks for endpoints when the issuer answers without metadata, with what was pasted filled in', async () => {
    const silent = (): Promise<DiscoveredServer> =>
      Promise.reject(new CountersignError('CS-AUTH-DISCOVERY', 'The issuer has no metadata.'));
    const made = await walk(
      {
        what: 'paste:https://old.example.com/oauth/token',
        how: 'authorization_code',
        'field:authorization_endpoint': 'https://old.example.com/authorize',
        'field:client_id': 'c',
        origins,
      },
      { discover: silent },
    );
    expect(check(made)).toMatchObject({ token_endpoint: 'https://old.example.com/oauth/token' });
    expect(check(made)).not.toHaveProperty('issuer');
  });

  it('lets a person go on when the issuer cannot be reached', async () => {
    const made = await walk(
      { what: 'who:person', issuer: 'https://idp.example.com/tenant', 'field:client_id': 'c', origins },
      { discover: () => Promise.reject(new CountersignError('CS-NET-REFUSED', 'Nothing answers at idp.example.com.')) },
    );
    expect(made.asked).not.toContain('field:token_endpoint');
    expect(check(made)).toMatchObject({ issuer: 'https://idp.example.com/tenant' });
  });

  it('registers a client where the issuer lets clients do so, and asks for no client ID then', async () => {
    const registering = server({ registration_endpoint: 'https://idp.example.com/register' });
    const discover = (): Promise<DiscoveredServer> => Promise.resolve(registering);
    const made = await walk({ what: 'who:person', issuer: 'https://idp.example.com', origins }, { discover });
    expect(made.asked).toEqual(['what', 'issuer', 'client', 'origins', 'review']);
    expect(made.draft.client).toBe('registration');
    const own = await walk(
      { what: 'who:person', issuer: 'https://idp.example.com', client: 'own', 'field:client_id': 'mine', origins },
      { discover },
    );
    expect(check(own)).toMatchObject({ client_id: 'mine' });
  });
});

describe('a provider that is known', () => {
  const made = (issuer: string, grant: string, more: Readonly<Record<string, unknown>> = {}) => {
    const draft = emptyDraft({ scheme: 'oauth2' });
    Object.assign(draft, { issuer, fields: { grant, client_id: 'c', ...more } });
    return toFields(draft);
  };
  it('gives the way back that it takes', () => {
    expect(made('https://gitlab.com', 'authorization_code')).toMatchObject({ redirect_port: 33418 });
    expect(made('https://acme.my.salesforce.com', 'authorization_code')).toMatchObject({ redirect: 'uri_handler' });
  });
  it('gives nothing over an answer, for another grant, or by a look-alike', () => {
    expect(made('https://gitlab.com', 'authorization_code', { redirect_port: 9 })).toMatchObject({ redirect_port: 9 });
    expect(made('https://gitlab.com', 'client_credentials')).not.toHaveProperty('redirect_port');
    expect(made('https://gitlab.com.evil.example', 'authorization_code')).not.toHaveProperty('redirect_port');
  });
});

describe('a provider without metadata', () => {
  const never = (): Promise<DiscoveredServer> => Promise.reject(new Error('asked'));
  it('is asked nothing: GitHub’s endpoints, method and scope are filled in, and what to register is said', async () => {
    const made = await walk(
      {
        what: 'issuer',
        issuer: 'https://github.com',
        how: 'authorization_code',
        'field:client_id': 'app',
        origins,
        'secret:': 's3cret',
      },
      { discover: never },
    );
    expect(made.asked).toEqual([
      'what',
      'issuer',
      'how',
      'provider',
      'field:client_id',
      'origins',
      'review',
      'secret:',
    ]);
    expect(made.contacted).toEqual([]);
    expect(check(made)).toMatchObject({
      grant: 'authorization_code',
      authorization_endpoint: 'https://github.com/login/oauth/authorize',
      token_endpoint: 'https://github.com/login/oauth/access_token',
      token_endpoint_auth_method: 'client_secret_post',
      scope: 'read:user',
    });
    const said = rowsOf(made, 'What has to be registered at GitHub');
    expect(said).toContain('At https://github.com/settings/developers');
    expect(said).toContain('1. OAuth apps › New OAuth app; the callback URL is http://127.0.0.1/cb.');
    expect(said).toContain('Redirect: http://127.0.0.1/cb Any port will do: register it without one.');
    expect(said.filter((row) => row.includes('https://docs.github.com/')).length).toBeGreaterThan(3);
  });

  it('Slack: its own redirect, its quirk, its parameter', async () => {
    const made = await walk(
      { what: 'issuer', issuer: 'https://slack.com', how: 'authorization_code', 'field:client_id': 'app', origins },
      { discover: never },
    );
    expect(check(made)).toMatchObject({
      authorization_endpoint: 'https://slack.com/oauth/v2/authorize',
      token_endpoint_auth_method: 'none',
      redirect: 'uri_handler',
      quirks: ['authed_user'],
      authorize_parameters: { user_scope: 'users:read' },
    });
    expect(rowsOf(made, 'What has to be registered at Slack').join('\n')).toContain(
      'Redirect: vscode://countersign.countersign/signed-in No http address of this machine',
    );
  });

  it('GitHub by device code: its endpoints alone, and no redirect', async () => {
    const made = await walk(
      { what: 'who:device', issuer: 'https://github.com', 'field:client_id': 'app', method: 'none', origins },
      { discover: never },
    );
    expect(check(made)).toMatchObject({
      grant: 'urn:ietf:params:oauth:grant-type:device_code',
      device_authorization_endpoint: 'https://github.com/login/device/code',
    });
    expect(toFields(made.draft)).not.toHaveProperty('authorization_endpoint');
    expect(rowsOf(made, 'What has to be registered at GitHub').join('\n')).not.toContain('Redirect:');
  });

  it('one that has metadata is asked for it, and what to register is said all the same', async () => {
    const made = await walk({
      what: 'issuer',
      issuer: 'https://gitlab.com',
      how: 'authorization_code',
      'field:client_id': 'app',
      origins,
    });
    expect(made.contacted).toEqual(['https://gitlab.com']);
    expect(made.asked).toContain('provider');
    expect(rowsOf(made, 'What has to be registered at GitLab').join('\n')).toContain('Compared letter by letter');
  });
});

/** The rows of the question with this placeholder, as they read. */
function rowsOf({ prompts, rows }: Walk, placeholder: string): readonly string[] {
  expect(prompts).toContain(placeholder);
  const found = rows.find((each) => each.some(({ label }) => label === 'Go On With a Client ID')) ?? [];
  return found.map(({ label, detail }) => (detail === undefined ? label : `${label} ${detail}`));
}

describe('from an API', () => {
  it('shows both origins before the identity provider is asked, and takes what the API says', async () => {
    let agreed: boolean | undefined;
    const made = await walk(
      { what: 'paste:https://api.example.com/orders' },
      {
        api: async (mayAsk) => {
          agreed = await mayAsk(issuerFindings);
          return findings();
        },
      },
    );
    expect(agreed).toBe(true);
    const confirmation = JSON.stringify(made.rows[1]);
    expect(confirmation).toContain('https://api.example.com');
    expect(confirmation).toContain('https://idp.example.com');
    expect(made.contacted).toEqual(['https://api.example.com/orders']);
    expect(made.asked).toEqual(['what', 'discovery', 'how-api', 'client', 'review']);
    expect(made.draft).toMatchObject({ client: 'registration', finish: 'send', foundIssuer: issuerFindings });
    expect(check(made)).toMatchObject({
      grant: 'authorization_code',
      issuer: 'https://idp.example.com/',
      scope: 'orders.read',
      origins: ['https://api.example.com'],
    });
    expect(Math.max(...made.positions.map(({ total }) => total))).toBeLessThanOrEqual(4);
    expect(firstRequestOf(made.draft)).toEqual({ kind: 'new', words: 'GET /orders' });
  });

  it('asks no identity provider when the person says no', async () => {
    let agreed: boolean | undefined;
    const none = findings({ issuers: [], recommendations: [{ scheme: 'bearer', reason: 'It asks for Bearer.' }] });
    const made = await walk(
      { what: 'api', api: 'api.example.com', discovery: 'skip', 'secret:': 't' },
      {
        api: async (mayAsk) => {
          agreed = await mayAsk(issuerFindings);
          return none;
        },
      },
    );
    expect(agreed).toBe(false);
    expect(check(made)).toEqual({ scheme: 'bearer', origins: ['https://api.example.com'] });
  });

  it('ends the waiting of discovery on Escape, as a no', async () => {
    let agreed: boolean | undefined;
    const made = await walk(
      { what: 'api', api: 'api.example.com', discovery: escape },
      {
        api: async (mayAsk) => {
          agreed = await mayAsk(issuerFindings);
          return findings();
        },
      },
    );
    expect(made.complete).toBe(false);
    await Promise.resolve();
    expect(agreed).toBe(false);
  });

  it('says what went wrong, tries again, and lets a person go back', async () => {
    let tries = 0;
    const api = (): Promise<ApiFindings> =>
      ++tries < 3
        ? Promise.reject(new CountersignError('CS-NET-REFUSED', 'Nothing answers at api.example.com.'))
        : Promise.resolve(findings());
    const made = await walk({ what: 'api', api: 'api.example.com', discovery: ['again', 'again'] }, { api });
    expect(made.complete).toBe(true);
    expect(JSON.stringify(made.rows[1])).toContain('CS-NET-REFUSED');
    tries = 0;
    const away = await walk(
      { what: ['api', 'scheme:bearer'], api: ['api.example.com', back], discovery: back, origins, 'secret:': 't' },
      { api },
    );
    expect(check(away)).toMatchObject({ scheme: 'bearer' });
  });

  it('names an issuer when the API does not', async () => {
    const made = await walk(
      {
        what: 'api',
        api: 'api.example.com',
        'how-api': 'other-issuer',
        issuer: 'https://idp.example.com',
        'field:client_id': 'c',
      },
      {
        api: () =>
          Promise.resolve(
            findings({ issuers: [], recommendations: [{ scheme: 'bearer', reason: 'It asks for Bearer.' }] }),
          ),
      },
    );
    expect(made.asked).toEqual([
      'what',
      'api',
      'discovery',
      'how-api',
      'issuer',
      'how',
      'field:client_id',
      'method',
      'review',
    ]);
    expect(check(made)).toMatchObject({ issuer: 'https://idp.example.com/', origins: ['https://api.example.com'] });
  });

  it('takes a key where the API wants one, in the header it names', async () => {
    const key = { scheme: 'ApiKey', answeredBy: 'apiKey', scope: [], key: { name: 'X-Key', in: 'header' as const } };
    const made = await walk(
      { what: 'api', api: 'api.example.com', 'secret:': 'k' },
      {
        api: () =>
          Promise.resolve(
            findings({ challenges: [key], issuers: [], recommendations: [{ scheme: 'apiKey', reason: 'r' }] }),
          ),
      },
    );
    expect(check(made)).toEqual({
      scheme: 'apiKey',
      in: 'header',
      name: 'X-Key',
      origins: ['https://api.example.com'],
    });
  });

  it('starts at the API when a request waits there', async () => {
    const suggested = {
      api: 'https://api.example.com/orders',
      origin: 'https://api.example.com',
      request: 'GET /orders',
    };
    const made = await walk({}, { draft: emptyDraft(suggested) });
    expect(made.asked).toEqual(['discovery', 'how-api', 'client', 'review']);
    expect(firstRequestOf(made.draft)).toEqual({ kind: 'here', words: 'GET /orders' });
  });

  it('explains what was left out', () => {
    const all = apiChoices(findings({ issuers: [], recommendations: [] }));
    expect(all.map(({ id }) => id)).toEqual([
      'other-issuer',
      ...schemes.filter(({ id }) => id !== 'oauth2').map(({ id }) => `scheme:${id}`),
    ]);
    expect(
      apiChoices(findings())
        .map(({ id, group }) => [id, group])
        .slice(0, 2),
    ).toEqual([
      ['issuer:0:authorization_code', 'Recommended'],
      ['issuer:0:client_credentials', 'Also offered'],
    ]);
  });

  for (const [text, why] of [
    ['https://api.example.com/x?y=1', undefined],
    ['api.example.com', undefined],
    ['', /address of the API/],
    ['https://u:p@api.example.com', /user name or password/],
    ['file:///etc/passwd', /not the address of an API/],
  ] as const) {
    it(`“${text}” ${why ? 'is refused' : 'stands'}`, () => {
      if (why) expect(checkApi(text)).toMatch(why);
      else expect(checkApi(text)).toBeUndefined();
    });
  }
});

describe('from what is pasted', () => {
  it('a curl command: its secret is kept, what stays is a request', async () => {
    const made = await walk({
      what: `paste:curl https://api.example.com/orders -H 'Authorization: Bearer hidden-t0ken-1'`,
    });
    expect(made.asked).toEqual(['what', 'review']);
    expect(check(made)).toEqual({ scheme: 'bearer', origins: ['https://api.example.com'] });
    expect(made.draft.secrets.get('')?.reveal()).toBe('hidden-t0ken-1');
    expect(JSON.stringify([made.draft, made.rows, made.prompts])).not.toContain('hidden-t0ken-1');
    expect(made.draft.typed).toBe('');
    expect(firstRequestOf(made.draft)).toEqual({ kind: 'new', words: 'GET /orders' });
  });

  it('a curl command that changes something is not sent by itself', async () => {
    const made = await walk({ what: `paste:curl -X DELETE https://api.example.com/orders/1 -u 'a:b'` });
    expect(firstRequestOf(made.draft)).toBeUndefined();
    expect(made.draft.finish).toBe('add');
  });

  it('a definition of JetBrains: only origins are asked for', async () => {
    const entry = {
      Type: 'OAuth2',
      'Grant Type': 'Client Credentials',
      'Token URL': 'https://idp.example.com/token',
      'Client ID': 'job',
      'Client Secret': 'hidden-jb',
    };
    const made = await walk({ what: 'text', text: JSON.stringify({ batch: entry }), origins });
    expect(made.asked).toEqual(['what', 'text', 'method', 'origins', 'review']);
    expect(made.contacted).toEqual([]);
    expect(made.draft.name).toBe('batch');
    expect(made.draft.secrets.get('')?.reveal()).toBe('hidden-jb');
    expect(check(made)).toMatchObject({ grant: 'client_credentials', token_endpoint: 'https://idp.example.com/token' });
  });

  it('several definitions: one is chosen', async () => {
    const text = JSON.stringify({
      oauth2_tokenEndpoint: 'https://i.example.com/t',
      oauth2_clientId: 'a',
      shop_clientId: 'b',
    });
    const made = await walk({
      what: 'text',
      text: [text, 'pasted:1'],
      origins,
      'secret:': 's',
      method: 'client_secret_basic',
    });
    expect(check(made)).toMatchObject({ client_id: 'b' });
  });

  it('a token: it is never asked for again', async () => {
    const made = await walk({ what: 'paste:ghp_a1B2c3D4e5F6g7H8i9J0k1L2m3N4o5P6q7R8', origins });
    expect(made.asked).toEqual(['what', 'origins', 'review']);
    expect(check(made)).toEqual({ scheme: 'bearer', origins: ['https://api.example.com'] });
  });

  it('what is not known is said and cannot be taken', async () => {
    await expect(walk({ what: 'paste:{"a":1}' })).rejects.toThrow(/holds no sign-in/);
    await expect(walk({ what: 'text', text: 'some words' })).rejects.toThrow(/neither a curl command/);
  });
});

describe('Back', () => {
  const ways = {
    person: {
      what: 'who:person',
      issuer: 'https://idp.example.com',
      'field:client_id': 'c',
      method: 'client_secret_basic',
      origins,
      'secret:': 's',
    },
    service: {
      what: 'issuer',
      issuer: 'https://idp.example.com',
      how: 'client_credentials',
      'field:client_id': 'c',
      method: 'client_secret_post',
      origins,
      'secret:': 's',
    },
    key: { what: 'scheme:apiKey', 'field:in': 'query', 'field:name': 'key', origins, 'secret:': 's' },
    api: {
      what: 'api',
      api: 'https://api.example.com/orders',
      'how-api': 'issuer:0:client_credentials',
      client: 'own',
      'field:client_id': 'c',
      method: 'client_secret_basic',
      'secret:': 's',
    },
    text: { what: 'text', text: 'curl -u a: https://api.example.com', 'secret:': 's' },
  } as const satisfies Record<string, Readonly<Record<string, string>>>;

  for (const [way, answers] of Object.entries(ways)) {
    it(`from every step leads to the one before, and on to the same end: ${way}`, async () => {
      const straight = await walk(answers);
      const wanted = check(straight);
      for (const [index, id] of straight.asked.entries()) {
        if (index === 0) continue;
        const before = straight.asked[index - 1] ?? '';
        const again = {
          ...answers,
          [id]: [back, (answers as Record<string, string>)[id]].filter((one) => one !== undefined),
        };
        const given = (answers as Record<string, string>)[before];
        const twice = given === undefined ? again : { ...again, [before]: [given, given] };
        const made = await walk(twice);
        expect(made.asked.slice(index, index + 3)).toEqual([id, before, id]);
        expect(check(made)).toEqual(wanted);
        expect(made.draft.secrets.get('')?.reveal()).toBe('s');
      }
    });

    it(`Escape at every step ends it with nothing done: ${way}`, async () => {
      const straight = await walk(answers);
      for (const id of straight.asked) {
        const made = await walk({ ...answers, [id]: escape });
        expect(made.complete).toBe(false);
        expect(made.asked.at(-1)).toBe(id);
      }
    });
  }

  it('is not offered at the first question', async () => {
    const { positions } = await walk({ what: 'scheme:bearer', origins, 'secret:': 's' });
    expect(positions.map(({ canGoBack }) => canGoBack)).toEqual([false, true, true, true]);
  });

  it('out of a changed part of the last step is back at the last step', async () => {
    const made = await walk({
      what: 'scheme:bearer',
      origins,
      review: ['origins', back, 'name', 'mine', 'finish:add'],
      'secret:': 's',
    });
    expect(made.draft.name).toBe('mine');
  });

  it('to another first choice forgets what rested on the one before', async () => {
    const made = await walk({
      what: [`paste:curl https://api.example.com -H 'X-API-Key: k-1'`, 'scheme:basic'],
      review: [back, 'finish:add'],
      'field:username': 'u',
      origins: 'https://b.example.com',
      'secret:': 'typed',
    });
    expect(check(made)).toEqual({ scheme: 'basic', username: 'u', origins: ['https://b.example.com'] });
    expect(made.draft.secrets.get('')?.reveal()).toBe('typed');
  });
});

describe('checks in place', () => {
  it('starts from what a command gives', async () => {
    const draft = emptyDraft({ scheme: 'apiKey', name: 'weather', origin: 'https://127.0.0.2:8443' });
    const made = await walk({ 'field:in': 'header', 'field:name': 'X-API-Key', 'secret:': 'k' }, { draft });
    expect(made.asked).toEqual(['field:in', 'field:name', 'origins', 'review', 'secret:']);
    expect(draft.name).toBe('weather');
    expect(check(made)).toMatchObject({ in: 'header', name: 'X-API-Key', origins: ['https://127.0.0.2:8443'] });
  });

  for (const [what, answers, why] of [
    ['a path in an origin', { origins: 'https://api.example.com/v1' }, /is not an origin/],
    ['no origin', { origins: ' ' }, /is needed/],
    ['a taken name', { origins, review: ['name', 'taken'] }, /exists already/],
    ['a name with spaces', { origins, review: ['name', 'a b'] }, /letters, digits/],
    ['an empty secret', { origins, 'secret:': '' }, /Type or paste/],
  ] as const) {
    it(`refuses ${what}`, async () => {
      await expect(walk({ what: 'scheme:bearer', ...answers })).rejects.toThrow(why);
    });
  }

  it('refuses a user name with a colon where it is typed', async () => {
    await expect(walk({ what: 'scheme:basic', 'field:username': 'a:b' })).rejects.toThrow(/colon/);
  });

  for (const [text, why] of [
    ['https://idp.example.com', undefined],
    ['idp.example.com', undefined],
    ['', /address of the identity provider/],
    ['http://idp.example.com', /https/],
    ['https://user:pw@idp.example.com', /user name/],
  ] as const) {
    it(`the issuer “${text}” ${why ? 'is refused' : 'stands'}`, () => {
      if (why) expect(checkIssuer(text)).toMatch(why);
      else expect(checkIssuer(text)).toBeUndefined();
    });
  }
});

describe('choices', () => {
  it('come from the registries, every one of them', () => {
    const ids = firstChoices().map(({ id }) => id);
    for (const scheme of schemes) {
      const signsIn = scheme.fields.some((field) => field.name === 'grant');
      expect(ids.includes(`scheme:${scheme.id}`)).toBe(!signsIn);
    }
    for (const grant of grants) expect(ids).toContain(`who:${grant.who}`);
  });

  it('recommend the first and leave out what an issuer does not offer', () => {
    const offered = grantChoices(undefined, server({ grant_types_supported: ['client_credentials'] }).metadata);
    expect(offered.map(({ id, group }) => [id, group])).toEqual([['client_credentials', 'Recommended']]);
    const all = grantChoices(undefined, server().metadata);
    expect(all[0]).toMatchObject({ id: 'authorization_code', group: 'Recommended' });
    expect(all[1]?.group).toBe('Also offered by this issuer');
  });

  it('give a reason from the issuer’s own metadata', () => {
    const reason = (metadata: Readonly<Record<string, unknown>>, who: string): string | undefined =>
      recommendGrants(who, server(metadata).metadata)[0]?.reason;
    expect(reason({}, 'person')).toBe('A person is calling and the issuer supports S256: the safest way it offers.');
    expect(reason({ code_challenge_methods_supported: undefined }, 'person')).toContain('does not announce it');
    expect(reason({ token_endpoint_auth_methods_supported: ['private_key_jwt'] }, 'service')).toContain(
      'no shared secret to leak',
    );
    expect(reason({}, 'service')).toContain('not as you');
    const legacy = recommendGrants(undefined, undefined).filter(({ choice }) => choice.legacy);
    expect(legacy.length).toBeGreaterThan(0);
    for (const { reason: words } of legacy) expect(words).toContain('RFC 9700');
  });

  it('ask a client for a secret only where there is a choice', () => {
    const grant = grants.find(({ name }) => name === 'authorization_code');
    if (!grant) throw new Error('authorization_code is not there');
    const methods = (list: readonly string[]): readonly string[] =>
      clientChoices(grant, server({ token_endpoint_auth_methods_supported: list }).metadata).map(({ id }) => id);
    expect(methods(['client_secret_basic', 'none'])).toEqual(['none', 'client_secret_basic']);
    expect(methods(['none'])).toEqual(['none']);
    expect(methods(['private_key_jwt_of_others'])).toEqual([]);
  });

  it('put a key of its own first for a service, where the issuer takes one', () => {
    const grant = grants.find(({ name }) => name === 'client_credentials');
    if (!grant) throw new Error('client_credentials is not there');
    const methods = (list: readonly string[] | undefined): readonly string[] =>
      recommendClientAuthentications(grant, server({ token_endpoint_auth_methods_supported: list }).metadata).map(
        ({ choice }) => choice.name,
      );
    expect(methods(['client_secret_basic', 'private_key_jwt', 'none'])).toEqual([
      'private_key_jwt',
      'client_secret_basic',
    ]);
    expect(methods(undefined)[0]).toBe('client_secret_basic');
    expect(methods(undefined)).not.toContain('client_secret_basic_raw');
  });

  it('say what discovery found', () => {
    expect(toDiscoveryReport(server())).toBe('Found idp.example.com: 3 grants, PKCE S256, issuer matches');
    expect(toDiscoveryReport(server({ code_challenge_methods_supported: undefined }))).toContain('PKCE not announced');
  });
});

describe('a row', () => {
  it('draws our icon, and none that stands in words of others', () => {
    const hostile = 'https://$(check).example.com';
    expect(toRow({ id: 'a', icon: 'globe', label: hostile, description: hostile, detail: hostile })).toEqual({
      id: 'a',
      label: '$(globe) https://$ (check).example.com',
      description: 'https://$ (check).example.com',
      detail: 'https://$ (check).example.com',
    });
    expect(toRow({ label: '$(error) x' })).toEqual({ label: '$ (error) x' });
  });
});

describe('a suggested name', () => {
  for (const [origin, name] of [
    ['https://orders.example.com', 'orders'],
    ['https://api.example.com', 'example'],
    ['https://*.shop.example.com', 'shop'],
    ['https://127.0.0.2:8443', 'local'],
    ['https://[::1]:8443', 'local'],
    ['{{api}}', 'api'],
    ['https://taken.example.com', 'taken-2'],
  ] as const) {
    it(`${origin} gives ${name}`, () => expect(suggestName(origin, ['taken'])).toBe(name));
  }
});
