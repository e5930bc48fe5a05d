/**
 * Literal `Authorization` values of request files: what form they have, and how the Basic forms of other tools are sent.
 * `Basic user pass`, `Basic user:pass` and `Basic <base64>` mean the same. Pure. Source: dialects.md §11 (A1), RFC 7617.
 */
import { Buffer } from 'node:buffer';

export type LiteralAuthorization =
  | {
      readonly kind: 'basic';
      readonly username: string;
      readonly password: string;
      readonly form: 'pair' | 'colon' | 'base64';
    }
  /** `start` is the offset of the token in the value. */
  | { readonly kind: 'bearer'; readonly token: string; readonly start: number }
  | { readonly kind: 'digest'; readonly username: string; readonly password: string }
  | { readonly kind: 'ntlm'; readonly username: string; readonly password: string }
  | {
      readonly kind: 'aws';
      readonly accessKeyId: string;
      readonly secretAccessKey: string;
      readonly sessionToken?: string;
      readonly region?: string;
      readonly service?: string;
    }
  | {
      readonly kind: 'cognito';
      readonly username: string;
      readonly password: string;
      readonly region: string;
      readonly pool: string;
      readonly clientId: string;
    }
  | { readonly kind: 'other'; readonly scheme: string };

const base64 = /^(?:[A-Za-z\d+/]{4})*(?:[A-Za-z\d+/]{2}(?:==)?|[A-Za-z\d+/]{3}=?)?$/;

/** Undefined for a value that names no scheme with something after it. */
export function parseAuthorization(value: string): LiteralAuthorization | undefined {
  const found = /^\s*([!#$%&'*+.^_`|~\dA-Za-z-]+)[ \t]+(?=\S)/.exec(value);
  if (!found) return undefined;
  const scheme = (found[1] as string).toLowerCase();
  const rest = value.slice(found[0].length).trimEnd();
  if (scheme === 'bearer') return { kind: 'bearer', token: rest, start: found[0].length };
  if (scheme === 'basic') return parseBasic(rest);
  return literalForms[scheme]?.(rest) ?? { kind: 'other', scheme };
}

const literalForms: Readonly<Record<string, ((rest: string) => LiteralAuthorization | undefined) | undefined>> = {
  digest: (rest) => withKind('digest', parsePair(rest)),
  ntlm: (rest) => withKind('ntlm', parsePair(rest)),
  aws: parseAws,
  cognito: parseCognito,
};

/** `COGNITO user pass region pool client`. */
function parseCognito(rest: string): LiteralAuthorization | undefined {
  const [username, password, region, pool, clientId, more] = rest.split(/[ \t]+/);
  if (username === undefined || password === undefined || more !== undefined) return undefined;
  if (region === undefined || pool === undefined || clientId === undefined) return undefined;
  return { kind: 'cognito', username, password, region, pool, clientId };
}

/** `Digest user pass` and `Digest user:pass`, the same for NTLM; a finished answer is none: `username="…", …`, one word. */
function parsePair(rest: string): { readonly username: string; readonly password: string } | undefined {
  const [, username, password] = /^([^\s:=",]+)(?:[ \t]+|:)([^]+)$/.exec(rest) ?? [];
  return username === undefined || password === undefined ? undefined : { username, password };
}

function withKind<K extends 'digest' | 'ntlm', P extends object>(
  kind: K,
  pair: P | undefined,
): (P & { readonly kind: K }) | undefined {
  return pair && { ...pair, kind };
}

/** `AWS id key [token:…] [region:…] [service:…]`; a signature of version 2 (`AWS id:signature`) is none. */
function parseAws(rest: string): LiteralAuthorization | undefined {
  const [accessKeyId, secretAccessKey, ...options] = rest.split(/[ \t]+/);
  if (accessKeyId === undefined || secretAccessKey === undefined) return undefined;
  const option = (name: string): string | undefined =>
    options.find((each) => each.toLowerCase().startsWith(`${name}:`))?.slice(name.length + 1);
  const [sessionToken, region, service] = [option('token'), option('region'), option('service')];
  return {
    kind: 'aws',
    accessKeyId,
    secretAccessKey,
    ...(sessionToken === undefined ? {} : { sessionToken }),
    ...(region === undefined ? {} : { region }),
    ...(service === undefined ? {} : { service }),
  };
}

function parseBasic(rest: string): LiteralAuthorization {
  const space = /[ \t]+/.exec(rest);
  const colon = rest.indexOf(':');
  if (colon >= 0 && (!space || colon < space.index)) {
    return { kind: 'basic', username: rest.slice(0, colon), password: rest.slice(colon + 1), form: 'colon' };
  }
  if (space) {
    const password = rest.slice(space.index + space[0].length);
    return { kind: 'basic', username: rest.slice(0, space.index), password, form: 'pair' };
  }
  const pair = base64.test(rest) ? Buffer.from(rest, 'base64').toString('utf8') : '';
  const at = pair.indexOf(':');
  return at < 0
    ? { kind: 'other', scheme: 'basic' }
    : { kind: 'basic', username: pair.slice(0, at), password: pair.slice(at + 1), form: 'base64' };
}

/**
 * The value as it is to be sent: the pair and colon forms of Basic become base64 of UTF-8, everything else stays.
 * Call it with variables filled in.
 */
export function normaliseAuthorization(value: string): string {
  const parsed = parseAuthorization(value);
  if (parsed?.kind !== 'basic' || parsed.form === 'base64') return value;
  return `Basic ${Buffer.from(`${parsed.username}:${parsed.password}`, 'utf8').toString('base64')}`;
}
