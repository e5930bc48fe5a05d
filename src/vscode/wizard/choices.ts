/**
 * What the wizard offers, made from the registries and an issuer's metadata: adding a scheme, a grant or a client
 * authentication there adds it here. Only the grouping by who calls is this file's own. Pure.
 * Source: design.md D1.3, RFC 8414 §2.
 */
import { schemes } from '../../credentials/schemes/registry.ts';
import type { Scheme } from '../../credentials/types.ts';
import { clientAuthentications } from '../../oauth/client-authentication/registry.ts';
import type { ClientAuthentication } from '../../oauth/client-authentication/client-authentication.ts';
import type { DiscoveredServer } from '../../oauth/discovery.ts';
import type { Grant } from '../../oauth/grants/grant.ts';
import { grants } from '../../oauth/grants/registry.ts';

export interface Choice {
  readonly id: string;
  readonly label: string;
  readonly description?: string;
  readonly detail?: string;
  readonly icon: string;
  /** Heading it stands under. */
  readonly group: string;
}

type Who = Grant['who'];
type Metadata = DiscoveredServer['metadata'];

const callers: Readonly<Record<Who, Omit<Choice, 'id' | 'group'>>> = {
  person: { label: 'A person', description: 'signs in with the browser', icon: 'account' },
  service: { label: 'A service', description: 'no person present', icon: 'server-process' },
  device: { label: 'A device without a browser', description: 'a code, typed elsewhere', icon: 'device-mobile' },
  'on-behalf': { label: 'Someone on behalf of someone', description: 'token exchange', icon: 'organization' },
  legacy: { label: 'A legacy server', description: 'advised against by RFC 9700', icon: 'warning' },
};

/** The scheme that signs in; every other one takes a secret the person has. */
export function isSignInScheme(scheme: Scheme): boolean {
  return scheme.fields.some((field) => field.name === 'grant');
}

/** `issuer`, `scheme:apiKey`, `who:person`: what a person has, or who calls. */
export function firstChoices(): readonly Choice[] {
  const have = 'Start from what you have';
  const signIn = schemes.find(isSignInScheme);
  const issuer: Choice = {
    id: 'issuer',
    label: 'An issuer URL',
    description: 'sign-in is found from it',
    icon: 'globe',
    group: have,
  };
  const kept = schemes
    .filter((scheme) => !isSignInScheme(scheme))
    .map((scheme): Choice => {
      const { id, label, description, icon } = scheme;
      return { id: `scheme:${id}`, label, description, icon, group: have };
    });
  const who = [...new Set(allGrants().map((grant) => grant.who))].map((each): Choice => ({
    id: `who:${each}`,
    group: 'Or say who is calling',
    ...callers[each],
  }));
  return signIn ? [issuer, ...kept, ...who] : kept;
}

/**
 * Grants in the order to offer, the recommended one first and legacy ones last.
 * @param who undefined when the person started from an issuer
 */
export function grantsFor(who: string | undefined, metadata: Metadata | undefined): readonly Grant[] {
  const offered = grantTypesOf(metadata);
  const fitting = allGrants().filter(
    (grant) => (who === undefined || grant.who === who) && (offered === undefined || offered.includes(grant.name)),
  );
  // An issuer that lists none of them is asked all the same: lists are often incomplete.
  const all = fitting.length > 0 ? fitting : allGrants().filter((grant) => who === undefined || grant.who === who);
  return [...all.filter((grant) => !grant.legacy), ...all.filter((grant) => grant.legacy)];
}

export function grantChoices(who: string | undefined, metadata: Metadata | undefined): readonly Choice[] {
  return grantsFor(who, metadata).map((grant, index): Choice => {
    const icon = grant.legacy ? 'warning' : callers[grant.who].icon;
    const also = metadata ? 'Also offered by this issuer' : 'Other ways';
    return {
      id: grant.name,
      label: grant.label,
      description: grant.shortName ?? grant.name,
      detail: grant.legacy ? `${grant.legacy.warning} ${grant.legacy.instead}` : grant.reason,
      icon,
      group: grant.legacy ? 'Legacy' : index === 0 ? 'Recommended' : also,
    };
  });
}

/**
 * How the client may prove itself; empty when the broker finds it by itself and nothing has to be asked. A service
 * always has a secret; a person's client often has none.
 */
export function clientChoices(grant: Grant, metadata: Metadata | undefined): readonly Choice[] {
  if (!grant.interactive) return [];
  const offered = methodsOf(metadata);
  const all: readonly ClientAuthentication[] = clientAuthentications;
  const usable = all.filter((method) => offered?.includes(method.name) ?? true);
  const open = usable.filter((method) => method.slots.length === 0);
  const secret = usable.filter((method) => method.slots.length > 0);
  return [...open, ...secret].map((method, index) => ({
    id: method.name,
    label: method.label,
    description: method.name,
    detail: method.description,
    icon: method.slots.length === 0 ? 'globe' : 'key',
    group: index === 0 ? 'Recommended' : 'Other ways',
  }));
}

/** `Found idp.example.com: 5 grants, PKCE S256, issuer matches` */
export function toDiscoveryReport({ metadata }: DiscoveredServer): string {
  const count = grantTypesOf(metadata)?.length ?? 0;
  const methods = metadata['code_challenge_methods_supported'];
  const facts = [
    count === 0 ? 'grants not listed' : `${count} ${count === 1 ? 'grant' : 'grants'}`,
    Array.isArray(methods) && methods.includes('S256') ? 'PKCE S256' : 'PKCE not announced',
    'issuer matches',
  ];
  return `Found ${new URL(metadata.issuer.replace(/\{.*?\}/g, 'tenant')).host}: ${facts.join(', ')}`;
}

/** What to ask for at first: a name to show for a person, where the issuer knows OpenID. */
export function initialScope(grant: Grant, metadata: Metadata | undefined): string {
  const known = metadata?.['scopes_supported'];
  if (!grant.interactive || !Array.isArray(known)) return '';
  return ['openid', 'profile', 'email'].filter((scope) => known.includes(scope)).join(' ');
}

function allGrants(): readonly Grant[] {
  return grants;
}

function grantTypesOf(metadata: Metadata | undefined): readonly unknown[] | undefined {
  const listed = metadata?.['grant_types_supported'];
  return Array.isArray(listed) ? listed : undefined;
}

function methodsOf(metadata: Metadata | undefined): readonly unknown[] | undefined {
  const listed = metadata?.['token_endpoint_auth_methods_supported'];
  return Array.isArray(listed) ? listed : undefined;
}
