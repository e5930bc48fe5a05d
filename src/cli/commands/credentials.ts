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

export interface DiscoverOptions extends CommonOptions {
  readonly add?: string;
  readonly issuer?: string;
  readonly clientId?: string;
  readonly register?: boolean;
  readonly scheme?: string;
  readonly grant?: string;
  readonly scope?: string;
}

export interface CheckOptions extends CommonOptions {
  readonly all?: boolean;
  readonly offline?: boolean;
  readonly probe?: boolean;
}

export interface SignOutOptions extends CommonOptions {
  readonly atIssuer?: boolean;
  readonly wait?: boolean;
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
    sub('discover', 'from the URL of an API: what it asks for, who signs in for it, and the definition that follows')
      .argument('<url>')
      .option('--add <name>', 'make the definition one of your own')
      .option('--issuer <issuer>', 'the identity provider you agree to, as the API names it')
      .option('--client-id <id>', 'a registered client, or the address of your client metadata document')
      .option('--register', 'let the identity provider register a client (RFC 7591)')
      .option('--scheme <scheme>', 'propose this scheme instead of the first')
      .option('--grant <grant>', 'propose this grant')
      .option('--scope <scope>', 'ask for this scope instead of what the API names')
      .addHelpText(
        'after',
        '\nExamples:\n  countersign credentials discover https://api.example.com/orders\n  countersign credentials discover https://api.example.com/orders --add orders --register\n',
      )
      .action(async (url: string, options: DiscoverOptions) => exit(await (await actions()).discover(options, url)));
    sub('check', 'definitions against best practice and their issuers’ metadata; exit 1 when there is an error')
      .argument('[name]')
      .option('--all', 'every credential that can be used here')
      .option('--offline', 'ask no issuer: only what the definition itself shows')
      .option('--probe', 'see what the issuer enforces; you sign in two or three times, after a yes')
      .addHelpText(
        'after',
        '\nExamples:\n  countersign credentials check orders\n  countersign credentials check --all --offline --format json\n  countersign credentials check orders --probe\n',
      )
      .action(async (name: string | undefined, options: CheckOptions) =>
        exit(await (await actions()).check(options, name)),
      );
    sub('sign-in', 'sign in now, in your browser where the grant needs a person')
      .argument('<name>')
      .option('--trace <file>', 'write what was sent and received, without secrets, to this file')
      .addHelpText('after', '\nExample:\n  countersign credentials sign-in orders --trace orders-trace.txt\n')
      .action(async (name: string, options: CommonOptions & { trace?: string }) =>
        exit(await (await actions()).signIn(options, name, options.trace)),
      );
    sub('sign-out', 'revoke and forget the tokens of a credential')
      .argument('<name>')
      .option('--at-issuer', 'also open the page where the identity provider ends its own session')
      .option('--wait', 'until the browser is back; needs 127.0.0.1 among the client’s post_logout_redirect_uris')
      .addHelpText(
        'after',
        '\nExamples:\n  countersign credentials sign-out orders\n  countersign credentials sign-out orders --at-issuer\n',
      )
      .action(async (name: string, options: SignOutOptions) => exit(await (await actions()).signOut(options, name)));
    sub('introspect', 'ask the identity provider whether a token is active, and what it says of it (RFC 7662)')
      .argument('<name>')
      .option('--token <kind>', 'access or refresh', 'access')
      .addHelpText(
        'after',
        '\nExamples:\n  countersign credentials introspect orders\n  countersign credentials introspect orders --token refresh --format json\n',
      )
      .action(async (name: string, options: CommonOptions & { token: string }) =>
        exit(await (await actions()).introspect(options, name, options.token)),
      );
    sub('userinfo', 'ask the identity provider who is signed in (OpenID Connect)')
      .argument('<name>')
      .addHelpText('after', '\nExample:\n  countersign credentials userinfo orders --format json\n')
      .action(async (name: string, options: CommonOptions) => exit(await (await actions()).userInfo(options, name)));
    sub('remove', 'forget a credential and its secrets on this machine')
      .argument('<name>')
      .addHelpText('after', '\nExample:\n  countersign credentials remove weather\n')
      .action(async (name: string, options: CommonOptions) => exit(await (await actions()).remove(options, name)));
  },
};

const actions = () => import('../credentials-actions.ts');
