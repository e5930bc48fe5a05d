/** What a token is good for, where it goes and what it is bound to. Source: RFC 9700 §2.2–2.3, §4.3, RFC 6750 §5.3, RFC 9449. */
import { listed, type Check } from './check.ts';
import { findQuirks } from '../quirks/registry.ts';
import { isPlacement } from '../../credentials/schemes/token-placement.ts';

const bound = (oauth: { readonly dpop_bound_access_tokens?: boolean }, method: string | undefined): boolean =>
  oauth.dpop_bound_access_tokens === true || method?.endsWith('tls_client_auth') === true;
const isUnknown = (quirk: string): boolean => findQuirks([quirk]).length === 0 && !isPlacement(quirk);

export const tokenChecks: readonly Check[] = [
  {
    code: 'CS-ADV-TOKEN-IN-QUERY',
    severity: 'warning',
    title: 'The token goes in the address',
    rule: 'RFC 9700, 4.3.2',
    asks: 'definition',
    field: 'quirks',
    when: ({ oauth }) => (oauth.quirks ?? []).some(isPlacement),
    message: 'The token of <name> goes in the query, which ends in logs, histories and Referer headers.',
    next: 'Use the Authorization header; take the quirk out unless the API takes it no other way.',
    fix: {
      title: 'Send it in the Authorization header',
      changes: ({ oauth }) => {
        const kept = (oauth.quirks ?? []).filter((one) => !isPlacement(one));
        return { quirks: kept.length === 0 ? undefined : kept };
      },
    },
  },
  {
    code: 'CS-ADV-KEY-IN-QUERY',
    severity: 'information',
    title: 'The key goes in the address',
    rule: 'RFC 9110, 17.9',
    asks: 'definition',
    field: 'in',
    when: ({ definition }) => definition.scheme === 'apiKey' && (definition as { in?: unknown }).in === 'query',
    message: 'The key of <name> goes in the query, which ends in logs, histories and Referer headers.',
    next: 'Use a header where the API takes one.',
  },
  {
    code: 'CS-ADV-ANY-SUBDOMAIN',
    severity: 'information',
    title: 'It may go to every subdomain',
    rule: 'RFC 9700, 2.3',
    asks: 'definition',
    field: 'origins',
    when: ({ definition }) => definition.origins.some((origin) => origin.includes('//*.')),
    message: 'Whoever gets hold of one subdomain gets what <name> sends.',
    next: 'Name the origins that the requests go to.',
  },
  {
    code: 'CS-ADV-NO-AUDIENCE',
    severity: 'information',
    title: 'One token for several APIs',
    rule: 'RFC 8707, 2',
    asks: 'definition',
    field: 'origins',
    when: ({ definition, oauth }) =>
      definition.scheme === 'oauth2' &&
      definition.origins.length > 1 &&
      oauth.resource === undefined &&
      oauth.audience === undefined,
    message: 'Each API that <name> is sent to can use its token at the others.',
    next: 'Define one credential an API, and name the API in resource or audience where the provider knows it.',
  },
  {
    code: 'CS-ADV-DPOP-OFFERED',
    severity: 'information',
    title: 'The token could be bound to a key',
    rule: 'RFC 9700, 2.2.1',
    asks: 'metadata',
    field: 'dpop_bound_access_tokens',
    when: (facts) =>
      (listed(facts, 'dpop_signing_alg_values_supported') ?? []).length > 0 && !bound(facts.oauth, facts.method),
    message: 'Whoever finds the token of <name> can use it, though <host> can bind it to a key (DPoP).',
    next: 'Set dpop_bound_access_tokens, if the API takes DPoP.',
    fix: { title: 'Bind tokens to a key (DPoP)', changes: () => ({ dpop_bound_access_tokens: true }) },
  },
  {
    code: 'CS-ADV-DPOP-UNLISTED',
    severity: 'warning',
    title: 'DPoP is not offered',
    rule: 'RFC 9449, 5.1',
    asks: 'metadata',
    field: 'dpop_bound_access_tokens',
    when: (facts) =>
      facts.oauth.dpop_bound_access_tokens === true &&
      facts.metadata !== undefined &&
      listed(facts, 'dpop_signing_alg_values_supported') === undefined,
    message: '<host> says nothing of DPoP and will most likely give a Bearer token.',
    next: 'Ask its owner, or take dpop_bound_access_tokens out.',
    fix: { title: 'Take dpop_bound_access_tokens out', changes: () => ({ dpop_bound_access_tokens: undefined }) },
  },
  {
    code: 'CS-ADV-UNBOUND-REFRESH',
    severity: 'information',
    title: 'A refresh token that only rotation protects',
    rule: 'RFC 9700, 2.2.2',
    asks: 'definition',
    field: 'scope',
    when: ({ oauth, method, scope, grant }) =>
      grant === 'authorization_code' && method === 'none' && scope.includes('offline_access') && !bound(oauth, method),
    message: 'The refresh token of a public client has to be rotated or bound; <name> relies on rotation.',
    next: 'Probe the issuer to see whether it rotates (countersign credentials check <name> --probe).',
  },
  {
    code: 'CS-ADV-UNKNOWN-QUIRK',
    severity: 'warning',
    title: 'A quirk that is not known',
    rule: 'RFC 6749, 5.1',
    asks: 'definition',
    field: 'quirks',
    when: ({ oauth }) => (oauth.quirks ?? []).some(isUnknown),
    message: '<name> names a quirk that is not known; nothing is put right for it.',
    next: 'docs/reference.md lists the quirks.',
    fix: {
      title: 'Take the unknown quirk out',
      changes: ({ oauth }) => {
        const kept = (oauth.quirks ?? []).filter((one) => !isUnknown(one));
        return { quirks: kept.length === 0 ? undefined : kept };
      },
    },
  },
];
