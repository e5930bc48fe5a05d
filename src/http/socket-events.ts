/** Waiting for a socket: one promise for an event, an error, a close and a cancellation, that leaves nothing behind. */
import type { Socket } from 'node:net';

/** Resolves at the event; rejects on an error, on close, or at once when aborted. Leaves no listener behind. */
export function happened(socket: Socket, event: 'connect' | 'secureConnect', signal: AbortSignal): Promise<void> {
  return new Promise((resolve, reject) => {
    const finish = (): void => {
      socket.off(event, onEvent).off('error', onError).off('close', onClose);
      signal.removeEventListener('abort', onAbort);
    };
    const onEvent = (): void => {
      finish();
      resolve();
    };
    const onError = (error: Error): void => {
      finish();
      reject(error);
    };
    const onClose = (): void => {
      finish();
      reject(Object.assign(new Error('closed'), { code: 'ECONNRESET' }));
    };
    const onAbort = (): void => {
      finish();
      reject(signal.reason as Error);
    };
    if (signal.aborted) {
      reject(signal.reason as Error);
      return;
    }
    socket.on(event, onEvent).on('error', onError).on('close', onClose);
    signal.addEventListener('abort', onAbort);
  });
}

export function ignore(): void {
  // Reported through the promise or the request that uses the socket.
}
