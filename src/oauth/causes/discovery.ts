/** The description of the identity provider. Source: OpenID Connect Discovery §4, RFC 8414 §3, RFC 8252 §8.3, auth.md M3–M6, H26–H28. */
import { isOwn, type Cause, type Failure } from './cause.ts';

const endpoint = (failure: Failure, pattern: RegExp): boolean =>
  isOwn(failure, 'CS-AUTH-ENDPOINT', 'CS-AUTH-DISCOVERY') && pattern.test(failure.own?.message ?? '');

export const discoveryCauses: readonly Cause[] = [
  {
    id: 'issuer-mismatch',
    title: 'The metadata is that of another issuer',
    rule: 'RFC 8414, 3.3',
    when: (failure) => isOwn(failure, 'CS-AUTH-DISCOVERY') && failure.own?.facts['actual'] !== undefined,
    code: 'CS-AUTH-DISCOVERY',
    message: 'The metadata of <issuer> is that of another issuer.',
    likely: 'Most likely: the issuer is spelt in another way there: a path, a slash or a tenant.',
  },
  {
    id: 'captive-page',
    title: 'A sign-in page of the network answers',
    rule: 'RFC 8910',
    when: (failure) =>
      isOwn(failure, 'CS-AUTH-DISCOVERY') && failure.movedTo !== undefined && failure.movedTo !== failure.host,
    code: 'CS-AUTH-DISCOVERY',
    message: 'The issuer redirects its metadata, which is not followed.',
    likely:
      'Most likely: a sign-in page of the network (hotspot, VPN, gateway) stands between; it sends on to <moved_to>.',
    next: 'Open any page in the browser to sign in to the network, then try again.',
  },
  {
    id: 'metadata-page',
    title: 'A web page answers instead of metadata',
    rule: 'RFC 8414, 3.2',
    when: (failure) =>
      isOwn(failure, 'CS-AUTH-DISCOVERY') && failure.status === 200 && /html/i.test(failure.contentType ?? ''),
    code: 'CS-AUTH-DISCOVERY',
    message: 'The issuer answers with a page instead of metadata.',
    likely: 'Most likely: the issuer is the address of a web site, not that of its identity provider.',
    next: 'Use the issuer that its documentation names, often with a path such as /realms/NAME.',
  },
  {
    id: 'http-endpoint',
    title: 'An address is not https',
    rule: 'RFC 6749, 3.2',
    when: (failure) => endpoint(failure, /is not an https address|is not https/),
    code: 'CS-AUTH-ENDPOINT',
    message: 'The token_endpoint of <issuer> is not an https address.',
    likely: 'Most likely: the provider does not know that it is reached over https, as behind a proxy.',
    next: 'Write the address with https; its owner has to set the public address of the provider.',
  },
  {
    id: 'endpoint-preset',
    title: 'An endpoint brings parameters of its own',
    rule: 'RFC 6749, 3.1',
    when: (failure) => endpoint(failure, /already sets|would get .* twice|fragment|user name/),
    code: 'CS-AUTH-ENDPOINT',
    message: 'The authorization_endpoint of <issuer> already sets client_id.',
    likely: 'Most likely: the metadata is meant for one client, or someone wants to be signed in instead of you.',
    next: 'Check the issuer, or name the endpoint in the definition without parameters.',
  },
  {
    id: 'endpoint-missing',
    title: 'An endpoint is missing',
    rule: 'RFC 8414, 2',
    when: (failure) => isOwn(failure, 'CS-AUTH-ENDPOINT'),
    code: 'CS-AUTH-ENDPOINT',
    message: 'The token_endpoint of <issuer> is missing.',
    likely: 'Most likely: the provider does not offer this grant, or the definition names no endpoint.',
    next: 'Name the endpoint in the definition, or choose another grant.',
  },
  {
    id: 'issuer-without-metadata',
    title: 'The issuer has no metadata',
    rule: 'RFC 8414, 3',
    when: (failure) => isOwn(failure, 'CS-AUTH-DISCOVERY'),
    code: 'CS-AUTH-DISCOVERY',
    message: 'The issuer has no metadata.',
    likely: 'Most likely: the issuer is misspelt, or lacks the path of a tenant or realm.',
  },
  {
    id: 'endpoints-moved',
    title: 'The endpoints moved since they were approved',
    rule: 'RFC 9700, 4.4',
    when: (failure) => isOwn(failure, 'CS-BIND-APPROVAL'),
    code: 'CS-BIND-APPROVAL',
    message: '<host> moved its endpoints since you approved <credential>.',
    likely: 'Most likely: the provider was rebuilt; it can also be someone who answers in its place.',
  },
];
