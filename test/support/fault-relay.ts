/** A relay between client and server that does one harm to the bytes of one direction, at one position. */
import net, { type AddressInfo, type Socket } from 'node:net';

export const harms = ['cut', 'end', 'stall', 'duplicate', 'reorder', 'flip'] as const;
export type Harm = (typeof harms)[number];

export interface Fault {
  readonly harm: Harm;
  /** Bytes that pass unharmed. */
  readonly at: number;
  readonly direction: 'request' | 'response';
}

export interface FaultRelay {
  readonly port: number;
  /** Of the next connection; undefined lets all pass. */
  fault: Fault | undefined;
  /** Bytes that passed on the last connection. */
  readonly passed: { request: number; response: number };
  readonly open: () => number;
  close(): Promise<void>;
}

export async function serveFaults(to: number): Promise<FaultRelay> {
  const sockets = new Set<Socket>();
  const server = net.createServer({ noDelay: true }, (near) => {
    const { fault } = relay;
    relay.fault = undefined;
    relay.passed = { request: 0, response: 0 };
    const far = net.connect({ port: to, host: '127.0.0.1', noDelay: true });
    for (const socket of [near, far]) {
      sockets.add(socket);
      socket.on('error', () => undefined);
      socket.on('close', () => {
        sockets.delete(socket);
        near.destroy();
        far.destroy();
      });
    }
    carry(near, far, 'request', fault);
    carry(far, near, 'response', fault);
  });
  const carry = (from: Socket, into: Socket, direction: Fault['direction'], fault: Fault | undefined): void => {
    let over = false;
    from.on('data', (chunk: Buffer) => {
      const before = relay.passed[direction];
      relay.passed[direction] += chunk.length;
      if (over) return;
      const at = (fault?.at ?? 0) - before;
      if (fault?.direction !== direction || at < 0 || at >= chunk.length) {
        into.write(chunk);
        return;
      }
      const head = chunk.subarray(0, at);
      const rest = chunk.subarray(at);
      into.write(head);
      switch (fault.harm) {
        case 'cut':
          over = true;
          setImmediate(() => {
            into.resetAndDestroy();
            from.destroy();
          });
          return;
        case 'end':
          over = true;
          into.end();
          return;
        case 'stall':
          over = true;
          return;
        case 'duplicate':
          into.write(rest);
          into.write(rest);
          return;
        case 'reorder': {
          const middle = Math.ceil(rest.length / 2);
          into.write(rest.subarray(middle));
          into.write(rest.subarray(0, middle));
          return;
        }
        case 'flip': {
          const changed = Buffer.from(rest);
          changed[0] = (changed[0] ?? 0) ^ 0xff;
          into.write(changed);
        }
      }
    });
    from.on('end', () => {
      if (!over) into.end();
    });
  };
  await new Promise<void>((ready) => server.listen(0, '127.0.0.1', ready));
  const relay: { -readonly [Key in keyof FaultRelay]: FaultRelay[Key] } = {
    port: (server.address() as AddressInfo).port,
    fault: undefined,
    passed: { request: 0, response: 0 },
    open: () => sockets.size,
    close: () =>
      new Promise((done) => {
        for (const socket of sockets) socket.destroy();
        server.close(() => {
          done();
        });
      }),
  };
  return relay;
}
