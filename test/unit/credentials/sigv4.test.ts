/** Against the cases of AWS's own Signature Version 4 test suite: same keys, same time, its signatures. */
import { createHash, createPublicKey, verify } from 'node:crypto';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { scopeOfHost } from '../../../src/credentials/aws/aws-host.ts';
import { presignV4, signV4 } from '../../../src/credentials/aws/sigv4.ts';
import { deriveSigV4aKey } from '../../../src/credentials/aws/sigv4a-key.ts';
import { findLiteralSecrets } from '../../../src/credentials/literal-secrets.ts';
import { toSigV4Attachment } from '../../../src/credentials/schemes/aws-sigv4.ts';
import { Secret } from '../../../src/credentials/secret.ts';
import type { FinalRequest } from '../../../src/credentials/types.ts';
import { SchemeServers } from '../../support/scheme-servers.ts';

const keys = {
  accessKeyId: 'AKIDEXAMPLE',
  secretAccessKey: new Secret('wJalrXUtnFEMI/K7MDENG+bPxRfiCYEXAMPLEKEY', 'key'),
};
const scope = { region: 'us-east-1', service: 'service' };
const now = Date.UTC(2015, 7, 30, 12, 36, 0);
const token =
  'AQoDYXdzEPT//////////wEXAMPLEtc764bNrC9SAPBSM22wDOk4x4HIZ8j4FZTwdQWLWsKWHGBuFqwAeMicRXmxfpSPfIeoIYRqTflfKD8YUuwthAx7mSEI/qkPpKPi/kMcGdQrmGdeehM4IC1NtBmUpp2wUE8phUZampKsburEDy0KPkyQDYwT7WZ0wq5VSXDvp75YU9HFvlRd8Tx6q6fE8YQcHNVXAkiY9q6d+xo0rKwT38xVqr7ZD0u0iPPkUL64lIZbqBAz+scqKmlzm8FDrypNC9Yjc8fPOLn9FX9KSYvKTr4rvx3iSIlTJabIQwj2ICCR/oLxBA==';

function request(method: string, path: string, headers: FinalRequest['headers'] = [], body = ''): FinalRequest {
  return {
    method,
    url: new URL(`https://example.amazonaws.com${path}`),
    headers,
    body: async function* () {
      if (body !== '') yield Buffer.from(body);
    },
  };
}

describe('AWS Signature Version 4', () => {
  it.each([
    ['get-vanilla', request('GET', '/'), '5fa00fa31553b73ebf1942676e86291e8372ff2a2260956d9b8aae1d763fbf31'],
    [
      'get-vanilla-query-order-key-case',
      request('GET', '/?Param2=value2&Param1=value1'),
      'b97d918cfa904a5beff61c982a1b6f458b799221646efd99d3219ec94cdf2500',
    ],
    ['post-vanilla', request('POST', '/'), '5da7c1a2acd57cee7505fc6676e4e544621c30862966e37dddb68e92efbe5d6b'],
    ['get-slash', request('GET', '//'), '5fa00fa31553b73ebf1942676e86291e8372ff2a2260956d9b8aae1d763fbf31'],
    ['get-slashes', request('GET', '//example//'), '9a624bd73a37c9a373b5312afbebe7a714a789de108f0bdfe846570885f57e84'],
    [
      'get-unreserved',
      request('GET', '/-._~0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz'),
      '07ef7494c76fa4850883e2b006601f940f8a34d404d0cfa977f52a65bbf5f24f',
    ],
    [
      'get-vanilla-utf8-query',
      request('GET', '/?\u1234=bar'),
      '2cdec8eed098649ff3a119c94853b13c643bcf08f8b0a1d91e12c9027818dd04',
    ],
    [
      'post-x-www-form-urlencoded',
      request('POST', '/', [['Content-Type', 'application/x-www-form-urlencoded']], 'Param1=value1'),
      'ff11897932ad3f4e8b18135d722051e5ac45fc38421b1da7b9d196a0fe09473a',
    ],
  ])('%s', async (_, final, signature) => {
    expect((await signV4(final, keys, scope, now)).authorization).toContain(`Signature=${signature}`);
  });
  it('post-sts-header-before: a session token is signed', async () => {
    const made = await signV4(request('POST', '/'), { ...keys, sessionToken: new Secret(token, 'token') }, scope, now);
    expect(made.authorization).toContain('Signature=85d96828115b5dc0cfc3bd16ad9e210dd772bbebba041836c64533a82be05ead');
    expect(made.authorization).toContain('SignedHeaders=host;x-amz-date;x-amz-security-token');
  });
  it('encodes a path once more than it is sent, but for S3', async () => {
    const of = async (path: string, service: string): Promise<string> =>
      (await signV4(request('GET', path), keys, { ...scope, service }, now)).authorization;
    expect(await of('/a%20b', 'service')).not.toBe(await of('/a b', 's3'));
    expect(await of('/a%20b', 's3')).toBe(await of('/a b', 's3'));
  });
  it('names the hash of the body for S3, and takes its path as it is', async () => {
    const made = await signV4(request('GET', '/a%20b'), keys, { ...scope, service: 's3' }, now);
    expect(made.contentHash).toBe('e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855');
  });
});

