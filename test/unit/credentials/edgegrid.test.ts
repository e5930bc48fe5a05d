/** Akamai EdgeGrid: its published test cases, and a request as a server that computes by itself sees it. */
import { createHash, createHmac } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { signEdgeGrid } from '../../../src/credentials/edgegrid/edgegrid-attachment.ts';
import { SchemeServers } from '../../support/scheme-servers.ts';

interface Vectors {
  readonly client_token: string;
  readonly access_token: string;
  readonly client_secret: string;
  readonly timestamp: string;
  readonly nonce: string;
  readonly max_body: number;
  readonly headers_to_sign: readonly string[];
  readonly vectors: readonly {
    readonly name: string;
    readonly method: string;
    readonly url: string;
    readonly headers: readonly [string, string][];
    readonly body?: string;
    readonly repeat?: readonly [string, number];
    readonly signature: string;
  }[];
}
const path = new URL('../../fixtures/vectors/edgegrid.json', import.meta.url);
const published = JSON.parse(readFileSync(path, 'utf8')) as Vectors;

describe('the published test cases', () => {
  it.each(published.vectors.map((vector) => [vector.name, vector] as const))('%s', async (_, vector) => {
    const body = vector.repeat ? vector.repeat[0].repeat(vector.repeat[1]) : (vector.body ?? '');
    const request = {
      method: vector.method,
      url: new URL(vector.url),
      headers: vector.headers,
      body: async function* () {
        // In pieces, as bodies come.
        for (let at = 0; at < body.length; at += 1000) yield Buffer.from(body.slice(at, at + 1000));
      },
    };
    const keys = {
      clientToken: published.client_token,
      accessToken: published.access_token,
      clientSecret: published.client_secret,
      headersToSign: published.headers_to_sign,
      maxBody: published.max_body,
    };
    const made = await signEdgeGrid(request, keys, new Date(published.timestamp), published.nonce);
    expect(made).toBe(
      `client_token=${published.client_token};access_token=${published.access_token};timestamp=20140321T19:34:21+0000;` +
        `nonce=${published.nonce};signature=${vector.signature}`,
    );
  });
});

describe('through the engine', () => {
  const servers = new SchemeServers();
  beforeAll(() => servers.start());
  afterAll(() => servers.stop());
  afterEach(() => servers.reset());
  const secrets = { '': 'client-secret-4711', client_token: 'akab-client-1', access_token: 'akab-access-1' };

  it('signs the request as it arrives', async () => {
    const definition = { scheme: 'edgegrid', headers_to_sign: ['X-One'], max_body: 4 };
    const result = await servers.send(
      definition,
      secrets,
      `POST ${servers.home}/a?b=1\nX-One:  two   words\n\nbody-longer`,
    );
    expect(result.error).toBeUndefined();
    const there = servers.first;
    const [, unsigned = '', timestamp = '', signature = ''] =
      /^(EG1-HMAC-SHA256 .*timestamp=([^;]+);.*;)signature=(.*)$/.exec(String(there.headers.authorization)) ?? [];
    const signing = createHmac('sha256', 'client-secret-4711').update(timestamp).digest('base64');
    const hash = createHash('sha256').update('body').digest('base64');
    const data = ['POST', 'http', there.host, there.url, 'x-one:two words', hash, unsigned].join('\t');
    expect(signature).toBe(createHmac('sha256', signing).update(data).digest('base64'));
  });
  it('refuses a token that could add a field of its own', async () => {
    const result = await servers.send(
      { scheme: 'edgegrid' },
      { ...secrets, client_token: 'a;nonce=1' },
      `GET ${servers.home}/`,
    );
    expect(result.error).toMatchObject({ code: 'CS-STORE-VALUE' });
    expect(servers.arrived).toHaveLength(0);
  });
});
