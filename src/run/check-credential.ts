/**
 * Checks one definition against best practice, asking its issuer for metadata when that is wanted. Nothing of the
 * credential is sent, no secret is read and nothing is signed in. Source: RFC 9700, RFC 8252, FAPI 2.0, RFC 8414.
 */
import type { NamedDefinition, OAuth2Definition } from '../credentials/types.ts';
import { toCountersignError } from '../errors/countersign-error.ts';
import { checkDefinition, type Advice } from '../oauth/checks/registry.ts';

export interface CheckReport {
  readonly name: string;
  /** The issuer whose metadata was compared; undefined when there is none or it was not asked. */
  readonly asked?: string;
  /** Why the issuer could not be asked. */
  readonly failure?: { readonly code: string; readonly message: string; readonly next: string };
  readonly advice: readonly Advice[];
}

/** Finds the metadata of an issuer; throws what discovery and the network throw. */
export type AskIssuer = (issuer: string) => Promise<{ readonly metadata: Readonly<Record<string, unknown>> }>;

/** @param ask absent: only what the definition itself shows is looked at */
export async function checkCredential(named: NamedDefinition, ask?: AskIssuer): Promise<CheckReport> {
  const { name, definition } = named;
  const { issuer } = definition as Partial<OAuth2Definition>;
  if (ask === undefined || definition.scheme !== 'oauth2' || issuer === undefined) {
    return { name, advice: checkDefinition(name, definition) };
  }
  try {
    const { metadata } = await ask(issuer);
    return { name, asked: issuer, advice: checkDefinition(name, definition, metadata) };
  } catch (error) {
    const { code, message, next } = toCountersignError(error);
    return { name, failure: { code, message, next }, advice: checkDefinition(name, definition) };
  }
}
