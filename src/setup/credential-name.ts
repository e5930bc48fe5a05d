/** A name for a credential, made of what other tools call it or of where it goes. Pure. */

/** Letters, digits, `_` and `-`, at most 40; '' when nothing of the text can stand in a name. */
export function toCredentialName(text: string): string {
  return text
    .slice(0, 200)
    .replace(/[^A-Za-z0-9_-]+/g, '-')
    .replace(/^-+|-+$/g, '')
    .slice(0, 40);
}

/** A free name from the first label of the host: `https://orders.example.com` gives `orders`. */
export function suggestName(origin: string, taken: readonly string[]): string {
  const host = URL.canParse(origin.replace('*.', '')) ? new URL(origin.replace('*.', '')).hostname : '';
  const labels = host.split('.').filter((label) => !/^(www|api|apis|gateway)$/.test(label));
  const label = /^[\d.]+$|^\[/.test(host) ? 'local' : (labels[0] ?? 'api');
  return freeName(toCredentialName(label) || 'api', taken);
}

/** The name itself, or with the first number that makes it free. */
export function freeName(base: string, taken: readonly string[]): string {
  for (let number = 1; ; number++) {
    const found = number === 1 ? base : `${base}-${number}`;
    if (!taken.includes(found)) return found;
  }
}
