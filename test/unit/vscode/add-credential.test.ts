import { describe, expect, it } from 'vitest';
import { newDefinition } from '../../../src/credentials/new-definition.ts';
import { schemes } from '../../../src/credentials/schemes/registry.ts';
import { CountersignError } from '../../../src/errors/countersign-error.ts';
import type { DiscoveredServer } from '../../../src/oauth/discovery.ts';
import { grants } from '../../../src/oauth/grants/registry.ts';
import { questionsFor, suggestName } from '../../../src/vscode/wizard/add-credential-questions.ts';
import { clientChoices, firstChoices, grantChoices, toDiscoveryReport } from '../../../src/vscode/wizard/choices.ts';
import { emptyDraft, toFields, type Draft } from '../../../src/vscode/wizard/draft.ts';
import { checkIssuer, IssuerWatch } from '../../../src/vscode/wizard/issuer-watch.ts';
import type { Step } from '../../../src/vscode/wizard/multi-step.ts';

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

interface Walk {
  readonly draft: Draft;
  /** `what: who:person`, in order. */
  readonly asked: string[];
  readonly prompts: string[];
}

/** Answers each question by its id; an answer that is refused stops the walk with the reason. */
async function walk(
  answers: Readonly<Record<string, string>>,
  discover: () => Promise<DiscoveredServer> = () => Promise.resolve(server()),
  draft = emptyDraft(),
): Promise<Walk> {
  const facts = { watch: new IssuerWatch(discover), taken: ['taken'], place: 'the system secret store' };
  const asked: string[] = [];
  const prompts: string[] = [];
  for (;;) {
    const next = questionsFor(draft, facts).find(({ id }) => !asked.includes(id));
    if (!next) return { draft, asked, prompts };
    const answer = answers[next.id];
    const step: Step = {
      pick: (options) => {
        prompts.push(options.placeholder);
        const ids = options.items.map(({ id }) => id);
        if (answer === undefined || !ids.includes(answer)) throw new Error(`${next.id} offers ${ids.join(' ')}`);
        return Promise.resolve(answer);
      },
      input: async (options) => {
        prompts.push(options.prompt);
        const text = answer ?? options.value ?? '';
        const wrong = options.check?.(text);
        if (wrong !== undefined) throw new Error(wrong);
        await options.settle?.(text);
        return text;
      },
    };
    await next.ask(step, draft);
    asked.push(next.id);
  }
}

function check(made: Draft): Readonly<Record<string, unknown>> {
  const definition = newDefinition(made.scheme ?? '', toFields(made));
  expect(definition).toMatchObject({ ok: true });
  return definition.ok ? (definition.definition as unknown as Record<string, unknown>) : {};
}

