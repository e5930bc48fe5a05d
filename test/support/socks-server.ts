/** A SOCKS 4, 4a and 5 proxy for tests: answers byte by byte, keeps what it was asked and told. */
import net, { type AddressInfo, type Socket } from 'node:net';

export interface SocksOptions {
  readonly login?: { readonly username: string; readonly password: string };
  /** Reply instead of connecting: RFC 1928 §6. */
  readonly reply?: number;
  /** Closes after so many bytes of the handshake. */
  readonly cutAfter?: number;
  /** Names it knows. */
  readonly hosts?: Readonly<Record<string, string>>;
}

export interface SocksServer {
  readonly port: number;
  /** `5 name example:80`, `4 127.0.0.1:80 user`. */
  readonly asked: string[];
  /** All that reached the proxy outside tunnels. */
  readonly told: () => string;
  close(): Promise<void>;
}

export async function serveSocks(options: SocksOptions = {}): Promise<SocksServer> {
  const asked: string[] = [];
  const sockets = new Set<Socket>();
  let told = '';
  const server = net.createServer((socket) => {
    sockets.add(socket);
    socket.on('error', () => undefined);
    socket.on('close', () => sockets.delete(socket));
    void talk(socket).catch(() => socket.destroy());
  });
  const talk = async (socket: Socket): Promise<void> => {
    let sent = 0;
    const iterator = bytesOf(socket);
    const read = async (count: number): Promise<Buffer> => {
      const bytes = await iterator(count);
      told += bytes.toString('latin1');
      return bytes;
    };
    const write = async (...bytes: number[]): Promise<void> => {
      for (const byte of bytes) {
        if (options.cutAfter !== undefined && sent++ >= options.cutAfter) {
          socket.destroy();
          throw new Error('cut');
        }
        socket.write(Uint8Array.of(byte));
        await new Promise((next) => setImmediate(next));
      }
    };
    const [version] = await read(1);
    let host: string;
    let port: number;
    if (version === 4) {
      const head = await read(7);
      port = head.readUInt16BE(1);
      const text = async (): Promise<string> => {
        let all = '';
        for (let byte = await read(1); byte[0] !== 0; byte = await read(1)) all += byte.toString('latin1');
        return all;
      };
      const user = await text();
      const address = [...head.subarray(3)].join('.');
      host = address === '0.0.0.1' ? await text() : address;
      asked.push(`4 ${host}:${String(port)} ${user}`.trim());
      await write(0, options.reply === undefined ? 90 : 91, 0, 0, 0, 0, 0, 0);
    } else {
      const methods = await read((await read(1))[0] ?? 0);
      if (options.login) {
        if (!methods.includes(2)) return write(5, 255).then(() => void socket.end());
        await write(5, 2);
        await read(1);
        const username = (await read((await read(1))[0] ?? 0)).toString();
        const password = (await read((await read(1))[0] ?? 0)).toString();
        const right = username === options.login.username && password === options.login.password;
        await write(1, right ? 0 : 1);
        if (!right) return void socket.end();
      } else await write(5, 0);
      const kind = (await read(4))[3];
      if (kind === 3) host = (await read((await read(1))[0] ?? 0)).toString();
      else if (kind === 4) host = (await read(16)).toString('hex').replace(/(....)(?!$)/g, '$1:');
      else host = [...(await read(4))].join('.');
      port = (await read(2)).readUInt16BE(0);
      asked.push(`5 ${host}:${String(port)}`);
      await write(5, options.reply ?? 0, 0, 1, 0, 0, 0, 0, 0, 0);
    }
    if (options.reply !== undefined) return void socket.end();
    const to = net.connect(port, options.hosts?.[host] ?? host);
    to.on('error', () => socket.destroy());
    socket.on('close', () => to.destroy());
    socket.pipe(to).pipe(socket);
  };
  await new Promise<void>((ready) => server.listen(0, '127.0.0.1', ready));
  return {
    port: (server.address() as AddressInfo).port,
    asked,
    told: () => told,
    close: () =>
      new Promise((done) => {
        for (const socket of sockets) socket.destroy();
        server.close(() => {
          done();
        });
      }),
  };
}

function bytesOf(socket: Socket): (count: number) => Promise<Buffer> {
  return async (count) => {
    for (;;) {
      if (count === 0) return Buffer.alloc(0);
      const bytes = socket.read(count) as Buffer | null;
      if (bytes) return bytes;
      await new Promise<void>((more, fail) => {
        socket.once('readable', more);
        socket.once('close', () => {
          fail(new Error('closed'));
        });
      });
    }
  };
}
