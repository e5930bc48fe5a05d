/** Kerberos through a module that a person may have: the ticket of each request, and what is said without the module. */
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { toKerberosAttachment, type KerberosModule } from '../../../src/credentials/kerberos/kerberos-attachment.ts';
import { SchemeServers } from '../../support/scheme-servers.ts';

const origins = ['https://intranet.example.com'];
const request = {
  method: 'GET',
  url: new URL('https://intranet.example.com/a'),
  headers: [],
  body: async function* () {},
};
const asked: unknown[] = [];
const moduleOf = (step: () => Promise<string | null>): KerberosModule => ({
  GSS_MECH_OID_SPNEGO: 6,
  initializeClient: (service, options) => {
    asked.push([service, options]);
    return Promise.resolve({ step });
  },
});
const attach = (step: () => Promise<string | null>, change = {}) =>
  toKerberosAttachment(
    { credential: { name: 'svc', owner: 'user', hash: 'h', definition: { scheme: 'kerberos', origins, ...change } } },
    () => Promise.resolve(moduleOf(step)),
  );
afterEach(() => {
  asked.length = 0;
});

describe('with the module', () => {
  it('sends a ticket for the host of the request', async () => {
    const { proof } = await attach(() => Promise.resolve('YII0token=='));
    const [header] = (await proof?.headers(request)) ?? [];
    expect(`${header?.name}: ${header?.prefix}${header?.value?.reveal()}`).toBe('Authorization: Negotiate YII0token==');
    expect(asked).toEqual([['HTTP@intranet.example.com', { mechOID: 6 }]]);
  });
  it('asks for the service that the definition names', async () => {
    const { proof } = await attach(() => Promise.resolve('YII0'), { service: 'HTTP@alias.example.com' });
    await proof?.headers(request);
    expect(asked).toEqual([['HTTP@alias.example.com', { mechOID: 6 }]]);
  });
  it.each([
    ['no ticket', () => Promise.reject(new Error('krb5: principal ann@CORP 4711'))],
    ['nothing', () => Promise.resolve(null)],
    ['no token', () => Promise.resolve('a\r\nX-Evil: 1')],
  ])('says what to do when it gives %s', async (_, step: () => Promise<string | null>) => {
    const { proof } = await attach(step);
    const error = await proof?.headers(request).catch((caught: unknown) => caught);
    expect(error).toMatchObject({ code: 'CS-AUTH-KERBEROS', next: expect.stringContaining('kinit') as string });
    expect((error as Error).message).not.toContain('4711');
  });
});

describe('without the module', () => {
  const servers = new SchemeServers();
  beforeAll(() => servers.start());
  afterAll(() => servers.stop());
  it('names it, and sends nothing', async () => {
    const result = await servers.send({ scheme: 'kerberos' }, {}, `GET ${servers.home}/a`);
    expect(result.error).toMatchObject({ code: 'CS-AUTH-KERBEROS' });
    expect(result.error?.message).toContain('“kerberos”');
    expect(servers.arrived).toHaveLength(0);
  });
});
