/**
 * The challenges that one credential has met, by origin, and its answers: the next request answers before it is asked,
 * with a count that never repeats. Source: RFC 7616 §3.3–3.6; hostile cases auth.md A08.
 */
import { randomBytes } from 'node:crypto';
import { Secret } from '../secret.ts';
import type { AnsweredRequest, RequestProof } from '../types.ts';
import { chooseChallenge, strengthOf, type DigestChallenge } from './digest-challenge.ts';
import { toAuthorization } from './digest-response.ts';

interface Known {
  readonly challenge: DigestChallenge;
  /** One for the life of a nonce: the `-sess` algorithms derive their key from the first (§3.4.2). */
  readonly cnonce: string;
  count: number;
}

/** More origins than a credential is bound to in earnest. */
const maxOrigins = 50;

export class DigestAnswers {
  readonly #known = new Map<string, Known>();
  /** The strongest algorithm each origin has offered: a weaker challenge later is not answered. */
  readonly #strongest = new Map<string, number>();

  proof(username: string, password: Secret): RequestProof {
    return {
      names: ['Authorization'],
      retry: 'answer to the Digest challenge',
      headers: async (request) => {
        const known = this.#known.get(request.url.origin);
        if (!known) return [];
        known.count++;
        const { challenge, cnonce, count } = known;
        const text = await toAuthorization({ challenge, cnonce, count, username, password, request });
        return [{ name: 'Authorization', prefix: 'Digest ', value: new Secret(text, 'Digest answer') }];
      },
      answered: (answer) => this.#learn(answer),
    };
  }

  #learn(answer: AnsweredRequest): boolean {
    const { origin } = answer.url;
    const before = this.#known.get(origin);
    if (answer.status !== 401) {
      this.#takeNextNonce(answer, before, origin);
      return false;
    }
    const challenge = chooseChallenge(answer.challenges);
    if (!challenge || strengthOf(challenge) < (this.#strongest.get(origin) ?? 0)) {
      this.#known.delete(origin);
      return false;
    }
    // An answer that was refused and is not called stale was wrong: the same password would be refused for ever.
    const refused = before !== undefined && before.count > 0 && !challenge.stale;
    const isNew = challenge.nonce !== before?.challenge.nonce;
    if (refused && !isNew) {
      this.#known.delete(origin);
      return false;
    }
    this.#remember(origin, challenge);
    return isNew;
  }

  /** `Authentication-Info: nextnonce="…"` (§3.5). */
  #takeNextNonce(answer: AnsweredRequest, before: Known | undefined, origin: string): void {
    const info = answer.headers.find(([name]) => name.toLowerCase() === 'authentication-info')?.[1];
    const nonce =
      info === undefined ? undefined : /\bnextnonce\s*=\s*"([\x21\x23-\x5b\x5d-\x7e]{1,4096})"/i.exec(info)?.[1];
    if (before && nonce !== undefined) this.#remember(origin, { ...before.challenge, nonce });
  }

  #remember(origin: string, challenge: DigestChallenge): void {
    this.#known.delete(origin);
    this.#known.set(origin, { challenge, cnonce: randomBytes(18).toString('base64url'), count: 0 });
    this.#strongest.set(origin, Math.max(strengthOf(challenge), this.#strongest.get(origin) ?? 0));
    const [oldest] = this.#known.keys();
    if (this.#known.size > maxOrigins && oldest !== undefined) {
      this.#known.delete(oldest);
      this.#strongest.delete(oldest);
    }
  }
}
