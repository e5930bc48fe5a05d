/** The table of checks, and what they find in one definition. docs/checks.md is written from it. Pure. */
import type { Definition } from '../../credentials/types.ts';
import { clientChecks } from './client.ts';
import { fill, toCheckFacts, type Changes, type Check } from './check.ts';
import { fapiChecks } from './fapi.ts';
import { grantChecks } from './grants.ts';
import { issuerChecks } from './issuers.ts';
import { redirectChecks } from './redirects.ts';
import { tokenChecks } from './tokens.ts';

export const checks: readonly Check[] = [
  ...grantChecks,
  ...clientChecks,
  ...tokenChecks,
  ...redirectChecks,
  ...issuerChecks,
  ...fapiChecks,
];

/** What a check says of one definition. */
export interface Advice {
  readonly code: string;
  readonly severity: Check['severity'];
  readonly message: string;
  readonly next: string;
  readonly rule: string;
  readonly field: string;
  readonly fix?: { readonly title: string; readonly changes: Changes };
}

const ranks = { error: 0, warning: 1, information: 2 } as const;

/**
 * The worst first. Nothing is asked of anybody.
 * @param metadata what the issuer says of itself; without it only what the definition itself shows is looked at
 */
export function checkDefinition(
  name: string,
  definition: Definition,
  metadata?: Readonly<Record<string, unknown>>,
): readonly Advice[] {
  const facts = toCheckFacts(name, definition, metadata);
  return checks
    .filter((check) => (check.asks === 'definition' || metadata !== undefined) && check.when(facts))
    .map((check) => {
      const changes = check.fix?.changes(facts) ?? {};
      const { code, severity, rule, field } = check;
      return {
        code,
        severity,
        message: fill(check.message, facts),
        next: fill(check.next, facts),
        rule,
        field,
        ...(check.fix === undefined || Object.keys(changes).length === 0
          ? {}
          : { fix: { title: check.fix.title, changes } }),
      };
    })
    .sort((one, other) => ranks[one.severity] - ranks[other.severity]);
}
