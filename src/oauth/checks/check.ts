/**
 * A row of the table of checks: what of a definition, or of the provider behind it, is weaker than best practice says.
 * It looks before anybody signs in; why a sign-in failed is the business of `causes/`. Rows are data: texts whose words
 * in angle brackets are filled from facts, so that docs/checks.md is written from them.
 */
import { toRegisteredGrant, toShortGrant } from '../../credentials/common-fields.ts';
import type { Definition, OAuth2Definition } from '../../credentials/types.ts';
import { findPreset } from '../presets/registry.ts';
import type { Preset } from '../presets/preset.ts';
import { toScopeList } from '../token-answer.ts';
import { toInertText } from '../server-text.ts';

/** What a row may look at. Nothing secret, nothing that was not asked for. */
export interface CheckFacts {
  readonly name: string;
  readonly definition: Definition;
  /** Empty for a scheme that is not OAuth. */
  readonly oauth: Partial<OAuth2Definition>;
  /** Registered name; '' for a scheme that is not OAuth. */
  readonly grant: string;
  /** Named in the definition; undefined when it is chosen at sign-in. */
  readonly method: string | undefined;
  readonly scope: readonly string[];
  /** True for a grant that sends a person to a browser. */
  readonly browser: boolean;
  readonly preset: Preset | undefined;
  /** What the issuer says of itself; undefined when it was not asked. */
  readonly metadata: Readonly<Record<string, unknown>> | undefined;
}

/** Fields to set; undefined takes one out. */
export type Changes = Readonly<Record<string, unknown>>;

export interface Check {
  readonly code: `CS-ADV-${string}`;
  readonly severity: 'error' | 'warning' | 'information';
  /** What is the matter, in a few words. */
  readonly title: string;
  /** `RFC 9700, 2.1.2`. */
  readonly rule: string;
  /** `metadata`: it cannot be told without asking the issuer. */
  readonly asks: 'definition' | 'metadata';
  /** Where it stands; the name of the credential when that field is not there. */
  readonly field: string;
  readonly when: (facts: CheckFacts) => boolean;
  /** The case in one sentence. */
  readonly message: string;
  readonly next: string;
  readonly fix?: { readonly title: string; readonly changes: (facts: CheckFacts) => Changes };
}

export function toCheckFacts(
  name: string,
  definition: Definition,
  metadata?: Readonly<Record<string, unknown>>,
): CheckFacts {
  const oauth: Partial<OAuth2Definition> = definition.scheme === 'oauth2' ? (definition as OAuth2Definition) : {};
  const grant = toRegisteredGrant(oauth.grant ?? '');
  const address = oauth.issuer ?? oauth.token_endpoint ?? oauth.authorization_endpoint ?? '';
  return {
    name,
    definition,
    oauth,
    grant,
    method: oauth.token_endpoint_auth_method,
    scope: toScopeList(oauth.scope),
    browser: grant === 'authorization_code' || grant === 'implicit',
    preset: findPreset(address),
    metadata,
  };
}

/** A list of the metadata; undefined when it says nothing of it. */
export function listed({ metadata }: CheckFacts, name: string): readonly string[] | undefined {
  const value = metadata?.[name];
  return Array.isArray(value) ? value.filter((one): one is string => typeof one === 'string') : undefined;
}

/** True when the metadata was asked and has an address under this name. */
export function offers({ metadata }: CheckFacts, name: string): boolean {
  return typeof metadata?.[name] === 'string';
}

export function originOf(address: unknown): string | undefined {
  return typeof address === 'string' && URL.canParse(address) ? new URL(address).origin : undefined;
}

/** The template with its words filled; a word without a fact stays as it is. */
export function fill(template: string, facts: CheckFacts): string {
  const { oauth, metadata } = facts;
  const list = (name: string): string => toInertText((listed(facts, name) ?? []).join(', '), 160) || 'nothing';
  const words: Readonly<Record<string, string | undefined>> = {
    name: facts.name,
    grant: toShortGrant(facts.grant),
    method: facts.method ?? 'client_secret_basic',
    scope: facts.scope.join(' '),
    issuer: oauth.issuer,
    host: hostOf(oauth.issuer ?? oauth.token_endpoint),
    port: oauth.redirect_port === undefined ? undefined : String(oauth.redirect_port),
    alg: oauth.token_endpoint_auth_signing_alg,
    methods_offered: list('token_endpoint_auth_methods_supported'),
    grants_offered: list('grant_types_supported'),
    challenges_offered: list('code_challenge_methods_supported'),
    scopes_missing: missingScopes(facts).join(' '),
    endpoints_differing: differingEndpoints(facts).join(', '),
    foreign: toInertText(originOf(metadata?.['token_endpoint']) ?? '', 120),
  };
  return template.replace(/<(\w+)>/g, (whole, word: string) => words[word] ?? whole);
}

/** Scopes of the definition that the issuer does not list. */
export function missingScopes(facts: CheckFacts): readonly string[] {
  const supported = listed(facts, 'scopes_supported');
  return supported === undefined ? [] : facts.scope.filter((one) => !supported.includes(one));
}

/** Endpoints that the definition and the metadata both name, and differently. */
export function differingEndpoints({ oauth, metadata }: CheckFacts): readonly string[] {
  return Object.entries(oauth)
    .filter(([name, value]) => /_endpoint$|^jwks_uri$/.test(name) && typeof value === 'string')
    .filter(([name, value]) => typeof metadata?.[name] === 'string' && metadata[name] !== value)
    .map(([name]) => name);
}

function hostOf(address: string | undefined): string {
  return address !== undefined && URL.canParse(address) ? new URL(address).host : 'the identity provider';
}
