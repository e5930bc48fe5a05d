/** Why a request was not sent, in two or three words for a row or a lens, and likely causes; sentences are the errors'. */

const reasons: Readonly<Record<string, string>> = {
  'CS-NET-CANCELLED': 'cancelled',
  'CS-NET-REFUSED': 'connection refused',
  'CS-NET-DNS': 'unknown host',
  'CS-NET-TIMEOUT': 'timed out',
  'CS-NET-PROXY': 'proxy',
  'CS-NET-RESET': 'connection lost',
  'CS-NET-UNREACHABLE': 'host unreachable',
  'CS-TLS-EXPIRED': 'certificate expired',
  'CS-TLS-HOSTNAME': 'certificate for another host',
  'CS-TLS-SELF-SIGNED': 'certificate self-signed',
  'CS-TLS-UNTRUSTED': 'certificate not trusted',
  'CS-TLS-CHAIN': 'certificate chain incomplete',
  'CS-BIND-ORIGIN': 'not its origin',
  'CS-BIND-APPROVAL': 'not approved',
  'CS-DEF-UNKNOWN': 'unknown credential',
  'CS-VAR-UNKNOWN': 'unknown variable',
  'CS-AUTH-SECRET-MISSING': 'secret missing',
  'CS-AUTH-CANCELLED': 'sign-in cancelled',
};

/** @param code an error's code; without words of its own it is said as it is */
export function reasonOf(code: string): string {
  return reasons[code] ?? (code.startsWith('CS-AUTH-') ? 'sign-in failed' : code);
}

/** A likely cause without the words that introduce it, for where they stand already. */
export function bareCause(likely: string): string {
  return likely.replace(/^Most likely: /, '');
}