describe('Add Credential', () => {
  it('makes a person’s sign-in from an issuer, asking only what matters', async () => {
    const { draft, asked } = await walk(
      {
        what: 'who:person',
        issuer: 'idp.example.com/.well-known/openid-configuration',
        'field:client_id': 'native',
        client: 'none',
        origins: 'https://api.example.com https://b.example.com',
        name: 'orders',
      },
      () => Promise.resolve(server({ scopes_supported: ['openid', 'profile', 'orders.read'] })),
    );
    expect(asked).toEqual(['what', 'issuer', 'field:client_id', 'client', 'field:scope', 'origins', 'name']);
    expect(check(draft)).toEqual({
      scheme: 'oauth2',
      grant: 'authorization_code',
      issuer: 'https://idp.example.com/',
      client_id: 'native',
      scope: 'openid profile',
      token_endpoint_auth_method: 'none',
      origins: ['https://api.example.com', 'https://b.example.com'],
    });
  });

  it('asks for the secret last, and says where it goes', async () => {
    const answers = {
      what: 'who:service',
      issuer: 'https://idp.example.com',
      how: 'client_credentials',
      'field:client_id': 'job',
      name: 'batch',
    };
    const { draft, asked, prompts } = await walk({
      ...answers,
      origins: 'https://api.example.com',
      'secret:': 'hidden-value',
    });
    expect(asked.at(-1)).toBe('secret:');
    expect(asked).not.toContain('client');
    expect(prompts.at(-1)).toBe(
      'The client secret of batch. Goes to https://idp.example.com when a token is asked for. Kept in the system secret store.',
    );
    expect(JSON.stringify(check(draft))).not.toContain('hidden-value');
    expect(draft.secrets.get('')).toBe('hidden-value');
  });

  it('asks how only when the issuer offers a choice', async () => {
    const answers = {
      what: 'issuer',
      issuer: 'https://idp.example.com',
      'field:client_id': 'c',
      name: 'n',
      'secret:': 's',
    };
    const both = await walk({ ...answers, how: 'client_credentials', origins: 'https://a.example.com' });
    expect(both.asked).toContain('how');
    const one = await walk({ ...answers, client: 'none', origins: 'https://a.example.com' }, () =>
      Promise.resolve(server({ grant_types_supported: ['authorization_code'] })),
    );
    expect(one.asked).not.toContain('how');
    expect(check(one.draft)).toMatchObject({ grant: 'authorization_code' });
  });

  it('asks for endpoints when the issuer answers without metadata', async () => {
    const { draft, asked } = await walk(
      {
        what: 'who:person',
        issuer: 'https://old.example.com',
        'field:authorization_endpoint': 'https://old.example.com/authorize',
        'field:token_endpoint': 'https://old.example.com/token',
        'field:client_id': 'c',
        client: 'none',
        origins: 'https://api.example.com',
        name: 'old',
      },
      () => Promise.reject(new CountersignError('CS-AUTH-DISCOVERY', 'The issuer has no metadata.')),
    );
    expect(asked).toContain('field:token_endpoint');
    expect(check(draft)).not.toHaveProperty('issuer');
  });

  it('lets a person go on when the issuer cannot be reached', async () => {
    const { draft, asked } = await walk(
      {
        what: 'who:person',
        issuer: 'https://idp.example.com/tenant',
        'field:client_id': 'c',
        client: 'none',
        origins: 'https://api.example.com',
        name: 'later',
      },
      () => Promise.reject(new CountersignError('CS-NET-REFUSED', 'Nothing answers at idp.example.com.')),
    );
    expect(asked).not.toContain('field:token_endpoint');
    expect(check(draft)).toMatchObject({ issuer: 'https://idp.example.com/tenant' });
  });

  it('starts from what a command gives', async () => {
    const draft = emptyDraft({ scheme: 'apiKey', name: 'weather', origin: 'https://127.0.0.2:8443' });
    const { asked } = await walk({ 'field:in': 'header', 'field:name': 'X-API-Key', 'secret:': 'k' }, undefined, draft);
    expect(asked).toEqual(['field:in', 'field:name', 'origins', 'name', 'secret:']);
    expect(draft.name).toBe('weather');
    expect(check(draft)).toMatchObject({ in: 'header', name: 'X-API-Key', origins: ['https://127.0.0.2:8443'] });
  });

  for (const [what, answers, why] of [
    ['a path in an origin', { origins: 'https://api.example.com/v1' }, /is not an origin/],
    ['no origin', { origins: ' ' }, /is needed/],
    ['a taken name', { origins: 'https://a.example.com', name: 'taken' }, /exists already/],
    ['a name with spaces', { origins: 'https://a.example.com', name: 'a b' }, /letters, digits/],
    ['an empty secret', { origins: 'https://a.example.com', name: 'a', 'secret:': '' }, /Type or paste/],
  ] as const) {
    it(`refuses ${what}`, async () => {
      await expect(walk({ what: 'scheme:bearer', ...answers })).rejects.toThrow(why);
    });
  }

  it('refuses a user name with a colon where it is typed', async () => {
    await expect(walk({ what: 'scheme:basic', 'field:username': 'a:b' })).rejects.toThrow(/colon/);
  });
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

  it('ask a client for a secret only where there is a choice', () => {
    const grant = grants.find(({ name }) => name === 'authorization_code');
    if (!grant) throw new Error('authorization_code is not there');
    const methods = (list: readonly string[]): readonly string[] =>
      clientChoices(grant, server({ token_endpoint_auth_methods_supported: list }).metadata).map(({ id }) => id);
    expect(methods(['client_secret_basic', 'none'])).toEqual(['none', 'client_secret_basic']);
    expect(methods(['none'])).toEqual(['none']);
    expect(methods(['private_key_jwt_of_others'])).toEqual([]);
  });

  it('say what discovery found', () => {
    expect(toDiscoveryReport(server())).toBe('Found idp.example.com: 3 grants, PKCE S256, issuer matches');
    expect(toDiscoveryReport(server({ code_challenge_methods_supported: undefined }))).toContain('PKCE not announced');
  });
});

describe('an issuer', () => {
  for (const [text, why] of [
    ['https://idp.example.com', undefined],
    ['idp.example.com', undefined],
    ['', /address of the identity provider/],
    ['http://idp.example.com', /https/],
    ['https://user:pw@idp.example.com', /user name/],
  ] as const) {
    it(`“${text}” ${why ? 'is refused' : 'stands'}`, () => {
      if (why) expect(checkIssuer(text)).toMatch(why);
      else expect(checkIssuer(text)).toBeUndefined();
    });
  }
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
