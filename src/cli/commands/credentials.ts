/**
 * `countersign credentials …`: list, add, show, sign in, sign out, remove. Secrets are asked for without echo or read
 * from stdin, and never printed: there is no option that does. Source: contracts.md §4–5, ux.md I3.
 */
import type { Command } from 'commander';
import { Secret } from '../../credentials/secret.ts';
import type { Definition, NamedDefinition, OAuth2Definition } from '../../credentials/types.ts';
import { CountersignError } from '../../errors/countersign-error.ts';
import { isOAuth } from '../../run/authorize.ts';
import { loadCredentialState } from '../../run/credential-state.ts';
import { loadWorkspaceDefinitions } from '../../run/workspace-definitions.ts';
import { createResolver } from '../../variables/resolver.ts';
import { parseRequestFile } from '../../language/parse-request-file.ts';
import { composeCli } from '../compose-cli.ts';
import { exitCodes } from '../exit-codes.ts';
import { findRoot } from '../find-root.ts';
import { toTable } from '../output/table.ts';
import { collect, type CliCommand } from './command.ts';

type Composed = Awaited<ReturnType<typeof composeCli>>;

interface CommonOptions {
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
      .action(async (options: CommonOptions) => exit(await withVault(options, list)));
    sub('show', 'one credential: where it goes, its state, and the hash for --pin')
      .argument('<name>')
      .addHelpText('after', '\nExample:\n  countersign credentials show orders\n')
      .action(async (name: string, options: CommonOptions) => exit(await withVault(options, show, name)));
    sub('add', 'add a credential of your own, or the secret of one that a file defines')
      .argument('<name>')
      .option('--definition <json>', 'the definition, as in countersign.json')
      .addHelpText(
        'after',
        `\nExample:\n  countersign credentials add weather --definition '{"scheme":"apiKey","in":"header","name":"X-API-Key","origins":["https://api.example.com"]}'\n`,
      )
      .action(async (name: string, options: CommonOptions & { definition?: string }) =>
        exit(await withVault(options, (composed, root, given) => add(composed, root, given, name, options.definition))),
      );
    sub('sign-in', 'sign in now, in your browser where the grant needs a person')
      .argument('<name>')
      .addHelpText('after', '\nExample:\n  countersign credentials sign-in orders\n')
      .action(async (name: string, options: CommonOptions) => exit(await withVault(options, signIn, name)));
    sub('sign-out', 'revoke and forget the tokens of a credential')
      .argument('<name>')
      .addHelpText('after', '\nExample:\n  countersign credentials sign-out orders\n')
      .action(async (name: string, options: CommonOptions) => exit(await withVault(options, signOut, name)));
    sub('remove', 'forget a credential and its secrets on this machine')
      .argument('<name>')
      .addHelpText('after', '\nExample:\n  countersign credentials remove weather\n')
      .action(async (name: string, options: CommonOptions) => exit(await withVault(options, remove, name)));
  },
};

interface Given extends CommonOptions {
  readonly name: string;
  resolve(named: NamedDefinition): Promise<NamedDefinition>;
}

type Action = (composed: Composed, root: string, given: Given) => Promise<number>;

async function withVault(options: CommonOptions, action: Action, name = ''): Promise<number> {
  if (options.format !== 'text' && options.format !== 'json') {
    throw new CountersignError('CS-CLI-USAGE', `“${options.format}” is not a format of credentials.`, {
      next: 'Use text or json.',
    });
  }
  const composed = await composeCli({ caFiles: options.ca, insecure: [], input: true, timeout: 60 });
  try {
    const root = await findRoot(process.cwd(), process.cwd());
    const environments = options.env === undefined ? [] : [options.env];
    await loadWorkspaceDefinitions(composed.vault, composed.deps.files, root, environments);
    for (const pair of options.secret) {
      const [key = '', variable = ''] = pair.split('=');
      composed.vault.provideSecret(key, new Secret(process.env[variable] ?? '', `${key} secret`));
      composed.vault.trustForProcess(key.split('.')[0] as string);
    }
    const resolver = createResolver({
      file: parseRequestFile(''),
      path: undefined,
      root,
      request: undefined,
      environments,
      overrides: new Map(),
      settings: {},
      captured: new Map(),
      env: process.env,
      files: composed.deps.files,
      clock: composed.deps.clock,
      random: composed.deps.random,
    });
    const resolve = (named: NamedDefinition): Promise<NamedDefinition> =>
      composed.vault.resolve(named, async (text) => (await resolver.resolveTemplate(text)).text);
    return await action(composed, root, { ...options, name, resolve });
  } finally {
    await composed.dispose();
  }
}

async function list(composed: Composed, root: string, given: Given): Promise<number> {
  const rows = [];
  for (const found of await composed.vault.definitions(root)) {
    const named = await given.resolve(found).catch(() => found);
    const state = await loadCredentialState(named, composed);
    rows.push({
      name: named.name,
      scheme: named.definition.scheme,
      state: state.short,
      expires: state.session?.expiresAt === undefined ? null : new Date(state.session.expiresAt).toISOString(),
      origins: named.definition.origins,
      owner: named.owner,
    });
  }
  if (given.format === 'json') {
    for (const row of rows) process.stdout.write(`${JSON.stringify(row)}\n`);
    return exitCodes.passed;
  }
  if (rows.length === 0) {
    process.stdout.write('No credential is defined here. Add one with countersign credentials add NAME.\n');
    return exitCodes.passed;
  }
  process.stdout.write(
    toTable(
      ['NAME', 'SCHEME', 'STATE', 'EXPIRES', 'ORIGINS'],
      rows.map((row) => [row.name, row.scheme, row.state, row.expires ?? '', row.origins.join(' ')]),
    ),
  );
  return exitCodes.passed;
}