describe('region and service', () => {
  it.each([
    ['dynamodb.eu-west-1.amazonaws.com', { region: 'eu-west-1', service: 'dynamodb' }],
    ['abc123.execute-api.eu-central-1.amazonaws.com', { region: 'eu-central-1', service: 'execute-api' }],
    ['bucket.s3.us-west-2.amazonaws.com', { region: 'us-west-2', service: 's3' }],
    ['bucket.s3-eu-west-1.amazonaws.com', { region: 'eu-west-1', service: 's3' }],
    ['sts.amazonaws.com', { region: 'us-east-1', service: 'sts' }],
    ['x.lambda-url.us-east-2.on.aws', { region: 'us-east-2', service: 'lambda' }],
    ['iam.us-gov-west-1.amazonaws.com', { region: 'us-gov-west-1', service: 'iam' }],
    ['api.example.com', {}],
    ['amazonaws.com.example.org', {}],
  ])('of %s', (host, expected) => {
    expect(scopeOfHost(host)).toEqual(expected);
  });
  it('must be said for any other host', () => {
    expect(() => toSigV4Attachment(keys, new URL('https://api.example.com/'), { skew: 0 })).toThrow(
      /region and the service/,
    );
  });
});

describe('a clock that is off', () => {
  it('is set by the date of the refusal, once, and for the requests after it', async () => {
    const clock = { skew: 0 };
    const attach = () => toSigV4Attachment({ ...keys, ...scope }, new URL('https://api.example.com/'), clock);
    const { proof } = attach();
    const answer = (date: number) => ({
      status: 403,
      url: new URL('https://api.example.com/'),
      headers: [['Date', new Date(date).toUTCString()]] as [string, string][],
      challenges: [],
    });
    const hour = 3_600_000;
    expect(proof?.answered(answer(Date.now()))).toBe(false);
    expect(proof?.answered(answer(Date.now() + hour))).toBe(true);
    expect(proof?.answered(answer(Date.now() + hour))).toBe(false);
    const date = (await attach().proof?.headers(request('GET', '/')))?.find(({ name }) => name === 'X-Amz-Date');
    const hours = new Date(Date.now() + hour).toISOString().slice(0, 13).replace(/-/g, '');
    expect(date?.prefix).toContain(hours);
  });
});

describe('presigned addresses', () => {
  const of = async (final: FinalRequest, change: Partial<typeof scope> = {}, sessionToken?: string) => {
    const held = sessionToken === undefined ? keys : { ...keys, sessionToken: new Secret(sessionToken, 'token') };
    return new Map(await presignV4(final, held, { ...scope, ...change }, now, 3600));
  };
  it.each([
    [
      'get-vanilla-query-order-key-case',
      request('GET', '/?Param2=value2&Param1=value1'),
      '86012e2c9ad4d77369f5d81c11f75158aae4f895a085212cc6d3f923d300bed5',
    ],
    [
      'post-sts-header-before',
      request('POST', '/', [['X-Amz-Security-Token', token]]),
      'aca67b49ed321f377645504bccbd5a65f9085c536ff1961bc49c835d30827b16',
    ],
  ])('%s of the test suite', async (_, final, signature) => {
    const made = await of(final);
    expect(made.get('X-Amz-Signature')).toBe(signature);
    expect(made.get('X-Amz-Credential')).toBe('AKIDEXAMPLE/20150830/us-east-1/service/aws4_request');
  });
  it('get-vanilla-with-session-token of the test suite', async () => {
    const made = await of(request('GET', '/'), {}, '6e86291e8372ff2a2260956d9b8aae1d763fbf315fa00fa31553b73ebf194267');
    expect(made.get('X-Amz-Signature')).toBe('7ff2b50b376cb4d151970630573d6291dc128cc5c2a12ffb237f73cc53f67b6c');
  });
  it('the example of the S3 documentation, whose body is not signed', async () => {
    const final = { ...request('GET', '/test.txt'), url: new URL('https://examplebucket.s3.amazonaws.com/test.txt') };
    const s3 = {
      accessKeyId: 'AKIAIOSFODNN7EXAMPLE',
      secretAccessKey: new Secret('wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY', 'key'),
    };
    const made = new Map(
      await presignV4(final, s3, { region: 'us-east-1', service: 's3' }, Date.UTC(2013, 4, 24), 86_400),
    );
    expect(made.get('X-Amz-Signature')).toBe('aeeed9bbccd4d02ee5c0109b86d86835f995330da4c265957d157751f604d404');
  });
});

