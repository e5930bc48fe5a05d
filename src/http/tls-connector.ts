/**
 * TLS on an open socket: handshake, facts, verdict. Always with its own CA list and its own judgement, so that neither
 * the process's settings nor a host that patches `tls.connect` decide; nothing is written before the verdict.
 * Keeps sessions for resumption, together with the chain that the full handshake showed.
 */
import type { X509Certificate } from 'node:crypto';
import { isIP, type Socket } from 'node:net';
import tls, { type TLSSocket } from 'node:tls';
import type { Clock } from '../ports.ts';
import { readPeerChain } from './certificate-info.ts';
import type { DialTarget } from './connection.ts';
import { plainHost } from './open-tcp.ts';
import { happened, ignore } from './socket-events.ts';
import { judge, toTlsError } from './tls-judge.ts';
import { SecureContexts, toClientKey, toTrustStore, type TrustStore } from './tls-trust.ts';
import type { TlsException, TlsInfo, TlsPolicy } from './types.ts';

interface SavedSession {
  readonly session: Buffer;
  readonly chain: readonly X509Certificate[];
  readonly verifyCode: string | undefined;
}

const maxSessions = 128;

export class TlsConnector {
  readonly #clock: Clock;
  readonly #contexts = new SecureContexts();
  readonly #sessions = new Map<string, SavedSession>();

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  /** TLS over an open socket, judged; the socket is destroyed by the caller when this throws. */
  async secure(
    inner: Socket,
    end: URL,
    target: DialTarget,
    alpn: readonly string[],
    signal: AbortSignal,
  ): Promise<{ socket: TLSSocket; info: TlsInfo }> {
    const host = plainHost(end);
    const origin = end.origin;
    const policy = target.tls;
    const store = toTrustStore(policy);
    const client = policy.clientCertificateFor?.(origin);
    const exception = liveException(policy, origin, this.#clock.now());
    const sessionKey = `${origin}|${store.key}|${toClientKey(client)}|${target.route?.url.host ?? ''}|${policy.minVersion ?? ''}`;
    const saved = this.#sessions.get(sessionKey);
    const socket = tls.connect({
      socket: inner,
      ca: [...store.pems],
      secureContext: this.#contexts.get(store, client, host, policy.minVersion),
      // Judged below, with the whole chain at hand; until then nothing is written.
      rejectUnauthorized: false,
      checkServerIdentity: () => undefined,
      ALPNProtocols: [...alpn],
      ...(isIP(host) === 0 ? { servername: host } : {}),
      ...(saved ? { session: saved.session } : {}),
    });
    socket.on('error', ignore);
    let latest: Buffer | undefined;
    let keep: ((session: Buffer) => void) | undefined;
    socket.on('session', (session) => {
      latest = session;
      keep?.(session);
    });
    try {
      await happened(socket, 'secureConnect', signal);
      const resumed = socket.isSessionReused();
      // A resumed session proves by its key that this is the server of the full handshake; it shows no certificate.
      const chain = resumed && saved ? saved.chain : readPeerChain(socket);
      const verifyCode = resumed && saved ? saved.verifyCode : verifyCodeOf(socket);
      const verdict = judge({ host, chain, verifyCode }, store, exception, this.#clock.now());
      const protocol = socket.getProtocol() ?? 'unknown';
      const cipher = socket.getCipher().standardName;
      if (!verdict.accepted) {
        this.#sessions.delete(sessionKey);
        throw toTlsError(verdict, { host, protocol, cipher, code: verifyCode, origin, trusted: summary(store) });
      }
      keep = (session) => {
        if (this.#sessions.size >= maxSessions) this.#sessions.delete(this.#sessions.keys().next().value as string);
        this.#sessions.set(sessionKey, { session, chain, verifyCode });
      };
      if (latest) keep(latest);
      const keyExchange = describeKeyExchange(socket);
      return {
        socket,
        info: {
          protocol,
          cipher,
          ...(keyExchange === undefined ? {} : { keyExchange }),
          ...(typeof socket.alpnProtocol === 'string' ? { alpn: socket.alpnProtocol } : {}),
          authorized: verdict.problems.length === 0,
          ...(verdict.problems[0] ? { code: verdict.problems[0].code } : {}),
          ...(verdict.exception ? { exception: verdict.exception } : {}),
          chain: verdict.chain,
          ...(verdict.trustedBy === undefined ? {} : { trustedBy: verdict.trustedBy }),
          reused: resumed,
        },
      };
    } catch (error) {
      socket.destroy();
      throw error;
    }
  }

  forget(): void {
    this.#sessions.clear();
  }
}

/** The exception that is in force for an origin at a time; one for another origin, or a passed one, is none. */
export function liveException(policy: TlsPolicy, origin: string, now: number): TlsException | undefined {
  const exception = policy.exceptionFor(origin);
  if (exception?.origin !== origin || exception.expires <= now) return undefined;
  return exception;
}

function verifyCodeOf(socket: TLSSocket): string | undefined {
  if (socket.authorized) return undefined;
  const reason: unknown = socket.authorizationError;
  return typeof reason === 'string' ? reason : ((reason as { code?: string } | null)?.code ?? 'unknown');
}

function describeKeyExchange(socket: TLSSocket): string | undefined {
  const info = socket.getEphemeralKeyInfo() as { type?: string; name?: string; size?: number } | null;
  return info?.name ?? (info?.type === undefined ? undefined : `${info.type} ${String(info.size ?? '')}`.trim());
}

function summary(store: TrustStore): readonly string[] {
  const sources = new Set([...store.extra.values()].map(({ source }) => source));
  return [...(store.key.startsWith('system') ? ['system'] : []), ...sources];
}
