/** SAML bearer (RFC 7522): an assertion from a file or the secret store, and where that file may be. */
import { mkdtemp, mkdir, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { nodeFiles } from '../../../src/machine/node-files.ts';
import type { Prompts } from '../../../src/ports.ts';
import { readCredentialFile } from '../../../src/run/credential-file.ts';
import { createBench, toCredential, type BenchOptions } from '../../support/broker-bench.ts';
import { json, ScriptedIdp } from '../../support/scripted-idp.ts';

let idp: ScriptedIdp;
let home: string;
beforeAll(async () => {
  idp = await ScriptedIdp.start();
  home = await mkdtemp(join(tmpdir(), 'countersign-saml-'));
  await mkdir(join(home, 'work'));
});
afterEach(() => idp.reset());
afterAll(async () => {
  await idp.stop();
  await rm(home, { recursive: true });
});

const xml = `<?xml version="1.0"?>
<saml:Assertion xmlns:saml="urn:oasis:names:tc:SAML:2.0:assertion" ID="_canary7522">
  <saml:Conditions NotOnOrAfter="2099-01-01T00:00:00Z"/>é</saml:Assertion>`;
const grant = { grant: 'urn:ietf:params:oauth:grant-type:saml2-bearer', scope: 'orders.read' };

async function acquire(options: Partial<BenchOptions>, definition: Record<string, unknown> = {}) {
  idp.script.routes = {
    '/token': (_hit, response) =>
      json(response, 200, { access_token: 'at-saml', token_type: 'Bearer', expires_in: 600 }),
  };
  const bench = createBench({ fetch: idp.fetch, ...options });
  const credential = toCredential({ issuer: idp.issuer, ...grant, ...definition });
  const outcome = await bench.broker.acquire(credential, { interactive: false }).then(
    (session) => ({ session, code: undefined }),
    (error: unknown) => ({ session: undefined, code: (error as { code: string }).code }),
  );
  return { ...outcome, bench, trace: bench.broker.trace('orders'), form: idp.hitsOn('/token')[0]?.form };
}

describe('saml2_bearer', () => {
  const forms: Record<string, string> = {
    XML: xml,
    'XML after a mark': `\ufeff${xml}\n`,
    base64: Buffer.from(xml).toString('base64'),
    'base64 in lines': (
      Buffer.from(xml)
        .toString('base64')
        .match(/.{1,64}/g) ?? []
    ).join('\r\n'),
    base64url: Buffer.from(xml).toString('base64url'),
  };
  for (const [name, text] of Object.entries(forms)) {
    it(`takes ${name}, and sends base64url`, async () => {
      const { session, form, trace, bench } = await acquire({ slots: { assertion: text } });
      expect(session?.accessToken.reveal()).toBe('at-saml');
      expect(form?.get('grant_type')).toBe(grant.grant);
      expect(form?.get('scope')).toBe('orders.read');
      expect(Buffer.from(form?.get('assertion') ?? '', 'base64url').toString()).toBe(xml);
      expect(form?.get('assertion')).toMatch(/^[\w-]+$/);
      expect(trace?.steps.map(({ id, outcome }) => `${id} ${outcome}`)).toEqual([
        'definition ok',
        'discovery ok',
        'client-authentication ok',
        'own-saml-assertion ok',
        'own-saml-token ok',
        'store ok',
      ]);
      expect(bench.seen.has(form?.get('assertion') ?? '')).toBe(true);
    });
  }
  it('keeps the assertion out of the trace, however it is written', async () => {
    const { trace } = await acquire({ readFile: async () => xml }, { assertion_file: 'a.xml' });
    const text = JSON.stringify(trace);
    expect(text).not.toContain('canary7522');
    expect(text).not.toContain(Buffer.from(xml).toString('base64url').slice(0, 40));
    expect(text).toContain('assertion=••••');
  });
  it('reads the file anew each time', async () => {
    let reads = 0;
    const { bench } = await acquire({ readFile: async () => (reads++, xml) }, { assertion_file: 'a.xml' });
    bench.clock.shift = 3_600_000;
    const credential = toCredential({ issuer: idp.issuer, ...grant, assertion_file: 'a.xml' } as never);
    await bench.broker.acquire(credential, { interactive: false });
    expect(reads).toBe(2);
  });
  it('says that it ended, and lets the server judge', async () => {
    const { session, trace } = await acquire({ slots: { assertion: xml.replace('2099', '2019') } });
    expect(session).toBeDefined();
    const step = trace?.steps.find(({ id }) => id === 'own-saml-assertion');
    expect([step?.outcome, step?.detail]).toEqual(['warning', expect.stringContaining('it ended 2019-01-01')]);
  });
  const refused: Record<string, [string, string]> = {
    'a whole Response': ['<samlp:Response><Assertion/></samlp:Response>', 'CS-AUTH-ASSERTION'],
    'an encrypted one': ['<saml:EncryptedAssertion/>', 'CS-AUTH-ASSERTION'],
    'another document': ['<html>', 'CS-AUTH-ASSERTION'],
    'no document': ['not base64 at all!', 'CS-AUTH-ASSERTION'],
    'base64 of something else': [Buffer.from('hello').toString('base64'), 'CS-AUTH-ASSERTION'],
    nothing: ['', 'CS-AUTH-SECRET-MISSING'],
  };
  for (const [name, [text, code]] of Object.entries(refused)) {
    it(`sends ${name} nowhere`, async () => {
      const { code: found, form } = await acquire({ slots: { assertion: text } });
      expect([found, form]).toEqual([code, undefined]);
    });
  }
  it('says so where no file can be read', async () =>
    expect((await acquire({}, { assertion_file: 'a.xml' })).code).toBe('CS-AUTH-GRANT'));
});

describe('the file of an assertion', () => {
  const questions: string[] = [];
  function prompts(interactive: boolean, answer?: string): Prompts {
    const choose: Prompts['choose'] = async ({ title, detail }) => {
      questions.push(`${title}\n${detail}`);
      return answer;
    };
    return { interactive, choose } as Partial<Prompts> as Prompts;
  }
  const read = (written: string, asked: Prompts, owner: 'workspace' | 'user' = 'workspace') => {
    questions.length = 0;
    const { name, definition, hash } = toCredential(grant);
    const file = owner === 'workspace' ? { file: join(home, 'work', 'countersign.json') } : {};
    const host = { files: nodeFiles, prompts: asked };
    return readCredentialFile(written, { name, definition, hash, owner, ...file }, host, new AbortController().signal);
  };

  it('is read under the folder of the definition, without a question', async () => {
    await writeFile(join(home, 'work', 'inside.xml'), xml);
    expect(await read('inside.xml', prompts(true))).toBe(xml);
    expect(questions).toEqual([]);
  });
  it('is asked about outside of it, by its real path', async () => {
    await writeFile(join(home, 'outside.xml'), xml);
    await symlink(join(home, 'outside.xml'), join(home, 'work', 'link.xml'));
    for (const written of ['../outside.xml', join(home, 'outside.xml'), 'link.xml']) {
      expect(await read(written, prompts(true, 'Use This File'))).toBe(xml);
      expect(questions[0]).toContain(join(home, 'outside.xml'));
      expect(questions[0]).toContain('The credential orders names it');
      await expect(read(written, prompts(true, 'Cancel'))).rejects.toMatchObject({ code: 'CS-FILE-OUTSIDE' });
      await expect(read(written, prompts(false))).rejects.toMatchObject({ code: 'CS-FILE-OUTSIDE' });
      expect(questions).toEqual([]);
    }
  });
  it('is on no network share, is there, and is no book', async () => {
    for (const share of ['\\\\evil\\share\\a.xml', '//evil/share/a.xml']) {
      for (const owner of ['workspace', 'user'] as const) {
        await expect(read(share, prompts(true, 'Use This File'), owner)).rejects.toMatchObject({
          code: 'CS-FILE-OUTSIDE',
        });
      }
    }
    await expect(read('missing.xml', prompts(true))).rejects.toMatchObject({ code: 'CS-FILE-MISSING' });
    await writeFile(join(home, 'work', 'big.xml'), 'x'.repeat(300_000));
    await expect(read('big.xml', prompts(true))).rejects.toMatchObject({ code: 'CS-FILE-UNREADABLE' });
  });
  it('of a person’s own definition is the one they named', async () => {
    expect(await read(join(home, 'outside.xml'), prompts(false), 'user')).toBe(xml);
    await expect(read('outside.xml', prompts(false), 'user')).rejects.toMatchObject({ code: 'CS-FILE-MISSING' });
  });
});
