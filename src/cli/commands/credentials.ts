/**
 * `countersign credentials …`: its arguments. What each does is in `credentials-actions.ts`, loaded when it is called.
 * Source: contracts.md §4–5, ux.md I3.
 */
import type { Command } from 'commander';
import { collect, type CliCommand } from './command.ts';

export interface CommonOptions {
  readonly env?: string;
  readonly ca: readonly string[];
  readonly secret: readonly string[];
  readonly format: string;
}

export const credentials: CliCommand = {
  name: 'credentials',
  define(program, exit) {
    const group = program
      .command('credentials')
      .description('look at and manage credentials')
      .addHelpText(
        'after',
        '\nExamples:\n  countersign credentials list\n  countersign credentials sign-in orders --env staging\n',
      );
    const sub = (name: string, description: string): Command =>
      group
        .command(name)
        .description(description)
        .option('--env <name>', 'environment to take variables from')
        .option('--ca <file>', 'also trust this PEM file of authorities (repeatable)', collect, [])
        .option('--secret <name=ENVVAR>', 'take a secret from an environment variable', collect, [])
        .option('--format <format>', 'text or json', 'text');
    sub('list', 'every credential that can be used here')
      .addHelpText('after', '\nExample:\n  countersign credentials list --format json\n')
      .action(async (options: CommonOptions) => exit(await (await actions()).list(options)));
    sub('show', 'one credential: where it goes, its state, and the hash for --pin')
      .argument('<name>')
      .addHelpText('after', '\nExample:\n  countersign credentials show orders\n')
      .action(async (name: string, options: CommonOptions) => exit(await (await actions()).show(options, name)));
    sub('add', 'add a credential of your own, or the secret of one that a file defines')
      .argument('<name>')
      .option('--definition <json>', 'the definition, as in countersign.json')
      .addHelpText(
        'after',
        `\nExample:\n  countersign credentials add weather --definition '{"scheme":"apiKey","in":"header","name":"X-API-Key","origins":["https://api.example.com"]}'\n`,
      )
      .action(async (name: string, options: CommonOptions & { definition?: string }) =>
        exit(await (await actions()).add(options, name, options.definition)),
      );
    sub('sign-in', 'sign in now, in your browser where the grant needs a person')
      .argument('<name>')
      .addHelpText('after', '\nExample:\n  countersign credentials sign-in orders\n')
      .action(async (name: string, options: CommonOptions) => exit(await (await actions()).signIn(options, name)));
    sub('sign-out', 'revoke and forget the tokens of a credential')
      .argument('<name>')
      .addHelpText('after', '\nExample:\n  countersign credentials sign-out orders\n')
      .action(async (name: string, options: CommonOptions) => exit(await (await actions()).signOut(options, name)));
    sub('remove', 'forget a credential and its secrets on this machine')
      .argument('<name>')
      .addHelpText('after', '\nExample:\n  countersign credentials remove weather\n')
      .action(async (name: string, options: CommonOptions) => exit(await (await actions()).remove(options, name)));
  },
};

const actions = () => import('../credentials-actions.ts');
