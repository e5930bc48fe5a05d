/**
 * Where a provider's API wants the access token when that is not the Authorization header, as quirks of a definition. The
 * query ends in logs of servers and proxies: only a definition that says so puts a token there.
 * Source: RFC 6750 §2.3; requests_oauthlib, instagram, weibo, douban, slack, and the former linkedin.
 */
export const placements = [
  { name: 'token_in_query', parameter: 'access_token', metAt: 'Instagram, Weibo, Douban' },
  { name: 'slack_token_in_query', parameter: 'token', metAt: 'older methods of Slack' },
  { name: 'linkedin_token_in_query', parameter: 'oauth2_access_token', metAt: 'the former API of LinkedIn' },
] as const;

const parameters: ReadonlyMap<string, string> = new Map(placements.map(({ name, parameter }) => [name, parameter]));

/** True for a quirk that says where the token goes. */
export function isPlacement(quirk: string): boolean {
  return parameters.has(quirk);
}

/** Name of the query parameter that carries the token; undefined for the header. */
export function toQueryParameter(quirks: readonly string[] | undefined): string | undefined {
  return quirks?.map((name) => parameters.get(name)).find((name) => name !== undefined);
}
