/**
 * Which credential speaks for a request, whether it may, and what it puts on. The check is against the resolved
 * address, and is made anew for every hop. Source: house.md §4 and §6.3, contracts.md §3–4.
 */
import type {
  AccountDefinition,
  AccountSource,
  AcquireOptions,
  Attachment,
  CredentialPart,
  NamedDefinition,
  NetrcFile,
  OAuth2Definition,
  Scheme,
  SchemeMemo,
  TokenSource,
} from '../credentials/types.ts';
import { requireAccounts } from '../credentials/schemes/account.ts';
import type { Secret } from '../credentials/secret.ts';
import { CountersignError, type Place } from '../errors/countersign-error.ts';
import type { OutgoingRequest } from '../http/types.ts';
import type { Prompts } from '../ports.ts';
import type { Plan } from './plan.ts';
import type { SendInput, UsedCredential } from './types.ts';

/** What the pipeline asks of the vault; an adapter over it, so that the pipeline can be tested with a small fake. */
export interface CredentialBook {
  names(root: string | undefined): Promise<readonly string[]>;
  find(name: string, root: string | undefined): Promise<NamedDefinition | undefined>;
  /** The definition with `default: true` that is bound to this address. */
  defaultFor(
    url: URL,
    root: string | undefined,
    resolveText: (text: string) => Promise<string>,
  ): Promise<NamedDefinition | undefined>;
  /** The definition with its `{{variables}}` replaced; binding and approval are judged on this. */
  resolve(named: NamedDefinition, resolveText: (text: string) => Promise<string>): Promise<NamedDefinition>;
  scheme(named: NamedDefinition): Scheme | undefined;
  /** Undefined when the credential may go there, else the error that says why not. */
  binding(named: NamedDefinition, url: URL): CountersignError | undefined;
  /**
   * @param url where it is to be used; undefined when the address is not known yet
   * @throws CountersignError CS-BIND-APPROVAL when the person does not approve or nobody is there
   */
  ensureApproved(named: NamedDefinition, url: URL | undefined, prompts: Prompts, signal: AbortSignal): Promise<void>;
  /** @throws CountersignError CS-AUTH-SECRET-MISSING */
  secret(named: NamedDefinition, slot: string): Promise<Secret>;
}

export interface Choice {
  readonly named: NamedDefinition;
  readonly chosenBy: UsedCredential['chosenBy'];
}

/**
 * The credential a request asks for: the person's override, its directive, the literal header (then none of ours),
 * or the default of its origin.
 * @throws CountersignError CS-DEF-UNKNOWN
 */
export async function chooseCredential(
  plan: Plan,
  input: Pick<SendInput, 'as' | 'root'>,
  book: CredentialBook,
): Promise<Choice | undefined> {
  if (input.as === 'none') return undefined;
  if (input.as) return { named: await named(input.as.credential, book, input.root), chosenBy: 'override' };
  const asked = plan.options.auth;
  if (asked === 'none') return undefined;
  if (asked !== undefined) {
    return { named: await named(asked, book, input.root, directivePlace(plan)), chosenBy: 'directive' };
  }
  if (hasLiteral(plan)) return undefined;
  const found = await book.defaultFor(plan.target.url, input.root, plan.resolveText);
  return found ? { named: found, chosenBy: 'default' } : undefined;
}

export function hasLiteral(plan: Plan): boolean {
  return plan.headers.some((header) => header.name.toLowerCase() === 'authorization');
}

async function named(
  name: string,
  book: CredentialBook,
  root: string | undefined,
  place?: Place,
): Promise<NamedDefinition> {
  const found = await book.find(name, root);
  if (found) return found;
  const names = await book.names(root);
  const known = names.length === 0 ? 'None is defined here yet.' : `Known: ${names.slice(0, 5).join(', ')}.`;
  throw new CountersignError('CS-DEF-UNKNOWN', `No credential is called “${name.slice(0, 60)}”.`, {
    next: `${known} Check the spelling, or add the credential.`,
    facts: { name, names },
    ...(place === undefined ? {} : { place }),
  });
}

function directivePlace(plan: Plan): Place | undefined {
  const directive = plan.node.directives.find((each) => each.name.toLowerCase() === 'auth');
  return directive ? { ...directive.valueSpan, line: directive.line } : undefined;
}

export interface AuthorizeContext {
  readonly book: CredentialBook;
  readonly tokens: TokenSource;
  readonly prompts: Prompts;
  readonly signal: AbortSignal;
  readonly memo: SchemeMemo;
  readonly accounts?: AccountSource;
  readonly netrc?: () => Promise<NetrcFile>;
  readonly part?: (name: string) => Promise<CredentialPart>;
  /** An access token that was just refused. */
  readonly rejected?: Secret;
}

/**
 * Checks binding, then approval, then asks the scheme. Nothing secret is read before both are passed.
 * @throws CountersignError CS-BIND-ORIGIN, CS-BIND-APPROVAL, CS-AUTH-*
 */
export async function authorize(
  credential: NamedDefinition,
  request: OutgoingRequest,
  context: AuthorizeContext,
): Promise<Attachment> {
  const refused = context.book.binding(credential, request.url);
  if (refused) throw refused;
  if (isAccount(credential)) requireAccounts(credential, context.accounts);
  await context.book.ensureApproved(credential, request.url, context.prompts, context.signal);
  const scheme = context.book.scheme(credential);
  if (!scheme) {
    throw new CountersignError(
      'CS-DEF-SCHEME',
      `The scheme ${credential.definition.scheme.slice(0, 40)} of ${credential.name} is not known here.`,
    );
  }
  const acquire: AcquireOptions = {
    interactive: context.prompts.interactive,
    signal: context.signal,
    ...(context.rejected === undefined ? {} : { rejected: context.rejected }),
  };
  return scheme.prepare({
    credential,
    request: {
      method: request.method,
      url: request.url,
      headers: request.headers,
      bodyBytes: request.body?.length ?? 0,
    },
    secret: (slot = '') => context.book.secret(credential, slot),
    tokens: context.tokens,
    acquire,
    memo: context.memo,
    ...(context.accounts === undefined ? {} : { accounts: context.accounts }),
    ...(context.netrc === undefined ? {} : { netrc: context.netrc }),
    ...(context.part === undefined ? {} : { part: context.part }),
  });
}

export function isAccount(named: NamedDefinition): named is NamedDefinition<AccountDefinition> {
  return named.definition.scheme === 'account';
}

export function isOAuth(named: NamedDefinition): named is NamedDefinition<OAuth2Definition> {
  return named.definition.scheme === 'oauth2';
}
