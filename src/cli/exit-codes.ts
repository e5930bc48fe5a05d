/** Exit codes of the CLI. Source: house.md §5. */
import type { CountersignError } from '../errors/countersign-error.ts';

const credentialNeeded = new Set([
  'CS-AUTH-SECRET-MISSING',
  'CS-AUTH-SIGN-IN-NEEDED',
  'CS-AUTH-ACCOUNT',
  'CS-BIND-APPROVAL',
  'CS-DEF-UNKNOWN',
]);

export const exitCodes = {
  passed: 0,
  failed: 1,
  usage: 2,
  credentialNeeded: 3,
  /** 3 where a person has to give or approve a credential, 2 for files and usage, 1 for everything else. */
  forError(error: CountersignError): number {
    if (credentialNeeded.has(error.code)) return 3;
    if (error.code === 'CS-PARSE-NO-REQUEST' || error.code === 'CS-TLS-CA-FILE') return 2;
    return /^CS-(CLI|FILE|STORE)-/.test(error.code) && error.code !== 'CS-CLI-INTERNAL' ? 2 : 1;
  },
} as const;
