/**
 * Turns what Node reports about sockets, TLS handshakes and HTTP parsing into our errors, in our words.
 * Node's own texts are kept as cause only: they may quote what was sent.
 */
import { CountersignError, isCountersignError } from '../errors/countersign-error.ts';
import type { Phase } from './types.ts';

export interface FailurePlace {
  /** `api.example.com`, or with its port where that is not the usual one. */
  readonly host: string;
  readonly phase: Phase;
  /** True once request bytes may have left this machine. */
  readonly secretSent: boolean;
  /** The proxy that the connection is made to, when one is in use. */
  readonly proxy?: string;
}

/** @param error anything thrown or emitted by node:net, node:tls, node:dns or node:http. */
export function toNetError(error: unknown, place: FailurePlace): CountersignError {
  if (isCountersignError(error)) return error;
  const { host } = place;
  const code = errorCode(error);
  const facts = { host, phase: place.phase, code, secretSent: place.secretSent };
  const make = (
    name: ConstructorParameters<typeof CountersignError>[0],
    message: string,
    next?: string,
  ): CountersignError =>
    new CountersignError(name, message, { cause: error, facts, ...(next === undefined ? {} : { next }) });

  const reaching = place.phase === 'queued' || place.phase === 'dns' || place.phase === 'connect';
  if (place.proxy !== undefined && (reaching || place.phase === 'proxy')) {
    if (/^(ENOTFOUND|EAI_)/.test(code))
      return make('CS-NET-PROXY', `The proxy ${place.proxy} does not exist under that name.`);
    return make('CS-NET-PROXY', `The proxy ${place.proxy} cannot be reached.`);
  }
  switch (code) {
    case 'ENOTFOUND':
    case 'ENODATA':
      return make('CS-NET-DNS', `The name ${bareHost(host)} does not exist.`);
    case 'EAI_AGAIN':
      return make(
        'CS-NET-DNS',
        `No name server answers for ${bareHost(host)}.`,
        'Check your connection, then try again.',
      );
    case 'ECONNREFUSED':
      return make('CS-NET-REFUSED', `Nothing answers at ${host}.`);
    case 'ENETUNREACH':
    case 'EHOSTUNREACH':
    case 'EADDRNOTAVAIL':
    case 'ENETDOWN':
    case 'EHOSTDOWN':
      return make('CS-NET-UNREACHABLE', `There is no way from this machine to ${host}.`);
    case 'ETIMEDOUT':
      return make('CS-NET-TIMEOUT', `${host} did not take the connection.`);
  }
  if (code.startsWith('EAI_')) return make('CS-NET-DNS', `The name ${bareHost(host)} cannot be looked up.`);
  if (code === 'HPE_HEADER_OVERFLOW')
    return make('CS-HTTP-HEAD-SIZE', `The response headers of ${host} are too large.`);
  if (/^HPE_.*CHUNK/.test(code)) {
    return make('CS-HTTP-CHUNK', `The body of ${host} breaks off at a chunk that is not well formed.`);
  }
  if (code.startsWith('HPE_')) return make('CS-HTTP-RESPONSE', toParseText(host, code));
  if (code.startsWith('H2_')) return toHttp2Error(code, place, facts, error);
  if (code.includes('NO_APPLICATION_PROTOCOL')) {
    return make('CS-HTTP-VERSION', `${host} does not offer the version of HTTP that is asked for.`);
  }
  if (/CERTIFICATE_REQUIRED|BAD_CERTIFICATE|UNKNOWN_CA|ALERT_CERTIFICATE/.test(code)) {
    const missing = /REQUIRED|HANDSHAKE/.test(code);
    return make(
      'CS-TLS-CLIENT-CERTIFICATE',
      missing ? `${host} asks for a client certificate.` : `${host} does not accept the client certificate.`,
    );
  }
  if (code.startsWith('ERR_SSL_') || code === 'EPROTO' || code.startsWith('ERR_TLS_')) {
    return make('CS-TLS-PROTOCOL', toHandshakeText(host, code), toHandshakeAdvice(code));
  }
  if (place.phase === 'tls') {
    return make('CS-TLS-PROTOCOL', `${host} ended the connection during the TLS handshake.`);
  }
  return make(
    'CS-NET-RESET',
    place.phase === 'download'
      ? `${host} reset the connection before the body was complete.`
      : `${host} ended the connection before it answered.`,
  );
}

