/**
 * The definition that findings lead to, in the form of countersign.json, with a sentence for each choice that was made.
 * Pure: nothing is registered, saved or approved by it. Source: contracts.md §3; RFC 9728 §2; RFC 8707 §2; auth.md §1.2
 * (the order of clients: one's own, a metadata document, registration).
 */
import { newDefinition } from '../../credentials/new-definition.ts';
import type { OAuth2Definition, Definition } from '../../credentials/types.ts';
import type { Grant } from '../grants/grant.ts';
import { findGrant, grants } from '../grants/registry.ts';
import type { ApiFindings, IssuerFindings } from './findings.ts';

/** Where the `client_id` comes from. */
export type ClientSource = 'own' | 'document' | 'registration';

export interface ProposalChoice {
  /** Scheme to propose; the first recommendation when absent. */
  readonly scheme?: string;
  /** The issuer a person chose, as the findings name it; the first that can be used when absent. */
  readonly issuer?: string;
  /** A registered client, or the https address of a client metadata document. */
  readonly client_id?: string;
  /** Registered grant name; by what the issuer offers when absent. */
  readonly grant?: string;
  /** Instead of what the API asks for. */
  readonly scope?: string;
}

export interface Proposal {
  /** Complete but for `missing`; `client_id` is '' then. */
  readonly definition: Definition;
  /** Fields a person or a registration still has to give. */
  readonly missing: readonly string[];
  /** Ways to a client, best first; empty for schemes without one. */
  readonly clients: readonly ClientSource[];
  /** Undefined for schemes that sign in nowhere. */
  readonly issuer?: IssuerFindings;
  /** One sentence each, for the choices that were made. */
  readonly reasons: readonly string[];
}

/** Undefined when there is nothing to propose: no scheme that is known here is asked for. */
export function toProposal(findings: ApiFindings, choice: ProposalChoice = {}): Proposal | undefined {
  const scheme = choice.scheme ?? findings.recommendations[0]?.scheme;
  if (scheme === undefined) return undefined;
  const reasons = findings.recommendations.filter((one) => one.scheme === scheme).map(({ reason }) => reason);
  if (scheme !== 'oauth2') return toPlain(scheme, findings, reasons);
  const issuer = findIssuer(findings, choice.issuer);
  return issuer ? toSignIn(findings, issuer, choice, reasons) : undefined;
}

/** For schemes that take a secret the person has: what the challenge says of it, and what the scheme wants besides. */
function toPlain(scheme: string, { challenges, origin }: ApiFindings, reasons: readonly string[]): Proposal {
  const said = challenges.find((challenge) => challenge.answeredBy === scheme && challenge.key)?.key;
  const fields = scheme === 'apiKey' ? (said ?? { in: 'header' }) : {};
  const made = newDefinition(scheme, { ...fields, origins: [origin] });
  if (made.ok) return { definition: made.definition, missing: [], clients: [], reasons };
  const missing = made.problems.map(({ field }) => field).filter((field) => field !== undefined);
  return { definition: { scheme, ...fields, origins: [origin] }, missing, clients: [], reasons };
}

/** The one a person chose, else the first whose metadata can be used. */
function findIssuer({ issuers }: ApiFindings, chosen: string | undefined): IssuerFindings | undefined {
  if (chosen === undefined) return issuers.find(({ server }) => server !== undefined);
  const same = (one: string): boolean => one === chosen || one === `${chosen}/` || `${one}/` === chosen;
  return issuers.find(({ issuer, server }) => server !== undefined && (same(issuer) || same(server.metadata.issuer)));
}

function toSignIn(
  findings: ApiFindings,
  issuer: IssuerFindings,
  choice: ProposalChoice,
  recommended: readonly string[],
): Proposal {
  const reasons = [...recommended];
  const grant = choice.grant ?? toGrant(issuer);
  const interactive = findGrant(grant)?.interactive ?? false;
  const reason = findGrant(grant)?.reason;
  if (reason) reasons.push(reason);
  const scope = choice.scope ?? toScope(findings, issuer, interactive);
  const { resource } = findings;
  if (resource) reasons.push(`Tokens are asked for ${resource.resource} alone (RFC 8707).`);
  const bound = resource?.dpopRequired === true || findings.challenges[0]?.scheme === 'DPoP';
  if (bound) reasons.push('The API takes only tokens that are bound to a key (RFC 9449).');
  const definition: OAuth2Definition = {
    scheme: 'oauth2',
    grant,
    issuer: toIssuerName(issuer),
    client_id: choice.client_id ?? '',
    ...(scope === '' ? {} : { scope }),
    ...(resource ? { resource: resource.resource } : {}),
    ...(bound ? { dpop_bound_access_tokens: true } : {}),
    origins: [findings.origin],
  };
  return {
    definition,
    missing: choice.client_id === undefined ? ['client_id'] : [],
    clients: toClientSources(issuer),
    issuer,
    reasons,
  };
}

/** As it names itself, but for the one provider whose metadata names a pattern. */
function toIssuerName({ issuer, server }: IssuerFindings): string {
  const claimed = server?.metadata.issuer ?? issuer;
  return claimed.includes('{') ? issuer : claimed;
}

/** The first grant of the registry that the issuer offers: it is kept in the order to recommend. */
function toGrant({ facts }: IssuerFindings): string {
  const offered = facts?.grants;
  const all: readonly Grant[] = grants;
  const usable = all.filter((grant) => !grant.legacy && grant.name !== 'refresh_token');
  return usable.find((grant) => offered?.includes(grant.name) ?? true)?.name ?? 'authorization_code';
}

/** What this request needs where the API says so, else all that its metadata lists; and a name to show for a person. */
function toScope({ challenges, resource }: ApiFindings, { facts }: IssuerFindings, interactive: boolean): string {
  const asked = challenges.flatMap(({ scope }) => scope);
  const wanted = asked.length > 0 ? asked : (resource?.scopes ?? []);
  const named = interactive ? ['openid', 'profile'].filter((one) => facts?.scopes?.includes(one)) : [];
  return [...new Set([...named, ...wanted])].join(' ');
}

function toClientSources({ facts }: IssuerFindings): readonly ClientSource[] {
  return [
    'own',
    ...(facts?.clientIdMetadataDocument ? (['document'] as const) : []),
    ...(facts?.registration ? (['registration'] as const) : []),
  ];
}
