/** A `.netrc` of the person is read for a credential of that scheme alone: what goes to an origin is what was bound to it. */
import { chmodSync } from 'node:fs';
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
  it('is read for a definition that says so, when it is the person’s alone', async () => {
    const origin = `http://127.0.0.1:${String((server.address() as AddressInfo).port)}`;
    const definition = { credentials: { old: { scheme: 'netrc', origins: [origin] } } };
    await cli.write({
      'b.http': `# @auth old\nGET ${origin}/\n`,
      'countersign.json': JSON.stringify(definition),
      '.netrc': 'machine 127.0.0.1 login ada password n3trc-71f\n',
    });
    const netrc = join(cli.work, '.netrc');
    const run = (): ReturnType<Cli['run']> =>
      cli.run(['run', 'b.http', '--secret', 'old=APPROVED'], { env: { NETRC: netrc, APPROVED: 'yes' } });
    chmodSync(netrc, 0o644);
    const refused = await run();
    expect(refused.stdout + refused.stderr).toContain('CS-FILE-PERMISSIONS');
    chmodSync(netrc, 0o600);
    arrived.length = 0;
    const sent = await run();
    expect(arrived).toEqual([`Basic ${Buffer.from('ada:n3trc-71f').toString('base64')}`]);
    expect(sent.stdout + sent.stderr + refused.stdout + refused.stderr).not.toContain('n3trc-71f');
  });
});
