/** Free TCP ports for servers that cannot choose one themselves and tell. */
import { once } from 'node:events';
import { createServer } from 'node:net';

/** True when nothing listens there yet. */
export async function isFree(port: number, host = '127.0.0.1'): Promise<boolean> {
  return (await freePort(port, host)) === port;
}

/** `wanted` when it is free on the loopback address `host`, else a free one. 0 asks for any. */
export async function freePort(wanted = 0, host = '127.0.0.1'): Promise<number> {
  const server = createServer();
  server.listen(wanted, host);
  try {
    await once(server, 'listening');
  } catch (error) {
    if (wanted === 0) throw error;
    return freePort(0, host);
  }
  const address = server.address();
  server.close();
  await once(server, 'close');
  if (address === null || typeof address === 'string') throw new Error('A TCP server has no port.');
  return address.port;
}
