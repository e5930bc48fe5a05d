/** Hybrid answers (`code id_token`), posted forms, and answers that the provider signs (JARM). */
import { readFileSync } from 'node:fs';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import type { OAuth2Definition } from '../../../src/credentials/types.ts';
import { createBench, toCredential, type Bench } from '../../support/broker-bench.ts';
import { answerFront, type FrontLie } from '../../support/front-channel-idp.ts';
import { createHttpsFetch } from '../../support/https-fetch.ts';
import { followRedirect, visit, type Page } from '../../support/loopback-browser.ts';
import { startPlayground, type RunningPlayground } from '../../support/playground.ts';
import { postForm, visitWithFragment } from '../../support/relay-browser.ts';
import { ScriptedIdp } from '../../support/scripted-idp.ts';
import { attemptSignIn, type Attempt } from '../../support/sign-in-attempt.ts';
import { allowSteps, FormBrowser, signInByForms, toPostedForm } from '../../support/sign-in-by-forms.ts';

let idp: ScriptedIdp;
let playground: RunningPlayground;
beforeAll(async () => {
  idp = await ScriptedIdp.start();
  playground = await startPlayground();
}, 60_000);
afterEach(() => idp.reset());
afterAll(async () => {
  await idp.stop();
  await playground.stop();
});

type Metadata = Record<string, unknown>;

/** A browser that brings the answer as it was asked for. */
async function bring(url: string, lie: FrontLie = {}): Promise<Page | undefined> {
  const { redirectUri, parameters } = await answerFront(idp, url, lie);
  switch (new URL(url).searchParams.get('response_mode')) {
    case 'form_post':
      return postForm(redirectUri, parameters, new URL(idp.issuer).origin);
    case 'fragment':
      return (await visitWithFragment(`${redirectUri}#${parameters.toString()}`)).last;
    default:
      return followRedirect(`${redirectUri}?${parameters.toString()}`);
  }
}

function signIn(definition: Partial<OAuth2Definition>, lie: FrontLie = {}, metadata: Metadata = {}): Promise<Attempt> {
  idp.script.metadata = (truth) => ({ ...truth, ...metadata });
  return attemptSignIn(idp, { definition, browse: (url) => bring(url, lie) });
}

const asked = (bench: Bench): URLSearchParams => new URL(bench.opened[0] ?? '').searchParams;
const hybrid = { response_type: 'code id_token' };

