/** What a value must be made of before it may stand in a header, a query or a cookie. Never quotes the value. Source: auth.md M19, H16; RFC 9110 §5.6.2. */

/** Why this is no token, as the rest of a sentence; undefined when it is one (`[\x21-\x7e]+`). */
export function tokenProblem(value: string): string | undefined {
  if (value === '') return 'is empty';
  if (/[\r\n]/.test(value)) return 'holds a line break';
  if (/\s/.test(value)) return 'holds a space';
  return /^[\x21-\x7e]+$/.test(value) ? undefined : 'holds a character that cannot stand in a header';
}

/** As `tokenProblem`, for header values that may hold inner spaces (API keys). */
export function headerValueProblem(value: string): string | undefined {
  if (value === '') return 'is empty';
  if (/[\r\n]/.test(value)) return 'holds a line break';
  if (value !== value.trim()) return 'begins or ends with a space';
  return /^[\x20-\x7e]+$/.test(value) ? undefined : 'holds a character that cannot stand in a header';
}

/** RFC 6265 §4.1.1 cookie-octet. */
export function cookieValueProblem(value: string): string | undefined {
  if (value === '') return 'is empty';
  return /^[\x21\x23-\x2b\x2d-\x3a\x3c-\x5b\x5d-\x7e]+$/.test(value)
    ? undefined
    : 'holds a character that cannot stand in a cookie';
}

/** An HTTP token: the form of header and cookie names. */
export function isHttpToken(name: string): boolean {
  return /^[!#$%&'*+.^_`|~\dA-Za-z-]+$/.test(name);
}
