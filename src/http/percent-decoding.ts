/** The text that percent-escapes stand for; one with a broken escape stays as it is. “+” is no space (RFC 3986 §2.1). */
export function percentDecoded(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}
