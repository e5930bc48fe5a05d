/**
 * What a message signature covers: component identifiers as a definition writes them, and their values in one request.
 * Requests alone are signed here; components of responses, trailers and parsed structured fields are refused.
 * Source: RFC 9421 §2, RFC 8941 §4.1.
 */
import { CountersignError } from '../../errors/countersign-error.ts';
import type { FinalRequest } from '../types.ts';

export interface Component {
  /** In lower case; derived ones begin with `@`. */
  readonly name: string;
  /** `;bs`: the field's bytes, each line wrapped. */
  readonly bytes: boolean;
  /** Of `@query-param`, decoded. */
  readonly parameter?: string;
}

const derivedNames = [
  '@method',
  '@target-uri',
  '@authority',
  '@scheme',
  '@request-target',
  '@path',
  '@query',
  '@query-param',
] as const;

const fieldName = /^[!#$%&'*+.^_`|~\da-z-]+$/;
/** Why a written identifier cannot be signed, as the rest of a sentence; else the component. */
export function parseComponent(text: string): Component | string {
  const found = /^"?([^";]+)"?((?:;[^]*)?)$/.exec(text.trim());
  const name = found?.[1]?.trim().toLowerCase() ?? '';
  const rest = found?.[2] ?? '';
  const parameter = /^;\s*name="([\x20-\x21\x23-\x5b\x5d-\x7e]*)"$/.exec(rest)?.[1];
  if (name.startsWith('@')) {
    if (!(derivedNames as readonly string[]).includes(name)) return 'is not a part of a request';
    if (name !== '@query-param') return rest === '' ? { name, bytes: false } : 'takes no parameter here';
    if (parameter === undefined) return 'needs the name of a parameter: @query-param;name="page"';
    return { name, bytes: false, parameter: decoded(parameter) };
  }
  if (!fieldName.test(name)) return 'is no name of a header';
  if (name === 'signature' || name === 'signature-input') return 'is what the signature itself makes';
  if (rest === '') return { name, bytes: false };
  return /^;\s*bs$/.test(rest) ? { name, bytes: true } : 'has a parameter that is not offered; bs is';
}

/** The identifier as it stands in the signature base and its parameters (§2). */
export function toIdentifier({ name, bytes, parameter }: Component): string {
  if (parameter !== undefined) return `"${name}";name="${encoded(parameter)}"`;
  return bytes ? `"${name}";bs` : `"${name}"`;
}

/** @throws CountersignError CS-DEF-FIELD when the request has no such part */
export function valueOf(component: Component, { method, url, headers }: FinalRequest): string {
  const { name, bytes, parameter } = component;
  switch (name) {
    case '@method':
      return method;
    case '@target-uri':
      return `${url.protocol}//${authorityOf(url, headers)}${url.pathname}${url.search}`;
    case '@authority':
      return authorityOf(url, headers);
    case '@scheme':
      return url.protocol.slice(0, -1);
    case '@request-target':
      return url.pathname + url.search;
    case '@path':
      return url.pathname;
    case '@query':
      return url.search === '' ? '?' : url.search;
    case '@query-param':
      return queryParameter(url, parameter ?? '');
  }
  const values = headers.filter(([key]) => key.toLowerCase() === name).map(([, value]) => value.trim());
  if (values.length === 0) throw absent(`the header ${name}`);
  return bytes
    ? values.map((value) => `:${Buffer.from(value, 'latin1').toString('base64')}:`).join(', ')
    : values.map((value) => value.replace(/\s*\r\n\s+/g, ' ')).join(', ');
}

/** The host as it is sent, in lower case, without the port that the scheme means anyway (§2.2.3). */
function authorityOf(url: URL, headers: FinalRequest['headers']): string {
  const written =
    headers
      .find(([name]) => name.toLowerCase() === 'host')?.[1]
      .trim()
      .toLowerCase() ?? url.host;
  const usual = url.protocol === 'https:' ? ':443' : ':80';
  return written.endsWith(usual) ? written.slice(0, -usual.length) : written;
}

/** One that is there twice may not be named: which was meant, nobody could tell (§2.2.8). */
function queryParameter(url: URL, name: string): string {
  const values = url.searchParams.getAll(name);
  if (values.length > 1) {
    throw new CountersignError(
      'CS-DEF-FIELD',
      `The query has ${name.slice(0, 60)} more than once, so that it cannot be signed.`,
      {
        next: 'Sign @query instead.',
      },
    );
  }
  if (values[0] === undefined) throw absent(`the query parameter ${name.slice(0, 60)}`);
  return encoded(values[0]);
}

/** The percent-encode set of forms, with a space as `%20`. */
function encoded(text: string): string {
  return encodeURIComponent(text).replace(/[!'()~]/g, (one) => `%${one.charCodeAt(0).toString(16).toUpperCase()}`);
}

function decoded(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}

function absent(what: string): CountersignError {
  return new CountersignError('CS-DEF-FIELD', `The signature has to cover ${what}, which this request does not have.`, {
    next: 'Add it to the request, or take it out of “components”.',
  });
}
