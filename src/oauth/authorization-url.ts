/**
 * The address that the browser opens: every parameter exactly once, nothing brought along by the endpoint.
 * Source: RFC 6749 §4.1.1, RFC 7636 §4.3, auth.md M7, M23.
 */
import { CountersignError } from '../errors/countersign-error.ts';
import { protectedParameters, requireEndpoint } from './endpoint-vetting.ts';

export type Parameter = readonly [name: string, value: string];

/** Parameters of a definition that a person may add, without those only this client sets. */
export function toExtraParameters(extra: Readonly<Record<string, string>> | undefined): {
  readonly kept: readonly Parameter[];
  readonly dropped: readonly string[];
} {
  const all = Object.entries(extra ?? {});
  return {
    kept: all.filter(([name]) => !protectedParameters.has(name.toLowerCase())),
    dropped: all.map(([name]) => name).filter((name) => protectedParameters.has(name.toLowerCase())),
  };
}

/** Only `resource` may repeat (RFC 8707 §2). Throws CS-AUTH-ENDPOINT. */
export function toAuthorizationUrl(endpoint: unknown, parameters: readonly Parameter[], issuer: string): string {
  const url = new URL(requireEndpoint('authorization_endpoint', endpoint, issuer));
  for (const [name, value] of parameters) url.searchParams.append(name, value);
  for (const name of new Set(url.searchParams.keys())) {
    if (name !== 'resource' && url.searchParams.getAll(name).length !== 1) {
      throw new CountersignError(
        'CS-AUTH-ENDPOINT',
        `The authorization_endpoint of ${issuer} would get ${name} twice.`,
        {
          facts: { endpoint: 'authorization_endpoint', issuer, parameter: name },
        },
      );
    }
  }
  // `+` is rewritten by some programs on the way to the browser; `%20` means the same and survives.
  const query = url.searchParams.toString().replaceAll('+', '%20');
  url.search = '';
  return `${url.href.replace(/\?$/, '')}?${query}`;
}
