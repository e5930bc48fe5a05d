import { spawn } from 'node:child_process';
import { mkdtemp, rm, stat } from 'node:fs/promises';
import { readFileSync } from 'node:fs';
import { get } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { connect } from 'node:tls';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { parseOptions } from '../../../src/playground/options.ts';
import { createPlaygroundClient } from '../../support/playground-client.ts';
import { startPlayground } from '../../support/playground.ts';
import type { PlaygroundInfo, RunningPlayground } from '../../support/playground.ts';

/** The error code of a verified TLS handshake, or `none`. */
async function handshake(url: string, ca: string): Promise<string> {
  const { hostname, port } = new URL(url);
  return new Promise((resolve) => {
    const socket = connect({ host: hostname, port: Number(port), ca: readFileSync(ca) }, () => {
      socket.end();
      resolve('none');
    });
    socket.once('error', (error: NodeJS.ErrnoException) => {
      resolve(error.code ?? error.message);
    });
  });
}

describe('a running playground', () => {
  let data: string;
  let running: RunningPlayground;
  let info: PlaygroundInfo;
  beforeAll(async () => {
    data = await mkdtemp(join(tmpdir(), 'playground-start-'));
    running = await startPlayground({ data });
    ({ info } = running);
  });
  afterAll(async () => {
    await running.stop();
    await rm(data, { recursive: true, force: true });
  });

  it('prints one line with the facts of the contract', () => {
    const { stdout } = running.output();
    expect(stdout.split('\n').filter((line) => line !== '')).toHaveLength(1);
    expect(info.issuer).toMatch(/^https:\/\/127\.0\.0\.[12]:\d+\/$/);
    expect(info.api).toMatch(/^https:\/\/127\.0\.0\.[12]:\d+$/);
    expect(Object.keys(info.broken)).toEqual(['selfSigned', 'expired', 'wrongHost', 'missingIntermediate']);
    expect(Object.keys(info.clients)).toEqual(['native', 'confidential', 'jwt', 'mtls', 'device', 'legacy']);
    expect(info.apiKey).toMatchObject({ header: 'X-API-Key', query: 'api_key', cookie: 'api_key' });
    for (const secret of [info.user.password, info.admin.password, info.basic.password])
      expect(secret).toHaveLength(14);
  });

  it('keeps its secrets where only the user reads them', async () => {
    for (const path of [
      'secrets.json',
      'certificates.json',
      'ports.json',
      'jwt-client.jwks.json',
      'mtls-client.key.pem',
    ]) {
      expect((await stat(join(data, path))).mode & 0o777, path).toBe(0o600);
    }
  });

  it.each([
    ['selfSigned', 'DEPTH_ZERO_SELF_SIGNED_CERT'],
    ['expired', 'CERT_HAS_EXPIRED'],
    ['wrongHost', 'ERR_TLS_CERT_ALTNAME_INVALID'],
    ['missingIntermediate', 'UNABLE_TO_VERIFY_LEAF_SIGNATURE'],
  ] as const)('%s fails with %s', async (host, code) => {
    expect(await handshake(info.broken[host], info.ca)).toBe(code);
  });

  it('has issuer and API that verify with the CA alone, and not without it', async () => {
    expect(await handshake(info.issuer, info.ca)).toBe('none');
    expect(await handshake(info.api, info.ca)).toBe('none');
    expect(await handshake(info.api, info.clients.mtls.cert)).toMatch(/UNABLE_TO|SELF_SIGNED/);
  });

  it('says in the metadata what is on plain http and what is not', async () => {
    const client = createPlaygroundClient(info);
    const response = await client.get(`${info.issuer}.well-known/openid-configuration`);
    const metadata = (await response.json()) as Record<string, string>;
    expect(metadata['issuer']).toBe(info.issuer);
    for (const name of ['authorization_endpoint', 'end_session_endpoint']) {
      expect(metadata[name]?.startsWith(`${info.pages}/`), name).toBe(true);
    }
    for (const name of ['token_endpoint', 'jwks_uri', 'userinfo_endpoint', 'device_authorization_endpoint']) {
      expect(metadata[name]?.startsWith(info.issuer), name).toBe(true);
    }
    await client.close();
  });

  it.each(['/token', '/device/auth', '/jwks', '/me', '/reg', '/.well-known/openid-configuration'])(
    'does not serve %s on plain http',
    async (path) => {
      expect((await fetch(info.pages + path)).status).toBe(404);
    },
  );

  it('turns away a host name that is not loopback', async () => {
    const { hostname, port } = new URL(info.pages);
    const status = await new Promise((resolve, reject) => {
      get({ host: hostname, port, path: '/', headers: { Host: 'rebound.example' } }, (response) => {
        response.resume();
        resolve(response.statusCode);
      }).once('error', reject);
    });
    expect(status).toBe(421);
  });

  it('does not start on a port that is taken', async () => {
    const { hostname, port } = new URL(info.issuer);
    await expect(startPlayground({ port: Number(port) })).rejects.toThrow(`Port ${port} of ${hostname} is taken.`);
  });

  it('gives each folder secrets of its own', async () => {
    const other = await startPlayground();
    expect(other.info.clients.confidential.client_secret).not.toBe(info.clients.confidential.client_secret);
    expect(other.info.user.password).not.toBe(info.user.password);
    expect(await handshake(other.info.api, info.ca)).not.toBe('none');
    expect(await other.stop()).toBe(0);
  });
});

