/** Against the cases of AWS's own Signature Version 4 test suite: same keys, same time, its signatures. */
import { describe, expect, it } from 'vitest';
import { scopeOfHost } from '../../../src/credentials/aws/aws-host.ts';
import { signV4 } from '../../../src/credentials/aws/sigv4.ts';
import { toSigV4Attachment } from '../../../src/credentials/schemes/aws-sigv4.ts';
import { Secret } from '../../../src/credentials/secret.ts';
import type { FinalRequest } from '../../../src/credentials/types.ts';

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
    expect(() => toSigV4Attachment(keys, new URL('https://api.example.com/'))).toThrow(/region and the service/);
  });
});

describe('a clock that is off', () => {
  it('is set by the date of the refusal, once', async () => {
    const { proof } = toSigV4Attachment({ ...keys, ...scope }, new URL('https://api.example.com/'));
    const answer = (date: number) => ({
      status: 403,
      url: new URL('https://api.example.com/'),
      headers: [['Date', new Date(date).toUTCString()]] as [string, string][],
      challenges: [],
    });
    const hour = 3_600_000;
    expect(proof?.answered(answer(Date.now()))).toBe(false);
    expect(proof?.answered(answer(Date.now() + hour))).toBe(true);
    const date = (await proof?.headers(request('GET', '/')))?.find(({ name }) => name === 'X-Amz-Date');
    const hours = new Date(Date.now() + hour).toISOString().slice(0, 13).replace(/-/g, '');
    expect(date?.prefix).toContain(hours);
    expect(proof?.answered(answer(Date.now() + 2 * hour))).toBe(false);
  });
});