function toHttp2Error(
  code: string,
  { host, phase }: FailurePlace,
  facts: CountersignError['facts'],
  cause: unknown,
): CountersignError {
  const name = code.replace(/^H2_(RST|GOAWAY)_/, '');
  const options = { cause, facts: { ...facts, code: name } };
  const when = phase === 'download' ? 'before the body was complete' : 'before it answered';
  if (code === 'H2_NOT_SPOKEN') {
    return new CountersignError('CS-HTTP-VERSION', `${host} does not speak HTTP/2 on this port.`, options);
  }
  if (code.startsWith('H2_BROKEN'))
    return new CountersignError('CS-HTTP-RESPONSE', `What ${host} sent breaks the rules of HTTP/2.`, options);
  if (code.startsWith('H2_GOAWAY_'))
    return new CountersignError('CS-HTTP-GOAWAY', `${host} closed the HTTP/2 connection ${when} (${name}).`, options);
  if (code === 'H2_UNSENT') {
    return new CountersignError('CS-HTTP-GOAWAY', `${host} takes no more requests on this connection.`, options);
  }
  return new CountersignError('CS-HTTP-STREAM', `${host} reset the request ${when} (${name}).`, options);
}

export function toTimeout(place: FailurePlace, ms: number): CountersignError {
  const time = toDurationText(ms);
  const { host, phase } = place;
  const texts: Readonly<Partial<Record<Phase, string>>> = {
    dns: `No name server answered for ${bareHost(host)} within ${time}.`,
    connect: `${place.proxy ?? host} did not take the connection within ${time}.`,
    proxy: `The proxy ${place.proxy ?? ''} did not answer within ${time}.`,
    tls: `${host} did not finish the TLS handshake within ${time}.`,
    request: `${host} did not take the request within ${time}.`,
    waiting: `${host} accepted the connection and sent nothing for ${time}.`,
    download: `${host} stopped sending the body for ${time}.`,
  };
  return new CountersignError('CS-NET-TIMEOUT', texts[phase] ?? `${host} sent nothing for ${time}.`, {
    facts: { host, phase, ms, secretSent: place.secretSent },
  });
}

export function toCancelled(place: FailurePlace, reason: unknown): CountersignError {
  return new CountersignError('CS-NET-CANCELLED', 'The request was cancelled.', {
    cause: reason,
    facts: { host: place.host, phase: place.phase, secretSent: place.secretSent },
  });
}

/** The code of an error, of the first of several attempts, or `unknown`. */
export function errorCode(error: unknown): string {
  if (error instanceof AggregateError && error.errors.length > 0 && !('code' in error && error.code)) {
    return errorCode(error.errors[0]);
  }
  const code = (error as { code?: unknown } | null)?.code;
  return typeof code === 'string' ? code : 'unknown';
}

/** `30 s`, `1.5 s`, `250 ms`. */
export function toDurationText(ms: number): string {
  return ms < 1000 ? `${String(Math.round(ms))} ms` : `${String(Math.round(ms / 100) / 10)} s`;
}

function bareHost(host: string): string {
  return host.replace(/:\d+$/, '');
}

function toParseText(host: string, code: string): string {
  if (/CONSTANT|VERSION|STATUS/.test(code)) return `${host} did not answer in HTTP.`;
  if (/CONTENT_LENGTH|TRANSFER_ENCODING/.test(code)) return `${host} sent contradicting lengths for its body.`;
  return `The response of ${host} breaks the rules of HTTP.`;
}

function toHandshakeText(host: string, code: string): string {
  if (/WRONG_VERSION_NUMBER|PACKET_LENGTH|HTTP_REQUEST/.test(code)) return `${host} does not speak TLS on this port.`;
  if (/PROTOCOL_VERSION|UNSUPPORTED_PROTOCOL/.test(code)) return `${host} offers only TLS versions that are too old.`;
  return `${host} and this machine found no common way to speak TLS.`;
}

function toHandshakeAdvice(code: string): string | undefined {
  if (/WRONG_VERSION_NUMBER|PACKET_LENGTH|HTTP_REQUEST/.test(code)) return 'Use http: if the port is right.';
  // Over TLS 1.2 this is also all a server says when it wants a client certificate.
  if (code.includes('HANDSHAKE_FAILURE'))
    return 'It may want a client certificate; else ask its owner which TLS versions it offers.';
  return undefined;
}
