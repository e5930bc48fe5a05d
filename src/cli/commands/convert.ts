/** `countersign convert FILE... --to NAME`: its arguments. What it does is in `convert-action.ts`. Source: house.md §5. */
import { collect, type CliCommand } from './command.ts';

export interface ConvertOptions {
  readonly to: string;
  readonly name?: string;
  readonly line?: string;
  readonly env: readonly string[];
  readonly var: readonly string[];
  readonly output?: string;
}

export const convert: CliCommand = {
  name: 'convert',
  define(program, exit) {
    program
      .command('convert')
      .description('write requests for another tool, secrets as environment variables, without sending anything')
      .argument('<file...>', 'request files, or - for stdin')
      .requiredOption('--to <name>', 'curl or python')
      .option('--name <name>', 'only the request of this name')
      .option('--line <line>', 'only the request at this line')
      .option('--env <name>', 'environment to take variables from (repeatable, the first wins)', collect, [])
      .option('--var <key=value>', 'set a variable (repeatable)', collect, [])
      .option('--output <file>', 'write to a file')
      .addHelpText(
        'after',
        '\nExamples:\n  countersign convert orders.http --to curl --env staging\n  countersign convert orders.http --name list --to python --output list.py\n',
      )
      .action(async (files: string[], options: ConvertOptions) =>
        exit(await (await import('../convert-action.ts')).convertFiles(files, options)),
      );
  },
};
