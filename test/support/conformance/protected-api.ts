/** What an API that wants DPoP makes of a session: it asks for a nonce, in whatever spelling, and gets a proof with it. */
import { decodeJwt } from 'jose';
import type { Session } from '../../../src/credentials/types.ts';
import type { Bench } from '../broker-bench.ts';

const url = new URL('https://api.example.com/orders');

/** Throws when the proof does not learn the nonce from a challenge of this scheme. */
export async function answerAt(bench: Bench, session: Session, scheme: string): Promise<void> {
  const proof = await bench.broker.prover?.(session);
  if (!proof) throw new Error('the session is bound to no key');
  const again = proof.answered({
    url,
    status: 401,
    challenges: [{ scheme, params: { error: 'use_dpop_nonce' } }],
    headers: [
      ['WWW-Authenticate', `${scheme} error="use_dpop_nonce"`],
      ['DPoP-Nonce', 'n-2'],
    ],
  });
  const [header] = await proof.headers({ method: 'GET', url, headers: [], body: async function* () {} });
  const { nonce } = decodeJwt(header?.value?.reveal() ?? '');
  if (!again || nonce !== 'n-2') throw new Error('the nonce was not learnt');
}
