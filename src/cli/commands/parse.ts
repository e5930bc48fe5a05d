/** `countersign parse FILE...`: its arguments; the work is in `parse-files.ts`, loaded when it is called. */
import { usage } from '../usage.ts';
import type { CliCommand } from './command.ts';

export interface ParseOptions {
  readonly format: string;
  readonly dialect?: string;
  readonly explain?: boolean;
}

export const parse: CliCommand = {
  name: 'parse',
  define(program, exit) {
    program
      .command('parse')
      .description('show how request files are understood, without sending anything')
      .argument('<file...>', 'request files, or - for stdin')
      .option('--format <format>', 'text or json', 'text')
      .option('--dialect <name>', 'the tool the files were written for, instead of telling it from the text')
      .option('--explain', 'each place where the tools disagree: the rule applied, and how the others read it')
      .addHelpText(
        'after',
        '\nExamples:\n  countersign parse orders.http --format json\n  countersign parse orders.http --explain\n',
      )
      .action(async (files: string[], options: ParseOptions) => {
        if (options.format !== 'text' && options.format !== 'json') {
          throw usage(`“${options.format}” is not a format of parse.`, 'Use text or json.');
        }
        exit(await (await import('../parse-files.ts')).parseFiles(files, options));
      });
  },
};