describe('hybrid', () => {
  const places: [Metadata, Partial<OAuth2Definition>, string][] = [
    [{}, {}, 'fragment'],
    [{ response_modes_supported: ['query', 'fragment', 'form_post'] }, {}, 'form_post'],
    [{ response_modes_supported: ['query', 'fragment'] }, {}, 'fragment'],
    [{ response_modes_supported: ['form_post'] }, { response_mode: 'fragment' }, 'fragment'],
    [{}, { response_mode: 'form_post' }, 'form_post'],
  ];
  for (const [metadata, definition, mode] of places) {
    it(`by ${mode}: ${JSON.stringify({ ...metadata, ...definition })}`, async () => {
      const { session, bench, page, trace, tokenRequests } = await signIn({ ...hybrid, ...definition }, {}, metadata);
      expect(session?.identity).toMatchObject({ subject: 'ada', verified: true });
      expect(asked(bench).get('response_type')).toBe('code id_token');
      expect(asked(bench).get('response_mode')).toBe(mode);
      expect(asked(bench).get('code_challenge_method')).toBe('S256');
      expect(tokenRequests).toBe(1);
      expect(page?.text).toContain('Signed in');
      const step = trace?.steps.find(({ id }) => id === 'front-id-token');
      expect(step).toMatchObject({ outcome: 'ok', detail: expect.stringContaining('c_hash, s_hash match') as string });
    });
  }
  it('is taken where a provider gives no plain code', async () => {
    const { session, bench, trace } = await signIn({}, {}, { response_types_supported: ['id_token', 'id_token code'] });
    expect(session).toBeDefined();
    expect(asked(bench).get('response_type')).toBe('code id_token');
    expect(trace?.steps.find(({ id }) => id === 'authorization-request')?.detail).toContain('only together with');
  });
  it('is not taken where a plain code is on offer, or nothing is said', async () => {
    for (const response_types_supported of [['code id_token', 'code'], []]) {
      idp.reset();
      idp.script.metadata = (truth) => ({ ...truth, response_types_supported });
      expect(asked((await attemptSignIn(idp)).bench).get('response_type')).toBe('code');
    }
  });
  it('asks for openid and sends a nonce also when the scope has neither', async () => {
    const { session, bench } = await signIn({ ...hybrid, scope: 'orders.read' });
    expect(session).toBeDefined();
    expect(asked(bench).get('scope')).toBe('openid orders.read');
    expect(asked(bench).get('nonce')).toMatch(/^[\w-]{43}$/);
  });
  it('works with an ID token without s_hash, which is optional', async () => {
    expect((await signIn(hybrid, { claims: ({ s_hash: _gone, ...truth }) => truth })).session).toBeDefined();
  });

  const lies: Record<string, FrontLie> = {
    'another c_hash': { claims: (truth) => ({ ...truth, c_hash: 'AAAAAAAAAAAAAAAAAAAAAA' }) },
    'no c_hash': { claims: ({ c_hash: _gone, ...truth }) => truth },
    'another s_hash': { claims: (truth) => ({ ...truth, s_hash: 'AAAAAAAAAAAAAAAAAAAAAA' }) },
    'another code': { parameters: (all) => all.set('code', 'injected') },
    'another nonce': { claims: (truth) => ({ ...truth, nonce: 'other' }) },
    'no nonce': { claims: ({ nonce: _gone, ...truth }) => truth },
    'another audience': { claims: (truth) => ({ ...truth, aud: 'other' }) },
    'another issuer': { claims: (truth) => ({ ...truth, iss: 'https://evil.example' }) },
    'an end in the past': { claims: (truth) => ({ ...truth, exp: 1 }) },
    'no signature': { parameters: (all) => all.set('id_token', unsigned(all.get('id_token') ?? '')) },
    'a broken signature': { parameters: (all) => all.set('id_token', broken(all.get('id_token') ?? '')) },
    'no ID token': { parameters: (all) => all.delete('id_token') },
  };
  for (const [name, lie] of Object.entries(lies)) {
    it(`sends no code after an ID token with ${name}`, async () => {
      for (const response_mode of ['fragment', 'form_post']) {
        idp.reset();
        const { session, code, tokenRequests } = await signIn({ ...hybrid, response_mode }, lie);
        expect(session).toBeUndefined();
        expect(code).toMatch(/^CS-AUTH-(ID-TOKEN|REFUSED|ISSUER)$/);
        expect(tokenRequests).toBe(0);
      }
    });
  }
  it('wants both ID tokens to speak of one person', async () => {
    idp.script.claims = (truth) => ({ ...truth, sub: 'mallory' });
    const { code, session } = await signIn(hybrid);
    expect([code, session]).toEqual(['CS-AUTH-ID-TOKEN', undefined]);
  });
  it('takes no ID token out of a query', async () => {
    const { code, tokenRequests } = await attemptSignIn(idp, {
      definition: hybrid,
      browse: async (url) => {
        const { redirectUri, parameters } = await answerFront(idp, url);
        return visit(`${redirectUri}?${parameters.toString()}`);
      },
    });
    expect([code, tokenRequests]).toEqual(['CS-AUTH-REFUSED', 0]);
  });
  it('says before anything opens what cannot go together', async () => {
    const refused: [Partial<OAuth2Definition>, Metadata, string][] = [
      [{ ...hybrid, response_mode: 'query' }, {}, 'CS-DEF-FIELD'],
      [{ ...hybrid, response_mode: 'jwt' }, {}, 'CS-DEF-FIELD'],
      [{ response_mode: 'form_post', redirect: 'paste' }, {}, 'CS-DEF-FIELD'],
      [hybrid, { jwks_uri: undefined }, 'CS-AUTH-DISCOVERY'],
      [{ response_mode: 'jwt' }, { jwks_uri: undefined }, 'CS-AUTH-DISCOVERY'],
    ];
    for (const [definition, metadata, expected] of refused) {
      const { code, bench } = await signIn(definition, {}, metadata);
      expect([code, bench.opened]).toEqual([expected, []]);
    }
  });
});

