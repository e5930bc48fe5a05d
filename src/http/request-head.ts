/**
 * The head of a request before it may leave: checks method, URL and every header, and adds what framing needs
 * (Host, Content-Length or Transfer-Encoding, Connection). Pure. It never repeats a header's value in an error.
 * Source: RFC 9110 §5.5, §5.6.2; RFC 9112 §3, §6; auth.md §1.3.
 */
import { CountersignError } from '../errors/countersign-error.ts';
import type { HeaderPair, OutgoingRequest } from './types.ts';

export const tokenPattern = /^[!#$%&'*+\-.^_`|~0-9A-Za-z]+$/;
/** Everything a field value may not hold: controls but tab, DEL, and what is outside Latin-1. */

const unsendable = /[^\t\x20-\x7e\x80-\xff]/u;

/** Methods that say nothing by a missing body, so that no `Content-Length: 0` is added. */
const bodiless: ReadonlySet<string> = new Set(['GET', 'HEAD', 'DELETE', 'OPTIONS', 'TRACE', 'CONNECT']);

export interface RequestHead {
  readonly method: string;
  /** Path and query, as URL wrote them. */
  readonly target: string;
  readonly headers: readonly HeaderPair[];
  /** Bytes announced, undefined when chunked. */
  readonly contentLength: number | undefined;
  readonly expectContinue: boolean;
  readonly keepAlive: boolean;
}

/**
 * @throws CountersignError CS-HTTP-URL, CS-HTTP-METHOD, CS-HTTP-HEADER or CS-HTTP-FRAMING, before anything is sent.
 */
export function toRequestHead(request: OutgoingRequest): RequestHead {
  const { url, method } = request;
  if (url.protocol !== 'http:' && url.protocol !== 'https:') {
    throw new CountersignError('CS-HTTP-URL', `The address begins with ${url.protocol}, not with http: or https:.`);
  }
  if (!tokenPattern.test(method) || method === 'CONNECT') {
    throw new CountersignError('CS-HTTP-METHOD', `The method “${printable(method)}” cannot be sent.`);
  }
  for (const [name, value] of request.headers) checkHeader(name, value);

  const headers = [...request.headers];
  checkHost(request);
  if (!find(headers, 'host')) headers.unshift(['Host', url.host]);
  const contentLength = frame(request, headers);
  if (!find(headers, 'connection')) headers.push(['Connection', 'keep-alive']);
  const connection = valuesOf(headers, 'connection').join(',').toLowerCase();
  return {
    method,
    target: `${url.pathname}${url.search}`,
    headers,
    contentLength,
    expectContinue:
      request.body !== undefined &&
      valuesOf(headers, 'expect').some((value) => value.trim().toLowerCase() === '100-continue'),
    keepAlive: !connection.split(',').some((option) => option.trim() === 'close'),
  };
}

/** @throws CountersignError CS-HTTP-HEADER naming the header; its value is in no part of the error. */
export function checkHeader(name: string, value: string): void {
  if (!tokenPattern.test(name)) {
    throw new CountersignError('CS-HTTP-HEADER', `“${printable(name)}” cannot be the name of a header.`, {
      next: 'Use letters, digits and hyphens.',
      facts: { header: printable(name) },
    });
  }
  const bad = unsendable.exec(value);
  if (!bad) return;
  const code = bad[0].codePointAt(0) ?? 0;
  const what = code === 13 || code === 10 ? 'a line break' : `the character U+${hex(code)}`;
  throw new CountersignError('CS-HTTP-HEADER', `The header ${name} holds ${what}, which cannot be sent.`, {
    facts: { header: name, position: bad.index, codePoint: `U+${hex(code)}` },
  });
}

function checkHost(request: OutgoingRequest): void {
  const hosts = valuesOf(request.headers, 'host');
  if (hosts.length > 1) throw conflict('Host', 'The header Host is there more than once.');
  const host = hosts[0];
  if (host === undefined || request.allowHostOverride === true) return;
  const defaultPort = request.url.protocol === 'https:' ? ':443' : ':80';
  const written = host.trim().toLowerCase();
  const plain = written.endsWith(defaultPort) ? written.slice(0, -defaultPort.length) : written;
  if (plain !== request.url.host) {
    throw conflict('Host', `The header Host names another host than the address, ${printable(request.url.host)}.`);
  }
}

/** Checks and completes the framing headers in place; returns the announced length. */
function frame(request: OutgoingRequest, headers: HeaderPair[]): number | undefined {
  const { body } = request;
  const codings = valuesOf(headers, 'transfer-encoding');
  const lengths = valuesOf(headers, 'content-length').map((value) => value.trim());
  if (codings.length > 0) {
    if (lengths.length > 0) {
      throw conflict('Transfer-Encoding', 'Transfer-Encoding and Content-Length are both there.');
    }
    if (codings.length > 1 || codings[0]?.trim().toLowerCase() !== 'chunked') {
      throw conflict('Transfer-Encoding', 'The header Transfer-Encoding is not exactly “chunked”.');
    }
    if (!body) throw conflict('Transfer-Encoding', 'Transfer-Encoding is there, and there is no body.');
    return undefined;
  }
  if (lengths.length > 0) {
    const [first = ''] = lengths;
    if (lengths.some((value) => value !== first) || !/^\d{1,15}$/.test(first)) {
      throw conflict('Content-Length', 'The header Content-Length is not one number.');
    }
    const declared = Number(first);
    const actual = body ? body.length : 0;
    if (actual !== undefined && declared !== actual) {
      throw conflict('Content-Length', `Content-Length says ${first}, and the body has ${String(actual)} bytes.`);
    }
    const keep = headers.findIndex(([name]) => name.toLowerCase() === 'content-length');
    for (let index = headers.length - 1; index > keep; index--) {
      if (headers[index]?.[0].toLowerCase() === 'content-length') headers.splice(index, 1);
    }
    return declared;
  }
  if (body) {
    if (body.length === undefined) headers.push(['Transfer-Encoding', 'chunked']);
    else headers.push(['Content-Length', String(body.length)]);
    return body.length;
  }
  if (!bodiless.has(request.method.toUpperCase())) headers.push(['Content-Length', '0']);
  return 0;
}

function conflict(header: string, message: string): CountersignError {
  return new CountersignError('CS-HTTP-FRAMING', message, { facts: { header } });
}

function find(headers: readonly HeaderPair[], name: string): HeaderPair | undefined {
  return headers.find(([key]) => key.toLowerCase() === name);
}

/** All values of a header, in order. @param name lower case. */
export function valuesOf(headers: readonly HeaderPair[], name: string): string[] {
  return headers.filter(([key]) => key.toLowerCase() === name).map(([, value]) => value);
}

/** Server or file text as one may show it: controls and bidi marks replaced, at most 80 characters. */
export function printable(text: string, limit = 80): string {
  const clean = text.slice(0, limit + 1).replace(/[\p{Cc}\p{Cf}\p{Zl}\p{Zp}\p{Cs}]/gu, '�');
  return clean.length > limit ? `${clean.slice(0, limit)}…` : clean;
}

function hex(code: number): string {
  return code.toString(16).toUpperCase().padStart(4, '0');
}
