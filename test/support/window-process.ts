/**
 * A window as a process of its own: a broker on shared sessions and a shared lock. Told to, it kills itself at a moment
 * of the refresh: `early`, in discovery, `before` the request leaves, `during` it, or when it is `answered` and nothing is stored yet.
 */
import { createFileLock } from '../../src/oauth/file-lock.ts';
import { createBench, toCredential } from './broker-bench.ts';
import { FileSessions } from './file-sessions.ts';
import { createHttpsFetch } from './https-fetch.ts';
import { join } from 'node:path';

interface Orders {
  readonly folder: string;
  readonly ca: string;
  readonly issuer: string;
  readonly die?: 'early' | 'before' | 'during' | 'answered';
}

function kill(): Promise<never> {
  process.kill(process.pid, 'SIGKILL');
  return new Promise(() => undefined);
}

process.once('message', ({ folder, ca, issuer, die }: Orders) => {
  const fetch = createHttpsFetch(ca);
  const bench = () =>
    createBench({
      sessions: new FileSessions(join(folder, 'sessions.json')),
      lock: createFileLock(folder),
      fetch: async (url, init) => {
        if (die === 'early') return kill();
        if (die === undefined || !url.endsWith('/token')) return fetch(url, init);
        if (die === 'before') return kill();
        const answer = fetch(url, init);
        if (die === 'during') {
          setImmediate(() => void kill());
          return answer;
        }
        await (await answer).text();
        return kill();
      },
    });
  const credential = toCredential({ issuer, scope: 'openid orders.read' });
  process.on('message', () => {
    // A fresh broker each time: what is in memory must not decide.
    bench()
      .broker.acquire(credential, { interactive: false })
      .then(
        (session) => process.send?.(`ok ${session.accessToken.reveal()}`),
        (error: unknown) => process.send?.(`failed ${(error as Error).message}`),
      );
  });
  process.send?.('ready');
});