describe('a plain code', () => {
  it('in a posted form', async () => {
    const { session, bench, page } = await signIn({ response_mode: 'form_post' });
    expect(session).toBeDefined();
    expect(asked(bench).get('response_mode')).toBe('form_post');
    expect(page?.text).toContain('Signed in');
  });
  it('in a fragment', async () => expect((await signIn({ response_mode: 'fragment' })).session).toBeDefined());
});

/** The answer as a JWT of the provider's. */
async function wrap(
  url: string,
  change: (claims: Record<string, unknown>) => Record<string, unknown> = (claims) => claims,
  make: (claims: Record<string, unknown>) => Promise<string> = (claims) => idp.sign(claims),
): Promise<string> {
  const { redirectUri, parameters } = await answerFront(idp, url);
  const truth = {
    ...Object.fromEntries(parameters),
    iss: idp.issuer,
    aud: 'cli',
    exp: Math.floor(Date.now() / 1000) + 60,
  };
  return `${redirectUri}?response=${await make(change(truth))}`;
}

describe('a signed answer (JARM)', () => {
  const jarm = { authorization_signing_alg_values_supported: ['ES256', 'none'], response_modes_supported: ['jwt'] };
  const sign = (definition: Partial<OAuth2Definition>, browse: (url: string) => Promise<Page | undefined>) => {
    idp.script.metadata = (truth) => ({ ...truth, ...jarm });
    return attemptSignIn(idp, { definition, browse });
  };
  for (const mode of ['jwt', 'query.jwt']) {
    it(`by ${mode}`, async () => {
      const { session, bench, trace } = await sign({ response_mode: mode }, async (url) =>
        followRedirect(await wrap(url)),
      );
      expect(session).toBeDefined();
      expect(asked(bench).get('response_mode')).toBe(mode);
      expect(trace?.steps.find(({ id }) => id === 'signed-answer')?.detail).toBe('signature, iss, aud, exp match');
      expect(JSON.stringify(trace)).not.toMatch(/eyJ/);
    });
  }
  it('in a posted form', async () => {
    const { session } = await sign({ response_mode: 'form_post.jwt' }, async (url) => {
      const [redirectUri = '', query = ''] = (await wrap(url)).split('?');
      return postForm(redirectUri, new URLSearchParams(query), idp.issuer);
    });
    expect(session).toBeDefined();
  });
  it('pasted', async () => {
    idp.script.metadata = (truth) => ({ ...truth, ...jarm });
    const { session } = await attemptSignIn(idp, {
      definition: { response_mode: 'jwt', redirect: 'paste' },
      browse: async (url, bench) => {
        const answer = await wrap(url);
        while (bench.waiting.length === 0) await new Promise((resolve) => setTimeout(resolve, 5));
        expect(await bench.waiting[0]?.paste(answer)).toBe(true);
        return undefined;
      },
    });
    expect(session).toBeDefined();
  });
  it('with an algorithm that the provider does not name is refused', async () => {
    const { code } = await attemptSignIn(idp, {
      definition: { response_mode: 'jwt' },
      browse: async (url) => visit(await wrap(url)),
    });
    // Without a list of its own the provider signs with RS256 (JARM §3), which this one does not.
    expect([code, idp.hitsOn('/token')]).toEqual(['CS-AUTH-REFUSED', []]);
  });
  it('passes an error on', async () => {
    const { code } = await sign({ response_mode: 'jwt' }, async (url) =>
      visit(await wrap(url, ({ code: _gone, ...truth }) => ({ ...truth, error: 'access_denied' }))),
    );
    expect(code).toBe('CS-AUTH-DENIED');
  });

  const none = (claims: Record<string, unknown>): Promise<string> =>
    Promise.resolve(`${part({ alg: 'none' })}.${part(claims)}.`);
  const lies: Record<string, (url: string) => Promise<string>> = {
    'with alg none, which the metadata lists': (url) => wrap(url, undefined, none),
    'with a broken signature': async (url) => wrap(url, undefined, async (claims) => broken(await idp.sign(claims))),
    'that has ended': (url) => wrap(url, (truth) => ({ ...truth, exp: 1 })),
    'without exp': (url) => wrap(url, ({ exp: _gone, ...truth }) => truth),
    'for another client': (url) => wrap(url, (truth) => ({ ...truth, aud: 'other' })),
    'without aud': (url) => wrap(url, ({ aud: _gone, ...truth }) => truth),
    'of another issuer': (url) => wrap(url, (truth) => ({ ...truth, iss: 'https://evil.example' })),
    'without iss': (url) => wrap(url, ({ iss: _gone, ...truth }) => truth),
    'that came plain': async (url) => idp.authorize(url),
    'without a code': (url) => wrap(url, ({ code: _gone, ...truth }) => truth),
  };
  for (const [name, lie] of Object.entries(lies)) {
    it(`sends no code after one ${name}`, async () => {
      const { code, session, tokenRequests, page } = await sign({ response_mode: 'jwt' }, async (url) =>
        followRedirect(await lie(url)),
      );
      expect(session).toBeUndefined();
      expect(code).toBe('CS-AUTH-REFUSED');
      expect(tokenRequests).toBe(0);
      expect(page?.text).toContain('Not signed in');
    });
  }
  it('of another flow disturbs nothing', async () => {
    const { session } = await sign({ response_mode: 'jwt' }, async (url) => {
      const other = await wrap(url, (truth) => ({ ...truth, state: 'guess' }));
      expect((await visit(other)).status).toBe(400);
      expect((await visit(other.replace(/response=.*/, 'response=a.b.c'))).status).toBe(400);
      return followRedirect(await wrap(url));
    });
    expect(session).toBeDefined();
  });
  it('is not taken when it was not asked for', async () => {
    const { code, tokenRequests } = await attemptSignIn(idp, { browse: async (url) => visit(await wrap(url)) });
    expect([code, tokenRequests]).toEqual(['CS-AUTH-REFUSED', 0]);
  });
});

