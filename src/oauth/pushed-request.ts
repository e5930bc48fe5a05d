/**
 * The authorization request, pushed to the provider before the browser opens, so that nobody on the way can read or change
 * it. Used when required or offered; once it has worked for a definition, never left out again.
 * Source: RFC 9126 §2–4, RFC 9700 §4.4, auth.md §1.1, H32.
 */
import { CountersignError, isCountersignError } from '../errors/countersign-error.ts';
import type { Parameter } from './authorization-url.ts';
import { abortable } from './capped-fetch.ts';
import { toBoundOptions } from './bound-tokens.ts';
import type { OAuthFetch } from './ports.ts';
import type { Operation } from './operation.ts';
import { toSignedParameters } from './request-object.ts';
import { toScopeList } from './token-answer.ts';

const pinName = 'pushed_authorization_request_used';

/** What the browser gets to carry: the parameters themselves, or what stands for them. Throws CS-AUTH-PUSHED, CS-AUTH-*. */
export async function toBrowserParameters(
  operation: Operation,
  parameters: readonly Parameter[],
): Promise<readonly Parameter[]> {
  const { credential, provider, share } = operation;
  const { definition } = credential;
  const required =
    definition.require_pushed_authorization_requests === true ||
    definition.profile === 'fapi2' ||
    provider.metadata['require_pushed_authorization_requests'] === true;
  const pins = await abortable(share.ports.pins.get(credential.name, credential.hash), operation.signal);
  const used = pins?.[pinName] !== undefined;
  const endpoint = provider.metadata['pushed_authorization_request_endpoint'];
  if (typeof endpoint !== 'string') {
    if (!required && !used) return toSignedParameters(operation, parameters);
    throw new CountersignError('CS-AUTH-PUSHED', `${provider.host} has no place to push a request to.`, {
      ...(used && !required ? { next: 'It had one before; without it the sign-in would be weaker than it was.' } : {}),
      facts: { host: provider.host },
    });
  }
  const signed = await toSignedParameters(operation, withConsent(parameters));
  const requestUri = await push(operation, endpoint, signed, !required && !used);
  if (requestUri === undefined) return signed;
  if (!used) {
    await share.ports.pins.set(credential.name, credential.hash, { ...pins, [pinName]: new URL(endpoint).origin });
  }
  return [
    ['client_id', definition.client_id],
    ['request_uri', requestUri],
  ];
}

/** OpenID Connect Core §11: `offline_access` is to be agreed to each time; servers drop it from a pushed request silently. */
function withConsent(parameters: readonly Parameter[]): readonly Parameter[] {
  const value = (name: string): string | undefined => parameters.find(([one]) => one === name)?.[1];
  const asks = toScopeList(value('scope')).includes('offline_access') && value('prompt') === undefined;
  return asks ? [...parameters, ['prompt', 'consent']] : parameters;
}

/** Undefined when the endpoint does not work at all and may be done without. */
async function push(
  operation: Operation,
  endpoint: string,
  parameters: readonly Parameter[],
  mayFallBack: boolean,
): Promise<string | undefined> {
  const { provider, trace } = operation;
  return trace.step('pushed-request', async ({ detail, warn }) => {
    let answer: Record<string, unknown> | undefined;
    let status = 0;
    const fetch = operation.fetch;
    const pushing: OAuthFetch = async (url, init) => {
      const response = await fetch(url, init);
      if (url !== new URL(endpoint).href) return response;
      status = response.status;
      answer = (await response
        .clone()
        .json()
        .catch(() => undefined)) as Record<string, unknown> | undefined;
      return response;
    };
    // The library takes no plain page on this machine, which ours may be; the address it makes is not used.
    const page = { authorization_endpoint: new URL('/', endpoint).href };
    const { library, config } = await operation.configuration(pushing, page);
    try {
      const options = await toBoundOptions(operation, library, config);
      await library.buildAuthorizationUrlWithPAR(
        config,
        new URLSearchParams(parameters as [string, string][]),
        options,
      );
    } catch (error) {
      const known = operation.signal.aborted ? undefined : operation.toError(error, 'pushed-request');
      if (known && mayFallBack && isUnavailable(status, known)) {
        warn('the endpoint does not work; the browser carries the request itself');
        return undefined;
      }
      throw known ?? operation.signal.reason;
    }
    const { request_uri: uri, expires_in: seconds } = answer ?? {};
    if (typeof uri !== 'string' || !isRequestUri(uri, endpoint) || !(Number(seconds) > 0)) {
      throw new CountersignError(
        'CS-AUTH-PUSHED',
        `${provider.host} answered a pushed request with no usable request_uri.`,
        {
          next: 'Nothing was opened. Tell the owner of the identity provider.',
          facts: { host: provider.host },
        },
      );
    }
    detail(`${parameters.length} parameters stay out of the browser · request_uri for ${Number(seconds)} s`);
    return uri;
  });
}

/** The address is not there or is broken; a refusal of this request is not that. */
function isUnavailable(status: number, error: CountersignError): boolean {
  if (isCountersignError(error) && /^CS-(NET|TLS|HTTP)-/.test(error.code)) return false;
  return status === 404 || status === 405 || status === 501;
}

/** A URN, or an address at the provider itself: nothing that a browser or the provider would fetch from elsewhere. */
function isRequestUri(uri: string, endpoint: string): boolean {
  if (uri.length > 2048 || !/^[\x21-\x7e]+$/.test(uri)) return false;
  if (/^urn:[a-z0-9][a-z0-9-]{0,31}:/i.test(uri)) return true;
  return URL.canParse(uri) && new URL(uri).origin === new URL(endpoint).origin;
}
