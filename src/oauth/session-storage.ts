/** The step that stores a session. A store that refuses costs durability, not the sign-in. Source: auth.md S01. */
import type { Session } from '../credentials/types.ts';
import type { Operation } from './operation.ts';

/** Resolves when the session rests in the store, or is known to live in memory only. */
export async function storeSession(operation: Operation, session: Session): Promise<void> {
  const { credential, share, trace } = operation;
  await trace.step('store', async ({ detail, warn }) => {
    const kept = await share.ports.sessions.set(credential, session).catch(() => false);
    if (kept === false) warn('the secret store refused it: the session lasts until this window closes');
    else detail('the secret store');
  });
}
