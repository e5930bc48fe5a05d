/**
 * Finds secrets that stand as plain text in a header: bearer tokens, Basic passwords, API keys. Rather misses one than
 * underlines a placeholder. Pure. Source: ux.md B4, design.md B4.1.
 */
import { parseAuthorization } from './literal-auth.ts';

export interface LiteralSecret {
  /** UTF-16 offsets in the header value. */
  readonly start: number;
  readonly end: number;
  readonly kind: 'bearer' | 'basic' | 'digest' | 'ntlm' | 'aws' | 'cognito' | 'apiKey';
  /** `This looks like a bearer token. In this file, anyone with the repository has it.` */
  readonly message: string;
  /** For Basic, what a new credential needs beside the password. */
  readonly username?: string;
}

const placeholderWords =
  /^(?:.*\b(?:your|my|the|some|example|sample|dummy|fake|placeholder|changeme|change-me|replace|insert|to-?do|here|redacted|hidden|secret-?here)\b.*|token|secret|password|passwd|pass|key|apikey|api[-_ ]?key|access[-_ ]?token|bearer|jwt|test|foo|bar|baz|foobar|null|none|undefined|string|value)$/i;
const knownPrefixes =
  /^(?:gh[pousr]_[A-Za-z\d]{20,}|github_pat_\w{20,}|glpat-[\w-]{15,}|xox[abpors]-[\w-]{10,}|sk-[\w-]{16,}|(?:sk|rk|pk)_(?:live|test)_[A-Za-z\d]{16,}|AKIA[A-Z\d]{16}|AIza[\w-]{30,}|ya29\.[\w.-]{20,}|SG\.[\w.-]{20,}|npm_[A-Za-z\d]{30,})$/;
const jwt = /^eyJ[\w-]{5,}\.[\w-]{5,}\.[\w-]*$/;
const keyHeader =
  /^(?:x-)?(?:[a-z\d]+-)*(?:api-?key|apikey|auth-?token|access-?token|secret(?:-?key)?|subscription-?key|functions-key|private-?token)$/i;
/** Longer values are data, not keys; tokens of this length are rare and the time to look is bounded. */
const longest = 16_384;
const cookieLike = /^(?:cookie|set-cookie)$/i;

/** @param value the header's value as it stands in the file, variables not filled in */
export function findLiteralSecrets(header: string, value: string): readonly LiteralSecret[] {
  const name = header.trim();
  if (value.length > longest) return [];
  if (/^(?:proxy-)?authorization$/i.test(name)) return inAuthorization(value);
  if (cookieLike.test(name)) return [];
  const text = value.trim();
  const start = value.indexOf(text);
  const found = keyHeader.test(name) ? looksSecret(text, 8) : knownPrefixes.test(text) || jwt.test(text);
  return found ? [literal('apiKey', start, start + text.length)] : [];
}

function inAuthorization(value: string): readonly LiteralSecret[] {
  const parsed = parseAuthorization(value);
  if (parsed?.kind === 'bearer') {
    return looksSecret(parsed.token, 12) ? [literal('bearer', parsed.start, parsed.start + parsed.token.length)] : [];
  }
  if (parsed?.kind === 'basic') {
    if (parsed.password.length < 1 || isPlaceholder(parsed.password)) return [];
    if (/[\u0000-\u001f\ufffd]/.test(parsed.username + parsed.password)) return [];
    const end = value.trimEnd().length;
    const start =
      parsed.form === 'base64'
        ? end - (/\S+$/.exec(value.slice(0, end))?.[0].length ?? 0)
        : end - parsed.password.length;
    return [{ ...literal('basic', start, end), username: parsed.username }];
  }
  if (parsed?.kind === 'digest' || parsed?.kind === 'ntlm') {
    if (isPlaceholder(parsed.password)) return [];
    const end = value.trimEnd().length;
    return [{ ...literal(parsed.kind, end - parsed.password.length, end), username: parsed.username }];
  }
  if (parsed?.kind === 'aws') {
    const start = value.indexOf(parsed.secretAccessKey, value.indexOf(parsed.accessKeyId) + parsed.accessKeyId.length);
    return isPlaceholder(parsed.secretAccessKey) ? [] : [literal('aws', start, start + parsed.secretAccessKey.length)];
  }
  if (parsed?.kind === 'cognito') {
    const start = value.indexOf(parsed.password, value.indexOf(parsed.username) + parsed.username.length);
    return isPlaceholder(parsed.password) ? [] : [literal('cognito', start, start + parsed.password.length)];
  }
  const text = value.trim();
  if (parsed || !(knownPrefixes.test(text) || jwt.test(text))) return [];
  return [literal('apiKey', value.indexOf(text), value.indexOf(text) + text.length)];
}

const words = {
  bearer: 'a bearer token',
  basic: 'a password',
  digest: 'a password',
  ntlm: 'a password',
  aws: 'a secret access key',
  cognito: 'a password',
  apiKey: 'an API key',
} as const;

function literal(kind: LiteralSecret['kind'], start: number, end: number): LiteralSecret {
  return {
    kind,
    start,
    end,
    message: `This looks like ${words[kind]}. In this file, anyone with the repository has it.`,
  };
}

function isPlaceholder(text: string): boolean {
  if (/\{\{|\}\}|\$\{|%[A-Z_]+%|^\$\w+$|^<.*>$|^\[.*\]$|\.\.\.|…|\*{3}|•/i.test(text)) return true;
  const plain = text.replaceAll('_', '-');
  return placeholderWords.test(plain) || new Set(text.toLowerCase().replace(/[^a-z\d]/g, '')).size <= 2;
}

/** Long enough, of token characters, not words, and mixed enough to be random. */
function looksSecret(text: string, shortest: number): boolean {
  if (text.length < shortest || /\s/.test(text) || isPlaceholder(text)) return false;
  if (knownPrefixes.test(text) || jwt.test(text)) return true;
  if (!/^[\x21-\x7e]+$/.test(text)) return false;
  if (/^[a-z]+(?:[-_.][a-z]+)*[-_.]?$/i.test(text) && (text.match(/[a-z][A-Z]/g) ?? []).length < 2) return false;
  if (/^(?:0123|1234|abcd)/i.test(text) && text.length < 20) return false;
  return bitsOf(text) >= 2.5 && text.length * bitsOf(text) >= 28;
}

/** Shannon entropy in bits a character. */
function bitsOf(text: string): number {
  const counts = new Map<string, number>();
  for (const char of text) counts.set(char, (counts.get(char) ?? 0) + 1);
  let bits = 0;
  for (const count of counts.values()) bits -= (count / text.length) * Math.log2(count / text.length);
  return bits;
}
