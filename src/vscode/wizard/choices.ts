/**
 * What the wizard offers, made from the registries, an issuer's metadata and what an API says: adding a scheme, a grant
 * or a client authentication there adds it here. Only the grouping by who calls is this file's own. Pure.
 * Source: design.md D1.3, RFC 8414 §2.
 */
import { toShownText } from '../../credentials/shown-text.ts';
import { schemes, schemeOf } from '../../credentials/schemes/registry.ts';
import type { Scheme } from '../../credentials/types.ts';
import type { ApiFindings } from '../../oauth/api-discovery/findings.ts';
import type { DiscoveredServer } from '../../oauth/discovery.ts';
import type { Grant } from '../../oauth/grants/grant.ts';
import { grants } from '../../oauth/grants/registry.ts';
import {
  grantTypesOf,
  offersS256,
  recommendClientAuthentications,
  recommendGrants,
  type Recommended,
} from '../../oauth/recommend.ts';

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

/** `issuer`, `api`, `text`, `who:person`, `scheme:apiKey`: what a person has, who calls, or the scheme; the long list last. */
export function firstChoices(): readonly Choice[] {
  const have = 'Start from what you have';
  const known: readonly Choice[] = [
    { id: 'issuer', label: 'An issuer URL', description: 'sign-in is found from it', icon: 'globe', group: have },
    { id: 'api', label: 'An API URL', description: 'ask the API how it wants to be called', icon: 'link', group: have },
    {
      id: 'text',
      label: 'A curl command or another tool’s definition',
      description: 'JetBrains, httpYac',
      icon: 'terminal',
      group: have,
    },
  ];
  const kept = schemes
    .filter((scheme) => !isSignInScheme(scheme))
    .map((scheme): Choice => {
      const { id, label, description, icon } = scheme;
      return { id: `scheme:${id}`, label, description, icon, group: 'Or choose how the API wants it' };
    });
  const all: readonly Grant[] = grants;
  const who = [...new Set(all.map((grant) => grant.who))].map((each): Choice => ({
    id: `who:${each}`,
    group: 'Or say who is calling',
    ...callers[each],
  }));
  return [...known, ...who, ...kept];
}

/** The ways an issuer offers, the recommended one first. @param who undefined when nobody said who calls */
export function grantChoices(who: string | undefined, metadata: Metadata | undefined): readonly Choice[] {
  return recommendGrants(who, metadata).map((each, index) => toGrantChoice(each, index, metadata !== undefined));
}

function toGrantChoice({ choice, reason }: Recommended<Grant>, index: number, offered: boolean): Choice {
  const also = offered ? 'Also offered by this issuer' : 'Other ways';
  return {
    id: choice.name,
    label: choice.label,
    description: choice.shortName ?? choice.name,
    detail: reason,
    icon: choice.legacy ? 'warning' : callers[choice.who].icon,
    group: choice.legacy ? 'Legacy' : index === 0 ? 'Recommended' : also,
  };
}

/**
 * The ways into an API, best first: `issuer:0:authorization_code`, `scheme:apiKey`, and `other-issuer` when the API
 * takes tokens and names nobody that gives them.
 */
export function apiChoices(findings: ApiFindings): readonly Choice[] {
  const ways = findings.recommendations.flatMap(({ scheme, reason }) =>
    scheme === 'oauth2' ? issuerChoices(findings) : [toSchemeChoice(scheme, reason)],
  );
  const known = new Set(ways.map(({ id }) => id));
  const others = schemes
    .filter((scheme) => !isSignInScheme(scheme) && !known.has(`scheme:${scheme.id}`))
    .map(({ id, description }) => toSchemeChoice(id, description));
  const signIn: Choice = {
    id: 'other-issuer',
    label: 'Sign in at an issuer you name',
    detail: 'The API does not say where its tokens come from; its documentation does.',
    icon: 'globe',
    group: '',
  };
  const all = ways.some(({ id }) => id.startsWith('issuer:')) ? [...ways, ...others] : [...ways, signIn, ...others];
  const first = findings.recommendations.length > 0;
  const asked = new Set(ways.map(({ id }) => id));
  return all.map((each, index) => ({
    ...each,
    group: index === 0 && first ? 'Recommended' : asked.has(each.id) ? 'Also offered' : 'Something else',
  }));
}

function issuerChoices({ issuers }: ApiFindings): readonly Choice[] {
  return issuers.flatMap((issuer, index) => {
    const metadata = issuer.server?.metadata;
    if (!metadata) return [];
    const all = recommendGrants(undefined, metadata).filter(({ choice }) => !choice.legacy);
    // Of the second issuer on, its best way alone: the list is to be read.
    return (index === 0 ? all : all.slice(0, 1)).map((each, position): Choice => {
      const choice = toGrantChoice(each, position, true);
      const named = issuer.namedBy === 'resource' && position === 0 ? ', named by the API' : '';
      return { ...choice, id: `issuer:${index}:${choice.id}`, description: `at ${issuer.origin}${named}` };
    });
  });
}

function toSchemeChoice(id: string, reason: string): Choice {
  const scheme = schemeOf({ scheme: id });
  return {
    id: `scheme:${id}`,
    label: scheme?.label ?? toShownText(id, 40),
    detail: reason,
    icon: scheme?.icon ?? 'key',
    group: '',
  };
}

/** How the client may prove itself, the recommended way first; empty when nothing has to be asked. */
export function clientChoices(grant: Grant, metadata: Metadata | undefined): readonly Choice[] {
  return recommendClientAuthentications(grant, metadata).map(({ choice, reason }, index) => ({
    id: choice.name,
    label: choice.label,
    description: choice.name,
    detail: reason,
    icon: choice.slots.length === 0 ? 'globe' : 'key',
    group: index === 0 ? 'Recommended' : 'Other ways',
  }));
}

/** `Found idp.example.com: 5 grants, PKCE S256, issuer matches` */
export function toDiscoveryReport({ metadata }: DiscoveredServer): string {
  const count = grantTypesOf(metadata)?.length ?? 0;
  const facts = [
    count === 0 ? 'grants not listed' : `${count} ${count === 1 ? 'grant' : 'grants'}`,
    offersS256(metadata) ? 'PKCE S256' : 'PKCE not announced',
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
