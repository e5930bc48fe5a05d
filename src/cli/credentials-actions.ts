/**
 * `countersign credentials …`: list, add, show, sign in, sign out, remove. Secrets are asked for without echo or read
 * from stdin, and never printed: there is no option that does. Source: contracts.md §4–5, ux.md I3.
 */
import { takesBrowser } from '../credentials/common-fields.ts';
import { Secret } from '../credentials/secret.ts';
import type { NamedDefinition, OAuth2Definition } from '../credentials/types.ts';
import { CountersignError, toCountersignError } from '../errors/countersign-error.ts';
import { acquireAccount } from '../credentials/schemes/account.ts';
import { isAccount, isOAuth } from '../run/authorize.ts';
import { loadCredentialState } from '../run/credential-state.ts';
import { loadWorkspaceDefinitions, type LoadedDefinitions } from '../run/workspace-definitions.ts';
import { span } from '../words/quantities.ts';
import { createDefinitionResolver } from '../run/definition-resolver.ts';
import { parseRequestFile } from '../language/parse-request-file.ts';
import { composeCli } from './compose-cli.ts';
import { reportDefinitionProblems } from './definition-report.ts';
import { provideSecrets } from './environment-secrets.ts';
import { exitCodes } from './exit-codes.ts';
import { findRoot } from './find-root.ts';
import { printable } from './output/terminal-text.ts';
import { toTable } from './output/table.ts';
import { redactedError } from './redacted-error.ts';
import { saveDefinition } from './save-definition.ts';
import { usage } from './usage.ts';
import { writeTrace } from './write-trace.ts';
import type { CheckOptions, CommonOptions, DiscoverOptions, SignOutOptions } from './commands/credentials.ts';

type Composed = Awaited<ReturnType<typeof composeCli>>;

interface Given extends CommonOptions {
  readonly name: string;
  readonly problems: LoadedDefinitions['problems'];
  resolve(named: NamedDefinition): Promise<NamedDefinition>;
}

type Action = (composed: Composed, root: string, given: Given) => Promise<number>;

export const list = (options: CommonOptions): Promise<number> => withVault(options, listAll);
export const show = (options: CommonOptions, name: string): Promise<number> => withVault(options, showOne, name);
export const signIn = (options: CommonOptions, name: string, trace?: string): Promise<number> =>
  withVault(options, (composed, root, given) => signInTraced(composed, root, given, trace), name);
export const signOut = async (options: SignOutOptions, name: string): Promise<number> => {
  const { atIssuer = false, wait = false } = options;
  if (wait && !atIssuer) throw usage('There is nothing to wait for.', 'Use --wait together with --at-issuer.');
  if (!atIssuer) return withVault(options, signOutNow, name);
  return withTokens(options, name, (actions, ...about) => actions.signOutAtIssuer(...about, wait));
};
export const introspect = (options: CommonOptions, name: string, token: string): Promise<number> =>
  withTokens(options, name, (actions, ...about) => actions.introspectOne(...about, token));
export const userInfo = (options: CommonOptions, name: string): Promise<number> =>
  withTokens(options, name, (actions, ...about) => actions.userInfoOf(...about));
export const remove = (options: CommonOptions, name: string): Promise<number> => withVault(options, forget, name);
export const add = (options: CommonOptions, name: string, definition: string | undefined): Promise<number> =>
  withVault(options, (composed, root, given) => addOne(composed, root, given, name, definition));
export const discover = (options: DiscoverOptions, url: string): Promise<number> =>
  withVault(options, async (composed) => (await import('./discover-action.ts')).discoverOne(composed, url, options));

export const check = (options: CheckOptions, name: string | undefined): Promise<number> =>
  withVault(options, (composed, root, given) => checkSome(composed, root, given, options, name));

type TokenActions = typeof import('./token-actions.ts');

/** One thing with the session of an approved credential: tokens and the client's secret go to its provider for it. */
function withTokens(
  options: CommonOptions,
  name: string,
  act: (actions: TokenActions, ...about: [Composed, NamedDefinition<OAuth2Definition>, string]) => Promise<number>,
): Promise<number> {
  return withVault(
    options,
    async (composed, root, given) => {
      const named = await oauth(composed, root, given);
      await composed.vault.ensureApproved(named, undefined, composed.deps.prompts);
      return act(await import('./token-actions.ts'), composed, named, given.format);
    },
    name,
  );
}

/** Opens the vault of the folder the command was started in, does one thing, and closes everything. */
async function withVault(options: CommonOptions, action: Action, name = ''): Promise<number> {
  if (options.format !== 'text' && options.format !== 'json') {
    throw usage(`“${options.format}” is not a format of credentials.`, 'Use text or json.');
  }
  const composed = await composeCli({ caFiles: options.ca, insecure: [], input: true, timeout: 60 });
  try {
    const root = await findRoot(process.cwd(), process.cwd());
    const environments = options.env === undefined ? [] : [options.env];
    const loaded = await loadWorkspaceDefinitions(composed.vault, composed.deps.files, root, environments);
    await reportDefinitionProblems(loaded, composed);
    provideSecrets(options.secret, undefined, composed.vault, process.env);
    const resolveText = createDefinitionResolver(
      {
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
      },
      new Map(),
    );
    const resolve = (named: NamedDefinition): Promise<NamedDefinition> => composed.vault.resolve(named, resolveText);
    return await action(composed, root, { ...options, name, problems: loaded.problems, resolve });
  } catch (error) {
    throw redactedError(toCountersignError(error), (text) => composed.redactor.redact(text));
  } finally {
    await composed.dispose();
  }
}

