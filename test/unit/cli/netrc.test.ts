/** A `.netrc` of the person is not read: what goes to an origin is what was bound to it. */
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { Cli } from '../../support/cli.ts';

let cli: Cli;
let server: Server;
const arrived: (string | undefined)[] = [];
beforeAll(async () => {
  cli = await Cli.build();
  await cli.reset();
  server = createServer((request, response) => {
    arrived.push(request.headers.authorization);
    response.writeHead(401, { 'www-authenticate': 'Basic realm="a"' }).end();
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
}, 60_000);
afterAll(async () => {
  server.close();
  await cli.dispose();
});

describe('netrc', () => {
  it('gives no request a password, neither by its place nor by NETRC', async () => {
    const address = `http://127.0.0.1:${(server.address() as AddressInfo).port}/`;
    const netrc = 'machine 127.0.0.1 login ada password n3trc-71f\ndefault login ada password n3trc-71f\n';
    await cli.write({ 'a.http': `GET ${address}\n`, '.netrc': netrc, '../.netrc': netrc });
    const { stdout, code } = await cli.run(['run', 'a.http'], { env: { NETRC: join(cli.work, '.netrc') } });
    expect(arrived).toEqual([undefined]);
    expect(stdout).toContain('401');
    expect(code).toBe(0);
  });
});
