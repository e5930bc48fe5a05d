/**
 * Which keys and values of a definitions file are secrets that must not stand there. A value that is only `{{variables}}`
 * is no literal. Source: contracts.md §3.
 */
const secretKey =
  /(?:^|[_-])(?:secret|password|passwd|passphrase|token|assertion|private_?key|decryption_?key|api_?key|access_?key)$|^(?:value|key|jwk)$/i;
const spelledTogether =
  /(?:clientSecret|apiKey|privateKey|accessToken|refreshToken|idToken|sessionToken|secretAccessKey)$/;

/** `client_secret`, `token`, `private_key`, `apiKey`, `value` … */
export function isSecretKey(key: string): boolean {
  return secretKey.test(key) || spelledTogether.test(key);
}

/** True for text that stands for itself: not empty and not made of `{{variables}}` alone. */
export function isLiteralText(value: unknown): boolean {
  if (typeof value === 'number') return true;
  if (typeof value === 'object' && value !== null) return Object.values(value).some(isLiteralText);
  return typeof value === 'string' && value.replace(/\{\{[^{}]*\}\}/g, '').trim() !== '';
}

/** `https://user:pass@host`: a password in an address. */
export function holdsUserinfo(value: string): boolean {
  return /^[a-z][a-z\d+.-]*:[\\/]{2}[^\s\\/?#@]+@/i.test(value);
}
