/**
 * The handshake of NTLM on one connection: an offer, the server's challenge, the answer. What is proven is proven to the
 * connection, so that each send has one of its own. Source: MS-NTHT, MS-NLMP §1.3.1, RFC 4559 §4.
 */
import { randomBytes, randomUUID } from 'node:crypto';
import { Secret } from '../secret.ts';
import type { NtlmDefinition } from '../schemes/ntlm.ts';
import type {
  AnsweredRequest,
  AttachedHeader,
  Attachment,
  FinalRequest,
  PrepareContext,
  RequestProof,
} from '../types.ts';
import { readChallenge, toAuthenticateMessage, toNegotiateMessage, type Challenge } from './messages.ts';
import { toFileTime } from './ntlmv2.ts';

interface Account {
  readonly username: string;
  readonly domain: string;
  readonly workstation: string;
  readonly password: Secret;
}

export async function toNtlmAttachment(context: PrepareContext<NtlmDefinition>): Promise<Attachment> {
  return toNtlmHandshake(context.credential.definition, await context.secret(), context.request.url);
}

/** @param names `user`, `DOMAIN\\user` or `user@domain`, which says its domain itself @param url where it begins */
export function toNtlmHandshake(
  names: Pick<NtlmDefinition, 'username' | 'domain' | 'workstation' | 'mechanism'>,
  password: Secret,
  url: URL,
): Attachment {
  const [, domain, username] = /^([^\\]*)\\(.*)$/.exec(names.username ?? '') ?? [];
  const account = {
    username: username ?? names.username ?? '',
    domain: names.domain ?? domain ?? '',
    workstation: names.workstation ?? '',
    password,
  };
  return {
    headers: [],
    query: [],
    cookies: [],
    identity: { label: names.username ?? '', verified: false },
    behind: [password],
    proof: new Handshake(account, names.mechanism),
    onlyAt: url.origin,
    connection: `ntlm ${randomUUID()}`,
  };
}

class Handshake implements RequestProof {
  readonly names = ['Authorization'];
  readonly retry = 'next step of NTLM';
  /** Another mechanism, the challenge, the answer. */
  readonly rounds = 3;
  readonly #account: Account;
  readonly #negotiate = toNegotiateMessage();
  readonly #isFixed: boolean;
  #mechanism: string;
  #challenge: Challenge | undefined;
  #state: 'offer' | 'offered' | 'answer' | 'done' = 'offer';

  constructor(account: Account, mechanism: string | undefined) {
    this.#account = account;
    this.#mechanism = mechanism ?? 'NTLM';
    this.#isFixed = mechanism !== undefined;
  }

  headers(request: FinalRequest): Promise<readonly AttachedHeader[]> {
    if (this.#state === 'done') return Promise.resolve([]);
    const answers = this.#state === 'answer' && this.#challenge !== undefined;
    const message = answers ? this.#answer(request) : this.#negotiate;
    this.#state = answers ? 'done' : 'offered';
    const value = new Secret(message.toString('base64'), 'NTLM message');
    return Promise.resolve([{ name: 'Authorization', prefix: `${this.#mechanism} `, value }]);
  }

  answered({ status, challenges }: AnsweredRequest): boolean {
    if (status !== 401 || this.#state !== 'offered') return false;
    const offered = (name: string) => challenges.filter(({ scheme }) => scheme.toLowerCase() === name.toLowerCase());
    const [token] = offered(this.#mechanism).flatMap(({ token68 }) => token68 ?? []);
    if (token !== undefined) {
      this.#challenge = readChallenge(token);
      this.#state = this.#challenge ? 'answer' : 'done';
      return this.#challenge !== undefined;
    }
    const other = this.#mechanism === 'NTLM' ? 'Negotiate' : 'NTLM';
    if (this.#isFixed || offered(this.#mechanism).length > 0 || offered(other).length === 0) return false;
    if (this.#mechanism !== 'NTLM') return false;
    this.#mechanism = other;
    this.#state = 'offer';
    return true;
  }

  #answer(request: FinalRequest): Buffer {
    const { password, ...identity } = this.#account;
    return toAuthenticateMessage({
      ...identity,
      password: password.reveal(),
      service: `HTTP/${request.url.hostname}`,
      negotiate: this.#negotiate,
      challenge: this.#challenge as Challenge,
      clientChallenge: randomBytes(8),
      time: toFileTime(Date.now()),
    });
  }
}
