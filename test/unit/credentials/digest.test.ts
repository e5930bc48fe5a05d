import { createHash } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { DigestAnswers } from '../../../src/credentials/digest/digest-answers.ts';
import { chooseChallenge, type DigestChallenge } from '../../../src/credentials/digest/digest-challenge.ts';
import { toAuthorization } from '../../../src/credentials/digest/digest-response.ts';
import { Secret } from '../../../src/credentials/secret.ts';
import type { AnsweredRequest, FinalRequest } from '../../../src/credentials/types.ts';
import { parseChallenges } from '../../../src/http/challenges.ts';

function request(url: string, body = '', method = 'GET'): FinalRequest {
  return {
    method,
    url: new URL(url),
    headers: [],
    body: async function* () {
      if (body !== '') yield Buffer.from(body);
    },
  };
}

function challenge(header: string): DigestChallenge {
  const found = chooseChallenge(parseChallenges([header]));
  if (!found) throw new Error('no challenge');
  return found;
}

/** RFC 7616 §3.9.1. */
const mufasa = {
  cnonce: 'f2/wE4q74E6zIJEtWaHKaf5wv/H5QzzpXusqGemxURZJ',
  count: 1,
  username: 'Mufasa',
  password: new Secret('Circle of Life', 'password'),
  request: request('https://www.example.org/dir/index.html'),
};
const offered = (algorithm: string, more = ''): string =>
  `Digest realm="http-auth@example.org", qop="auth, auth-int", algorithm=${algorithm}, ` +
  'nonce="7ypf/xlj9XXwfDPEoM4URrv/xwf94BcCAzFZH4GiTo0v", ' +
  `opaque="FQhe/qaU925kfnzjCev0ciny7QMkPqMAFRtzCUYo5tdS"${more}`;

describe('the answer', () => {
  it('is that of RFC 7616 §3.9.1, MD5', async () => {
    const text = await toAuthorization({ ...mufasa, challenge: challenge(offered('MD5')) });
    expect(text).toContain('response="8ca523f5e9506fed4657c9700eebdbec"');
    expect(text).toContain('username="Mufasa", realm="http-auth@example.org"');
    expect(text).toContain('uri="/dir/index.html", algorithm=MD5');
    expect(text).toContain('qop=auth, nc=00000001');
  });
  it('is that of RFC 7616 §3.9.1, SHA-256', async () => {
    const text = await toAuthorization({ ...mufasa, challenge: challenge(offered('SHA-256')) });
    expect(text).toContain('response="753927fa0e85d155564e2e272a28d1802ca10daf4496794697cf8db5856cb6c1"');
  });
  it('hashes the name of RFC 7616 §3.9.2 with SHA-512/256 as its erratum 4897 says', async () => {
    const text = await toAuthorization({
      challenge: challenge(
        'Digest realm="api@example.org", qop="auth", algorithm=SHA-512-256, ' +
          'nonce="5TsQWLVdgBdmrQ0XsxbDODV+57QdFR34I9HAbC/RVvkK", ' +
          'opaque="HRPCssKJSGjCrkzDg8OhwpzCiGPChXYjwrI2QmXDnsOS", charset=UTF-8, userhash=true',
      ),
      cnonce: 'NTg6RKcb9boFIAS3KrFK9BGeh+niz/sm',
      count: 1,
      username: 'J\u00e4s\u00f8n Doe',
      password: new Secret('Secret, or not?', 'password'),
      request: request('https://api.example.org/doe.json'),
    });
    expect(text).toContain('username="793263caabb707a56211940d90411ea4a575adeccb7e360aeb624ed06ece9b0b"');
    // Of another implementation of the hash, over the same input.
    expect(text).toContain('response="7a4e1192babbba02e91182d2895bfdbf7adafc6e48d4e517ca301974843d840c"');
    expect(text).toContain('userhash=true');
  });
  it('leaves out count and quality for a server of RFC 2069', async () => {
    const text = await toAuthorization({ ...mufasa, challenge: challenge('Digest realm="r", nonce="n"') });
    const h = (part: string): string => createHash('md5').update(part).digest('hex');
    expect(text).toContain(`response="${h(`${h('Mufasa:r:Circle of Life')}:n:${h('GET:/dir/index.html')}`)}"`);
    expect(text).not.toMatch(/qop|nc=|algorithm|cnonce/);
  });
  it('covers the body when only auth-int is offered', async () => {
    const only = challenge('Digest realm="r", nonce="n", qop="auth-int", algorithm=SHA-256');
    const input = { ...mufasa, challenge: only };
    const one = await toAuthorization({ ...input, request: request('https://a.example/x', 'one', 'POST') });
    const two = await toAuthorization({ ...input, request: request('https://a.example/x', 'two', 'POST') });
    expect(one).toContain('qop=auth-int');
    expect(one).not.toBe(two);
  });
  it('derives the session key from nonce and cnonce', async () => {
    const text = await toAuthorization({
      ...mufasa,
      challenge: challenge('Digest realm="r", nonce="n", qop=auth, algorithm=MD5-sess'),
    });
    const h = (part: string): string => createHash('md5').update(part).digest('hex');
    const a1 = h(`${h('Mufasa:r:Circle of Life')}:n:${mufasa.cnonce}`);
    expect(text).toContain(`response="${h(`${a1}:n:00000001:${mufasa.cnonce}:auth:${h('GET:/dir/index.html')}`)}"`);
  });
  it('holds the query in its uri', async () => {
    const text = await toAuthorization({
      ...mufasa,
      challenge: challenge(offered('MD5')),
      request: request('https://a.example/x?y=1&z=%20'),
    });
    expect(text).toContain('uri="/x?y=1&z=%20"');
  });
  it('escapes what a quoted string cannot hold, and writes other names in the extended notation', async () => {
    const quoted = challenge('Digest realm="a \\"b\\" \\\\c", nonce="n", qop="auth"');
    expect(await toAuthorization({ ...mufasa, challenge: quoted })).toContain('realm="a \\"b\\" \\\\c"');
    expect(await toAuthorization({ ...mufasa, username: 'J\u00e4s (x)', challenge: quoted })).toContain(
      "username*=UTF-8''J%C3%A4s%20%28x%29",
    );
  });
});