describe('at the playground', () => {
  const credentialOf = (definition: Partial<OAuth2Definition>) => {
    const { info } = playground;
    return toCredential({
      issuer: info.issuer,
      scope: 'openid profile orders.read',
      resource: info.api,
      ...definition,
    });
  };
  async function acquire(definition: Partial<OAuth2Definition>, browse: (url: string) => Promise<unknown>) {
    const fetch = createHttpsFetch(readFileSync(playground.info.ca, 'utf8'));
    const { broker } = createBench({ fetch, browse });
    return broker.acquire(credentialOf(definition), { interactive: true });
  }
  const posted = async (url: string): Promise<unknown> => {
    const { lastPage } = await new FormBrowser().walk(url, allowSteps(playground.info.user));
    const { action, fields } = toPostedForm(lastPage);
    return postForm(action, fields, new URL(url).origin);
  };

  it('hybrid by form and by fragment', async () => {
    const { user } = playground.info;
    const client_id = 'countersign-hybrid';
    const byForm = await acquire({ client_id, response_type: 'code id_token' }, posted);
    expect(byForm.identity?.verified).toBe(true);
    const byFragment = await acquire(
      { client_id, response_type: 'code id_token', response_mode: 'fragment' },
      async (url) => visitWithFragment(await signInByForms(url, user)),
    );
    expect(byFragment.identity?.subject).toBe(byForm.identity?.subject);
  });
  it('signed answers in the query and in a form', async () => {
    const { user, clients } = playground.info;
    const { client_id } = clients.native;
    const inQuery = await acquire({ client_id, response_mode: 'jwt' }, async (url) =>
      followRedirect(await signInByForms(url, user)),
    );
    expect(inQuery.identity?.verified).toBe(true);
    expect((await acquire({ client_id, response_mode: 'form_post.jwt' }, posted)).identity?.verified).toBe(true);
  });
});

function part(value: unknown): string {
  return Buffer.from(JSON.stringify(value)).toString('base64url');
}

function unsigned(jwt: string): string {
  return `${part({ alg: 'none' })}.${jwt.split('.')[1]}.`;
}

function broken(jwt: string): string {
  const [header = '', payload = '', signature = ''] = jwt.split('.');
  return `${header}.${payload}.${signature.startsWith('A') ? 'B' : 'A'}${signature.slice(1)}`;
}
