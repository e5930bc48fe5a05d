/** The page of a rule as checks name it: `RFC 9700, 2.1.2`. */
const pages: readonly (readonly [RegExp, (match: RegExpExecArray) => string])[] = [
  [/^RFC (\d+), ([\d.]+)$/, ([, number, section]) => `https://www.rfc-editor.org/rfc/rfc${number}#section-${section}`],
  [/^OpenID Connect Core/, () => 'https://openid.net/specs/openid-connect-core-1_0.html'],
  [/^FAPI 2\.0/, () => 'https://openid.net/specs/fapi-security-profile-2_0-final.html'],
];

export function toRuleLink(rule: string): string {
  for (const [pattern, toPage] of pages) {
    const match = pattern.exec(rule);
    if (match) return toPage(match);
  }
  throw new Error(`no page is known for ${rule}`);
}