describe('the challenge', () => {
  const choose = (...headers: string[]): DigestChallenge | undefined => chooseChallenge(parseChallenges(headers));
  it('that is strongest is chosen, whatever the order', () => {
    expect(choose(offered('MD5'), offered('SHA-256'))?.hash).toBe('sha256');
    expect(choose(offered('SHA-512-256'), offered('MD5'))?.hash).toBe('sha512-256');
  });
  it('is MD5 when it names no algorithm', () => {
    expect(choose('Digest realm="r", nonce="n"')).toMatchObject({ hash: 'md5', algorithm: undefined, qop: undefined });
  });
  it.each([
    ['an algorithm that is not known', 'Digest realm="r", nonce="n", algorithm=ROT13'],
    ['a quality that is not known', 'Digest realm="r", nonce="n", qop="auth-future"'],
    ['no nonce', 'Digest realm="r"'],
    ['a control character in the nonce', 'Digest realm="r", nonce="n\u0007"'],
    ['another scheme', 'Basic realm="r"'],
  ])('with %s is none to answer', (_, header) => {
    expect(choose(header)).toBeUndefined();
  });
});

describe('a run of requests', () => {
  const answer = (change: Partial<AnsweredRequest> & { header?: string }): AnsweredRequest => ({
    status: 401,
    url: new URL('https://api.example.com/'),
    headers: [],
    challenges: parseChallenges(change.header === undefined ? [] : [change.header]),
    ...change,
  });
  const proof = () => new DigestAnswers().proof('svc', new Secret('pw', 'password'));
  const text = async (made: ReturnType<typeof proof>, url = 'https://api.example.com/x'): Promise<string | undefined> =>
    (await made.headers(request(url)))[0]?.value?.reveal();
  const nc = (value: string | undefined): string | undefined => /nc=(\w+)/.exec(value ?? '')?.[1];

  it('answers before it is asked, with a count that rises', async () => {
    const made = proof();
    expect(await text(made)).toBeUndefined();
    expect(made.answered(answer({ header: 'Digest realm="r", nonce="n1", qop="auth"' }))).toBe(true);
    expect(nc(await text(made))).toBe('00000001');
    expect(nc(await text(made))).toBe('00000002');
    expect(await text(made, 'https://other.example.com/x')).toBeUndefined();
  });
  it('takes a fresh nonce when the old one is stale', async () => {
    const made = proof();
    made.answered(answer({ header: 'Digest realm="r", nonce="n1", qop="auth"' }));
    await text(made);
    expect(made.answered(answer({ header: 'Digest realm="r", nonce="n2", qop="auth", stale=TRUE' }))).toBe(true);
    expect(await text(made)).toContain('nonce="n2"');
  });
  it('takes the next nonce from Authentication-Info', async () => {
    const made = proof();
    made.answered(answer({ header: 'Digest realm="r", nonce="n1", qop="auth"' }));
    await text(made);
    made.answered(answer({ status: 200, headers: [['Authentication-Info', 'nextnonce="n9", rspauth="x"']] }));
    expect(await text(made)).toContain('nonce="n9"');
    expect(nc(await text(made))).toBe('00000002');
  });
  it('gives up when the same challenge comes back', async () => {
    const made = proof();
    const header = 'Digest realm="r", nonce="n1", qop="auth"';
    expect(made.answered(answer({ header }))).toBe(true);
    await text(made);
    expect(made.answered(answer({ header }))).toBe(false);
  });
  it('A08 does not answer a weaker challenge than it met before', async () => {
    const made = proof();
    expect(made.answered(answer({ header: 'Digest realm="r", nonce="n1", qop="auth", algorithm=SHA-256' }))).toBe(true);
    await text(made);
    expect(
      made.answered(answer({ header: 'Digest realm="r", nonce="n2", qop="auth", algorithm=MD5, stale=true' })),
    ).toBe(false);
    expect(await text(made)).toBeUndefined();
  });
});
