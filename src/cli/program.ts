/**
 * The command line: parses arguments and reports the exit code; each command is a file in `commands/`.
 * Source: house.md §5, contracts.md §5.
 */
import { Command, CommanderError, type Option } from 'commander';
import { isCountersignError, toCountersignError, type CountersignError } from '../errors/countersign-error.ts';
import { commands } from './commands/registry.ts';
import { exitCodes } from './exit-codes.ts';

/** @returns the exit code */
export async function runProgram(argv: readonly string[]): Promise<number> {
  const program = new Command('countersign')
    .description('Send the requests of .http files, with credentials that stay secret.')
    .version(process.env['COUNTERSIGN_VERSION'] ?? '0.1.0')
    .configureHelp({
      optionDescription: ({ description, defaultValue }: Option) =>
        typeof defaultValue === 'string' ? `${description} (default: ${defaultValue})` : description,
    })
    .addHelpText(
      'after',
      '\nExamples:\n  countersign run orders.http --env staging\n  countersign parse orders.http --format json\n  countersign credentials sign-in orders\n\nExit codes: 0 all passed, 1 a request, test or check failed, 2 usage or file, 3 a credential is needed.\n',
    )
    .showHelpAfterError('Run with --help to see an example.')
    .exitOverride();
  let code = 0;
  for (const command of commands) {
    command.define(program, (result) => {
      code = result;
    });
  }
  try {
    await program.parseAsync([...argv], { from: 'user' });
    return code;
  } catch (error) {
    if (error instanceof CommanderError) return error.exitCode === 0 ? 0 : exitCodes.usage;
    return report(error);
  }
}

function report(error: unknown): number {
  const known = toCountersignError(error);
  process.stderr.write(`${placeOf(known)}${known.code}: ${known.message}\n${known.next}\n`);
  if (!isCountersignError(error) && process.env['COUNTERSIGN_DEBUG']) process.stderr.write(`${String(error)}\n`);
  return exitCodes.forError(known);
}

/** `file:line:column: `, where the error has a place. */
function placeOf({ place }: CountersignError): string {
  return place?.file === undefined ? '' : `${place.file}:${place.line ?? 1}:${place.column ?? 1}: `;
}