async function find(composed: Composed, root: string, given: Given): Promise<NamedDefinition> {
  const found = await composed.vault.find(given.name, root);
  if (found) return given.resolve(found);
  const names = await composed.vault.names(root);
  throw new CountersignError('CS-DEF-UNKNOWN', `No credential is called “${given.name.slice(0, 60)}”.`, {
    next:
      names.length > 0
        ? `Known: ${names.join(', ')}.`
        : 'Add it with countersign credentials add NAME --definition JSON.',
  });
}

async function show(composed: Composed, root: string, given: Given): Promise<number> {
  const named = await find(composed, root, given);
  const state = await loadCredentialState(named, composed);
  const facts = {
    name: named.name,
    ...named.definition,
    owner: named.owner,
    ...(named.file === undefined ? {} : { file: named.file }),
    state: state.short,
    kept: state.status.place,
    pin: named.hash,
  };
  if (given.format === 'json') process.stdout.write(`${JSON.stringify(facts)}\n`);
  else {
    for (const [key, value] of Object.entries(facts)) {
      process.stdout.write(`${key.padEnd(28)} ${typeof value === 'string' ? value : JSON.stringify(value)}\n`);
    }
  }
  return exitCodes.passed;
}

async function add(
  composed: Composed,
  root: string,
  given: Given,
  name: string,
  definition: string | undefined,
): Promise<number> {
  if (definition !== undefined) await saveDefinition(composed, name, definition);
  const named = await find(composed, root, { ...given, name });
  await composed.vault.ensureApproved(named, undefined, composed.deps.prompts);
  for (const slot of composed.vault.scheme(named)?.slots(named.definition) ?? []) {
    const value = await readSecret(composed, `${slot.label} of ${name}:`);
    if (value === undefined || value === '') {
      if (!slot.required) continue;
      throw new CountersignError('CS-AUTH-SECRET-MISSING', `${name} was given no ${slot.label}.`, {
        next: 'Run this at a terminal, or pipe the value in.',
      });
    }
    const kept = await composed.vault.setSecret(named, slot.id, new Secret(value, `${name} ${slot.label}`));
    const { place, durable } = composed.deps.secretPlace();
    if (!kept || !durable) {
      throw new CountersignError('CS-STORE-MEMORY', 'This system has no secret store that lasts.', {
        next: 'Use --secret NAME=ENVVAR with run, or install a keyring.',
      });
    }
    process.stderr.write(`Kept in ${place}.\n`);
  }
  return exitCodes.passed;
}

async function saveDefinition(composed: Composed, name: string, text: string): Promise<void> {
  const { parseDefinitions } = await import('../../credentials/definitions.ts');
  const wrapped = `{"credentials":{${JSON.stringify(name)}:${text}}}`;
  const { definitions, problems } = parseDefinitions(wrapped, { owner: 'user' });
  const problem = problems[0];
  const found = definitions[0];
  if (problem || !found) {
    throw new CountersignError(problem?.code ?? 'CS-CLI-USAGE', problem?.message ?? 'The definition is not JSON.', {
      next: 'Write it as in countersign.json, without secrets.',
    });
  }
  await composed.vault.saveDefinition(name, found.definition as Definition);
}

async function readSecret(composed: Composed, prompt: string): Promise<string | undefined> {
  if (!process.stdin.isTTY) {
    const { text } = await import('node:stream/consumers');
    return (await text(process.stdin)).replace(/\r?\n$/, '');
  }
  return composed.deps.prompts.input({ title: prompt, prompt: '', secret: true });
}

async function oauth(composed: Composed, root: string, given: Given): Promise<NamedDefinition<OAuth2Definition>> {
  const named = await find(composed, root, given);
  if (isOAuth(named)) return named;
  throw new CountersignError(
    'CS-CLI-USAGE',
    `${named.name} is ${named.definition.scheme}: there is nothing to sign in to.`,
    {
      next: 'Its secret is given with countersign credentials add.',
    },
  );
}

async function signIn(composed: Composed, root: string, given: Given): Promise<number> {
  const named = await oauth(composed, root, given);
  await composed.vault.ensureApproved(named, undefined, composed.deps.prompts);
  const session = await composed.broker.signIn(named, {});
  const who = session.identity?.label ?? named.definition.client_id;
  const { place } = composed.deps.secretPlace();
  process.stdout.write(`${named.name} is signed in as ${composed.redactor.redact(who)}. Kept in ${place}.\n`);
  return exitCodes.passed;
}

async function signOut(composed: Composed, root: string, given: Given): Promise<number> {
  const named = await oauth(composed, root, given);
  const outcome = await composed.broker.signOut(named);
  process.stdout.write(
    outcome.revoked
      ? `${named.name} is signed out. Its tokens were revoked and deleted.\n`
      : `${named.name} is signed out here. ${composed.redactor.redact(outcome.message ?? 'Its tokens were not revoked.')}\n`,
  );
  return exitCodes.passed;
}

async function remove(composed: Composed, root: string, given: Given): Promise<number> {
  const named = await find(composed, root, given);
  if (isOAuth(named)) await composed.broker.signOut(named).catch(() => undefined);
  await composed.vault.removeCredential(named);
  process.stdout.write(
    named.owner === 'user'
      ? `${named.name} is removed from this machine.\n`
      : `${named.name} and its secrets are removed from this machine. The definition in ${named.file ?? 'the file'} stays.\n`,
  );
  return exitCodes.passed;
}