describe('a start again with the same folder', () => {
  it('keeps ports, secrets and certificates', async () => {
    const data = await mkdtemp(join(tmpdir(), 'playground-again-'));
    const first = await startPlayground({ data });
    expect(await first.stop()).toBe(0);
    const second = await startPlayground({ data });
    expect(second.info).toEqual(first.info);
    await second.stop();
    await rm(data, { recursive: true, force: true });
  });

  it('takes other ports while the first one runs', async () => {
    const data = await mkdtemp(join(tmpdir(), 'playground-twice-'));
    const first = await startPlayground({ data });
    const second = await startPlayground({ data });
    expect(second.info.issuer).not.toBe(first.info.issuer);
    expect(second.info.user).toEqual(first.info.user);
    await Promise.all([first.stop(), second.stop()]);
    await rm(data, { recursive: true, force: true });
  });
});

describe('the end', () => {
  it('comes when a piped stdin closes', async () => {
    const running = await startPlayground();
    const exit = new Promise((resolve) => running.child.once('exit', resolve));
    running.child.stdin?.end();
    expect(await exit).toBe(0);
    await running.stop();
  });

  it('comes on SIGINT, with a request under way', async () => {
    const running = await startPlayground();
    const client = createPlaygroundClient(running.info);
    const pending = client.get('/slow?ms=60000').then(
      () => 'answered',
      () => 'ended',
    );
    await client.get('/public');
    const exit = new Promise((resolve) => running.child.once('exit', resolve));
    running.child.kill('SIGINT');
    expect(await exit).toBe(0);
    expect(await pending).toBe('ended');
    await running.stop();
  });
});

describe('the arguments', () => {
  it('are read', () => {
    expect(parseOptions(['--port', '8443', '--data', '/d', '--clock-skew=-90', '--quiet'])).toEqual({
      port: 8443,
      data: '/d',
      clockSkew: -90,
      accessTokenTtl: 3600,
      quiet: true,
    });
  });

  it.each([['--port=x'], ['--port=70000'], ['--access-token-ttl=0'], ['--unknown']])('refuse %s', (argument) => {
    expect(() => parseOptions([argument])).toThrow();
  });

  it('end the process with 2 and a sentence when one is not understood', async () => {
    const child = spawn(process.execPath, ['src/playground/main.ts', '--port=x'], {
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    let stderr = '';
    child.stderr.setEncoding('utf8').on('data', (text: string) => (stderr += text));
    expect(await new Promise((resolve) => child.once('exit', resolve))).toBe(2);
    expect(stderr).toContain('--port takes a whole number from 0 to 65535, not “x”.');
  });
});
