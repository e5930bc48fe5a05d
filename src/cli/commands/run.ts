/**
 * `countersign run FILE...`: its arguments. What it does is in `run-files.ts`, loaded when it is called.
 * Source: house.md §5, contracts.md §4–5.
 */
import { outputFormats } from '../output/registry.ts';
import { collect, type CliCommand } from './command.ts';

export interface RunOptions {
  readonly name?: string;
  readonly line?: string;
  readonly env: readonly string[];
  readonly var: readonly string[];
  readonly format: string;
  readonly output?: string;
  readonly body: boolean;
  readonly ca: readonly string[];
  readonly insecure: readonly string[];
  readonly resolve: readonly string[];
  readonly secret: readonly string[];
  readonly pin?: string;
  readonly as?: string;
  readonly input: boolean;
  readonly timeout: string;
}

export const run: CliCommand = {
  name: 'run',
  define(program, exit) {
    program
      .command('run')
      .description('send the requests of request files')
      .argument('<file...>', 'request files, or - for stdin')
      .option('--name <name>', 'only the request of this name')
      .option('--line <line>', 'only the request at this line')
      .option('--env <name>', 'environment to take variables from (repeatable, the first wins)', collect, [])
      .option('--var <key=value>', 'set a variable (repeatable)', collect, [])
      .option('--format <format>', outputFormats.map(({ id }) => id).join(', '), 'text')
      .option('--output <file>', 'write the report to a file')
      .option('--body', 'include response bodies (json)', false)
      .option('--ca <file>', 'also trust this PEM file of authorities (repeatable)', collect, [])
      .option('--insecure <origin>', 'do not verify the certificate of this origin (repeatable)', collect, [])
      .option('--resolve <host:port:address>', 'connect there instead of asking name servers (repeatable)', collect, [])
      .option(
        '--secret <name=ENVVAR>',
        'take a credential’s secret from an environment variable, and approve it',
        collect,
        [],
      )
      .option('--pin <sha256>', 'refuse a credential whose definition has another hash')
      .option('--as <credential>', 'send as this credential, or none; several with commas are compared')
      .option('--no-input', 'never ask and never open a browser')
      .option('--timeout <seconds>', 'longest wait for an answer; 0 for none', '0')
      .addHelpText(
        'after',
        '\nExamples:\n  countersign run orders.http --env staging\n  countersign run orders.http --name list --secret batch=BATCH_SECRET --format json\n  countersign run orders.http --name list --as admin,user,none\n\nExit codes: 0 all passed, 1 a request or test failed, 2 usage or file, 3 a credential is needed.\n',
      )
      .action(async (files: string[], options: RunOptions) =>
        exit(await (await import('../run-files.ts')).runFiles(files, options)),
      );
  },
};