async function listAll(composed: Composed, root: string, given: Given): Promise<number> {
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
      rows.map((row) => [row.name, row.scheme, row.state, expiryInWords(row.expires, composed), row.origins.join(' ')]),
    ),
  );
  return exitCodes.passed;
}

/** `52 min`, or a dash; the exact time is in the JSON. */
function expiryInWords(expires: string | null, composed: Composed): string {
  if (expires === null) return '-';
  const left = Date.parse(expires) - composed.deps.clock.now();
  return left <= 0 ? 'ended' : span(left);
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

/** Of a client that was registered from here; names of RFC 7591 where there are some. */
function toRegistrationFacts(about: {
  readonly registeredAt: number;
  readonly secretExpiresAt?: number;
}): Record<string, string> {
  const { registeredAt, secretExpiresAt } = about;
  return {
    registered: new Date(registeredAt).toISOString(),
    ...(secretExpiresAt === undefined ? {} : { client_secret_expires_at: new Date(secretExpiresAt).toISOString() }),
  };
}

async function showOne(composed: Composed, root: string, given: Given): Promise<number> {
  const named = await find(composed, root, given);
  const state = await loadCredentialState(named, composed);
  const registered = isOAuth(named) ? await (await composed.clients()).about(named) : undefined;
  const facts = {
    name: named.name,
    ...named.definition,
    ...(registered ? toRegistrationFacts(registered) : {}),
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

async function checkSome(
  composed: Composed,
  root: string,
  given: Given,
  options: CheckOptions,
  name: string | undefined,
): Promise<number> {
  if ((name === undefined) !== (options.all === true)) {
    throw usage(
      name === undefined ? 'Which credential?' : 'One name, or --all.',
      'Name one, or give --all for every credential.',
    );
  }
  const { checkAll } = await import('./check-action.ts');
  if (options.probe === true) {
    if (name === undefined) throw usage('A probe is of one credential.', 'Name one.');
    const { probeOne } = await import('./probe-action.ts');
    return probeOne(composed, await oauth(composed, root, { ...given, name }), given.format);
  }
  if (name !== undefined) {
    const named = await find(composed, root, { ...given, name });
    return checkAll(composed, [named], given.problems, options);
  }
  const found = await composed.vault.definitions(root);
  const all = await Promise.all(found.map((each) => given.resolve(each).catch(() => each)));
  return checkAll(composed, all, given.problems, options);
}

async function addOne(
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
  if (given.format === 'json') answerJson({ name, added: true, pin: named.hash });
  return exitCodes.passed;
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
  if (isAccount(named)) await acquireAccount(named, composed.deps.accounts, { interactive: false });
  throw usage(
    `${named.name} is ${named.definition.scheme}: there is nothing to sign in to.`,
    'Its secret is given with countersign credentials add.',
  );
}

function answerJson(answer: object): void {
  process.stdout.write(`${JSON.stringify(answer)}\n`);
}

/** The trace is written however it ends; a file that cannot be written is said and changes nothing else. */
async function signInTraced(composed: Composed, root: string, given: Given, file: string | undefined): Promise<number> {
  try {
    return await signInNow(composed, root, given);
  } finally {
    const trace = file === undefined ? undefined : composed.broker.trace(given.name);
    if (file !== undefined && trace) await writeTrace(file, trace, (text) => composed.redactor.redact(text));
  }
}

async function signInNow(composed: Composed, root: string, given: Given): Promise<number> {
  const named = await oauth(composed, root, given);
  if (takesBrowser(named.definition.grant) && !composed.deps.prompts.interactive) {
    throw new CountersignError('CS-AUTH-SIGN-IN-NEEDED', `${named.name} needs you to sign in.`, {
      next: `Run countersign credentials sign-in ${named.name} at a terminal.`,
      facts: { name: named.name },
    });
  }
  await composed.vault.ensureApproved(named, undefined, composed.deps.prompts);
  const session = await composed.broker.signIn(named, {});
  const who = session.identity?.label ?? named.definition.client_id;
  const { place } = composed.deps.secretPlace();
  const shown = composed.redactor.redact(who);
  if (given.format === 'json') answerJson({ name: named.name, signedIn: true, identity: shown, kept: place });
  else process.stdout.write(`${named.name} is signed in as ${printable(shown)}. Kept in ${place}.\n`);
  return exitCodes.passed;
}

async function signOutNow(composed: Composed, root: string, given: Given): Promise<number> {
  const named = await oauth(composed, root, given);
  const outcome = await composed.broker.signOut(named);
  if (given.format === 'json') {
    answerJson({ name: named.name, signedIn: false, revoked: outcome.revoked });
    return exitCodes.passed;
  }
  process.stdout.write(
    outcome.revoked
      ? `${named.name} is signed out. Its tokens were revoked and deleted.\n`
      : `${named.name} is signed out here. ${composed.redactor.redact(outcome.message ?? 'Its tokens were not revoked.')}\n`,
  );
  return exitCodes.passed;
}

async function forget(composed: Composed, root: string, given: Given): Promise<number> {
  const named = await find(composed, root, given);
  if (isOAuth(named)) await composed.broker.signOut(named).catch(() => undefined);
  const kept = isOAuth(named) ? await (await composed.clients()).forget(named, root) : undefined;
  if (kept !== undefined) process.stderr.write(`${printable(composed.redactor.redact(kept))}\n`);
  await composed.vault.removeCredential(named);
  if (given.format === 'json') {
    answerJson({ name: named.name, removed: true });
    return exitCodes.passed;
  }
  process.stdout.write(
    named.owner === 'user'
      ? `${named.name} is removed from this machine.\n`
      : `${named.name} and its secrets are removed from this machine. The definition in ${named.file ?? 'the file'} stays.\n`,
  );
  return exitCodes.passed;
}