describe('SigV4A', () => {
  const v4a = { ...scope, regionSet: 'us-east-1' };
  const open = createPublicKey(deriveSigV4aKey(keys.accessKeyId, keys.secretAccessKey.reveal()));
  const hex = (text = ''): string => Buffer.from(text, 'base64url').toString('hex');

  it('derives the key of the test suite', () => {
    const { x, y } = open.export({ format: 'jwk' });
    expect(hex(x)).toBe('b6618f6a65740a99e650b33b6b4b5bd0d43b176d721a3edfea7e7d2d56d936b1');
    expect(hex(y)).toBe('865ed22a7eadc9c5cb9d2cbaca1b3699139fedc5043dc6661864218330c8e518');
  });
  it('get-vanilla: signs the text to sign of the test suite', async () => {
    const hash = 'cf59db423e841c8b7e3444158185aa261b724a5c27cbe762676f3eed19f4dc02';
    const text = `AWS4-ECDSA-P256-SHA256\n20150830T123600Z\n20150830/service/aws4_request\n${hash}`;
    const made = await signV4(request('GET', '/'), keys, v4a, now);
    expect(made.algorithm).toBe('AWS4-ECDSA-P256-SHA256');
    const [head, signature = ''] = made.authorization.split('Signature=');
    expect(head).toBe(
      'Credential=AKIDEXAMPLE/20150830/service/aws4_request, SignedHeaders=host;x-amz-date;x-amz-region-set, ',
    );
    const fits = (of: string): boolean => verify('sha256', Buffer.from(of), open, Buffer.from(signature, 'hex'));
    expect(fits(text)).toBe(true);
    expect(fits(`${text}0`)).toBe(false);
  });
  it('presigns for several regions', async () => {
    const made = new Map(await presignV4(request('GET', '/'), keys, v4a, now, 3600));
    expect(made.get('X-Amz-Region-Set')).toBe('us-east-1');
    const parameters = [...made].filter(([name]) => name !== 'X-Amz-Signature').sort();
    const query = parameters.map(([name, value]) => `${name}=${encodeURIComponent(value)}`).join('&');
    const empty = createHash('sha256').update('').digest('hex');
    const canonical = `GET\n/\n${query}\nhost:example.amazonaws.com\n\nhost\n${empty}`;
    const hash = createHash('sha256').update(canonical).digest('hex');
    const text = `AWS4-ECDSA-P256-SHA256\n20150830T123600Z\n20150830/service/aws4_request\n${hash}`;
    const signature = Buffer.from(made.get('X-Amz-Signature') ?? '', 'hex');
    expect(verify('sha256', Buffer.from(text), open, signature)).toBe(true);
  });
});

describe('through the engine', () => {
  const servers = new SchemeServers();
  beforeAll(() => servers.start());
  afterAll(() => servers.stop());
  afterEach(() => servers.reset());
  const definition = { scheme: 'aws-sigv4', access_key_id: 'AKIDEXAMPLE', region: 'eu-west-1', service: 'execute-api' };
  const secrets = { '': 'secret-key-4711-value', session_token: 'session-4711-token' };

  it('sends a presigned address, masked wherever it is shown', async () => {
    const fixture = await servers.engineWith({ ...definition, placement: 'query', expires_in: 60 }, secrets);
    const result = await fixture.send(`# @auth svc\nGET ${servers.home}/a?b=1`);
    expect(result.error).toBeUndefined();
    const query = new URL(servers.first.url, servers.home).searchParams;
    expect([...query.keys()].slice(0, 2)).toEqual(['b', 'X-Amz-Algorithm']);
    expect(query.get('X-Amz-Expires')).toBe('60');
    expect(servers.first.headers.authorization).toBeUndefined();
    const signature = query.get('X-Amz-Signature') ?? '';
    expect(signature).toMatch(/^[\da-f]{64}$/);
    expect(JSON.stringify(result.request)).not.toContain(signature);
    const shown = fixture.redactor.redact(JSON.stringify(result));
    expect(shown).not.toContain(signature);
    expect(shown).not.toContain('session-4711-token');
    // What is no secret is not searched for in what comes back.
    expect(fixture.redactor.redact('60 seconds, host')).toBe('60 seconds, host');
  });
  it('COGNITO is refused with what to use instead, and its password stays here', async () => {
    const fixture = await servers.engineWith(definition, secrets);
    const literal = 'COGNITO ann pw-4711-cognito eu-west-1 eu-west-1_AbCdEf 1h57kf5cpq17m0eml12EXAMPLE';
    const result = await fixture.send(`GET ${servers.home}/a\nAuthorization: ${literal}`);
    expect(result.error).toMatchObject({ code: 'CS-AUTH-COGNITO' });
    expect(result.error?.next).toContain('https://cognito-idp.eu-west-1.amazonaws.com/eu-west-1_AbCdEf');
    expect(JSON.stringify(result)).not.toContain('pw-4711-cognito');
    expect(servers.arrived).toHaveLength(0);
    const [found] = findLiteralSecrets('Authorization', ` ${literal}`);
    expect(found).toMatchObject({ kind: 'cognito' });
    expect(` ${literal}`.slice(found?.start, found?.end)).toBe('pw-4711-cognito');
  });
});
