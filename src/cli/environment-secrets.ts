/**
 * `--secret NAME=ENVVAR`: secrets from the environment, for this process. What stands after the `=` is never repeated
 * when it cannot be the name of a variable: somebody may have put the secret itself there. Source: contracts.md §4.
 */
import { Secret } from '../credentials/secret.ts';
import type { Vault } from '../credentials/vault.ts';
import { CountersignError } from '../errors/countersign-error.ts';

const form = 'Write --secret NAME=ENVVAR, with the name of a variable.';
const variableName = /^[A-Za-z_][A-Za-z0-9_]*$/;
const plainName = /^[A-Z_][A-Z0-9_]{0,40}$/;

/**
 * Gives the vault each secret and approves its credential as it stands.
 * @param pin when given, only the definition of this hash
 * @throws CountersignError CS-CLI-USAGE, CS-AUTH-SECRET-MISSING
 */
export function provideSecrets(
  pairs: readonly string[],
  pin: string | undefined,
  vault: Pick<Vault, 'provideSecret' | 'trustForProcess'>,
  env: Readonly<Record<string, string | undefined>>,
): void {
  for (const pair of pairs) {
    const at = pair.indexOf('=');
    const name = pair.slice(0, Math.max(0, at));
    const variable = pair.slice(at + 1);
    if (at < 1) throw new CountersignError('CS-CLI-USAGE', 'A --secret is not NAME=ENVVAR.', { next: form });
    if (!variableName.test(variable)) {
      throw new CountersignError('CS-CLI-USAGE', `The --secret of ${name.slice(0, 60)} names no variable.`, {
        next: `${form} A secret itself does not belong on a command line.`,
      });
    }
    const value = env[variable];
    if (value === undefined || value === '') {
      const shown = plainName.test(variable) ? `variable ${variable}` : 'variable';
      throw new CountersignError('CS-AUTH-SECRET-MISSING', `The environment ${shown} for ${name} is not set.`, {
        next: 'Set it, or name another variable with --secret.',
      });
    }
    const credential = name.split('.')[0] as string;
    vault.provideSecret(name, new Secret(value, `${credential} secret`));
    vault.trustForProcess(credential, pin);
  }
}
