/**
 * Finds the loopback address and binds servers to it, on the port of the last run when that is free. Owns sockets and
 * their orderly end; knows nothing of what they answer.
 */
import type { Server } from 'node:net';
import { createServer } from 'node:net';

/**
 * 127.0.0.2, which VS Code in a browser does not rewrite; 127.0.0.1 where the system has no other loopback address
 * (macOS).
 */
export async function resolveHost(): Promise<string> {
  return new Promise((resolve) => {
    const probe = createServer();
    probe.once('error', () => {
      resolve('127.0.0.1');
    });
    probe.listen(0, '127.0.0.2', () => {
      probe.close(() => {
        resolve('127.0.0.2');
      });
    });
  });
}

async function bind(server: Server, host: string, port: number): Promise<number> {
  return new Promise((resolve, reject) => {
    server.once('error', reject);
    server.listen(port, host, () => {
      server.off('error', reject);
      const address = server.address();
      resolve(typeof address === 'object' && address !== null ? address.port : port);
    });
  });
}

/**
 * Listens on `wanted`, or on any port when it is taken and not `required`. Resolves with the port; rejects when a
 * required port is taken.
 */
export async function listenOn(server: Server, host: string, wanted: number, required = false): Promise<number> {
  try {
    return await bind(server, host, wanted);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'EADDRINUSE') throw error;
    if (required) throw new Error(`Port ${String(wanted)} of ${host} is taken.`, { cause: error });
    return bind(server, host, 0);
  }
}

interface HttpLike extends Server {
  closeAllConnections?(): void;
}

/** Stops listening, ends every connection, and resolves when the server is closed. */
export async function closeServer(server: HttpLike): Promise<void> {
  if (!server.listening) return;
  await new Promise<void>((resolve) => {
    server.close(() => {
      resolve();
    });
    server.closeAllConnections?.();
  });
}
