/**
 * The resolver of one send: the variables room with everything it may look at. Tokens asked for by
 * `{{$auth.token("NAME")}}` go through the same binding check as a directive, since the text around them decides
 * where they would go. Source: house.md §4, dialects.md §11.1.
 */
import { randomUUID } from 'node:crypto';
import type { NamedDefinition } from '../credentials/types.ts';
import { CountersignError, type Place } from '../errors/countersign-error.ts';
import type { RequestFile, Template } from '../language/types.ts';
import { createDefinitionResolver } from './definition-resolver.ts';
import { createResolver } from '../variables/resolver.ts';
import { secret, type Tracked } from '../variables/tracked.ts';
import type { VariableContext } from '../variables/types.ts';
import { acquireAccount } from '../credentials/schemes/account.ts';
import { isAccount, isOAuth } from './authorize.ts';
import type { EngineDeps, RunSettings } from './engine-deps.ts';
import type { Plan } from './plan.ts';
import type { SendInput } from './types.ts';

export interface RequestResolver {
  resolveTemplate(template: Template | string, place?: Place): Promise<Tracked>;
  /** For the fields of a definition; see `createDefinitionResolver`. */
  resolveText(text: string): Promise<string>;
  /** Credentials whose tokens were put into the request by a variable. */
  readonly used: ReadonlyMap<string, NamedDefinition>;
  /** From here on a token is given only for this address; before it is known, the check is made afterwards. */
  bindTo(url: URL): void;
  /** @throws CountersignError CS-AUTH-OTHER-IDENTITY when address or body need a token that this request may not have */
  refuseWithheld(plan: Pick<Plan, 'target' | 'body'>): void;
}

export interface ResolverInput {
  readonly deps: EngineDeps;
  readonly file: RequestFile;
  readonly input: SendInput;
  readonly settings: RunSettings;
  readonly overrides: ReadonlyMap<string, Tracked>;
  /** Answers to the request's `# @prompt` directives. */
  readonly prompted: ReadonlyMap<string, Tracked>;
  /** For a preview: nothing is acquired, tokens are dots. */
  readonly quiet?: boolean;
}

export function createRequestResolver({
  deps,
  file,
  input,
  settings,
  overrides,
  prompted,
  quiet = false,
}: ResolverInput): RequestResolver {
  const used = new Map<string, NamedDefinition>();
  let target: URL | undefined;
  /** Stand-ins of tokens that are somebody else's, where `alone` says so. */
  const withheld = new Map<string, string>();

  const standIn = (name: string): Tracked => {
    const text = `withheld-${randomUUID()}`;
    withheld.set(text, name);
    return secret(text, `${name} token, not sent`);
  };

  const authToken = async (name: string, kind: 'access' | 'id'): Promise<Tracked> => {
    const found = await deps.book.find(name, input.root);
    if (!found) throw new CountersignError('CS-DEF-UNKNOWN', `No credential is called “${name.slice(0, 60)}”.`);
    if (input.alone && (typeof input.as !== 'object' || input.as.credential !== name)) return standIn(name);
    const named = await deps.book.resolve(found, resolveText);
    if (quiet) return secret('not-acquired', `${name} ${kind === 'id' ? 'ID token' : 'access token'}`);
    if (target) await check(named, target);
    await deps.book.ensureApproved(named, target, deps.prompts, input.signal);
    used.set(name, named);
    if (isAccount(named)) {
      const { accessToken } = await acquireAccount(named, deps.accounts, {
        interactive: deps.prompts.interactive,
        signal: input.signal,
      });
      deps.redactor.register(accessToken);
      return secret(accessToken.reveal(), accessToken.label);
    }
    if (!isOAuth(named)) {
      const value = await deps.book.secret(named, '');
      deps.redactor.register(value);
      return secret(value.reveal(), value.label);
    }
    const session = await deps.tokens.acquire(named, { interactive: deps.prompts.interactive, signal: input.signal });
    const token = kind === 'id' ? session.idToken : session.accessToken;
    if (!token) throw new CountersignError('CS-AUTH-TOKEN', `The issuer gave ${name} no ID token.`);
    deps.redactor.register(token);
    return secret(token.reveal(), `${name} ${kind === 'id' ? 'ID token' : 'access token'}`);
  };

  const check = (named: NamedDefinition, url: URL): Promise<void> => {
    const refused = deps.book.binding(named, url);
    return refused ? Promise.reject(refused) : Promise.resolve();
  };

  const context: VariableContext = {
    file,
    path: input.path,
    root: input.root,
    request: input.request,
    environments: input.environments,
    overrides,
    prompted,
    settings: settings.variables,
    captured: deps.captures.forFile(input.path),
    capturedIn: (other) => deps.captures.forFile(other),
    env: deps.env,
    files: deps.files,
    clock: deps.clock,
    random: deps.random,
    prompts: deps.prompts,
    secretByName: async (name) => (await deps.secretByName(name, input.root))?.reveal(),
    authToken,
    remembered: new Map(),
    snapshot: new Map(),
    signal: input.signal,
  };
  const resolver = createResolver(context);
  const resolveText = createDefinitionResolver(context, input.overrides ?? new Map());

  return {
    resolveTemplate: (template, place) => resolver.resolveTemplate(template, place),
    resolveText,
    used,
    bindTo: (url) => void (target = url),
    refuseWithheld({ target: { url }, body }) {
      const left = [url.href, body?.beginning ?? ''];
      const name = [...withheld].find(([text]) => left.some((each) => each.includes(text)))?.[1];
      if (name === undefined) return;
      throw new CountersignError('CS-AUTH-OTHER-IDENTITY', `The request itself holds a token of ${name}.`, {
        facts: { credential: name },
      });
    },
  };
}
