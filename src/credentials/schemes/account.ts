/**
 * An account that VS Code itself is signed in to (GitHub, Microsoft, any provider by its id): its access token in
 * `Authorization: Bearer`. VS Code keeps the session and asks for consent; nothing of it is stored here. Bound to
 * origins like every other credential. Source: contracts.md §3; VS Code API, `authentication.getSession`.
 */
import { CountersignError } from '../../errors/countersign-error.ts';
import type { AccountDefinition, AccountRequest, AccountSession, AccountSource, Scheme } from '../types.ts';
import { toShownText } from '../shown-text.ts';
import { tokenProblem } from './token-syntax.ts';

const providerId = /^[A-Za-z0-9][A-Za-z0-9._-]{0,99}$/;

export const account: Scheme<AccountDefinition> = {
  id: 'account',
  label: 'Account of VS Code',
  description: 'An account that VS Code is signed in to, such as GitHub or Microsoft; sent as Authorization: Bearer.',
  icon: 'account',
  fields: [
    {
      name: 'provider',
      label: 'Provider',
      description: 'Id of the authentication provider: github, microsoft, or that of an extension.',
      type: 'string',
      required: true,
      example: 'github',
    },
    {
      name: 'scopes',
      label: 'Scopes',
      description: 'Asked for at the provider, in its own words.',
      type: 'string[]',
      example: 'repo',
    },
  ],
  slots: () => [],
  secretUse: () => ({ as: 'as Authorization: Bearer' }),
  check(definition) {
    const provider: unknown = definition.provider;
    if (typeof provider !== 'string' || provider === '') return [];
    const plain = provider.replace(/\{\{[^{}]*\}\}/g, 'x');
    if (!providerId.test(plain)) return [{ field: 'provider', message: '“provider” is no id of a provider.' }];
    // Its sessions are of our own credentials, each of which has a binding of its own.
    if (plain.toLowerCase() === 'countersign') {
      return [{ field: 'provider', message: '“provider” is Countersign itself: name the other credential instead.' }];
    }
    return [];
  },
  async prepare({ credential, accounts, acquire }) {
    const session = await acquireAccount(credential, accounts, acquire);
    return {
      headers: [{ name: 'Authorization', prefix: 'Bearer ', value: session.accessToken }],
      query: [],
      cookies: [],
      identity: { label: toShownText(session.account, 100), verified: false },
    };
  },
};

/** What a definition asks VS Code for. */
export function toAccountRequest({ provider, scopes = [] }: AccountDefinition): AccountRequest {
  const list = typeof scopes === 'string' ? scopes.split(/\s+/) : scopes;
  return { provider, scopes: list.filter((scope) => scope !== '') };
}

/** @throws CountersignError CS-AUTH-ACCOUNT where there is no VS Code; then nobody needs to approve anything either */
export function requireAccounts(
  { name, definition }: { readonly name: string; readonly definition: AccountDefinition },
  accounts: AccountSource | undefined,
): asserts accounts is AccountSource {
  if (accounts) return;
  throw new CountersignError('CS-AUTH-ACCOUNT', `${name} uses an account of VS Code, which is not at hand here.`, {
    facts: { credential: name, provider: definition.provider },
  });
}

/**
 * The session to use now. A person is asked only for what they have just set going.
 * @throws CountersignError CS-AUTH-ACCOUNT without VS Code, CS-AUTH-ACCOUNT-PROVIDER, CS-AUTH-SIGN-IN-NEEDED,
 *   CS-AUTH-CANCELLED, CS-AUTH-TOKEN
 */
export async function acquireAccount(
  credential: { readonly name: string; readonly definition: AccountDefinition },
  accounts: AccountSource | undefined,
  { interactive, signal }: { readonly interactive: boolean; readonly signal?: AbortSignal },
): Promise<AccountSession> {
  const { name, definition } = credential;
  const [wrong] = account.check(definition);
  if (wrong) throw new CountersignError('CS-DEF-FIELD', `${name}: ${wrong.message}`);
  const request = toAccountRequest(definition);
  requireAccounts(credential, accounts);
  const session =
    (await accounts.find(request)) ??
    (interactive ? await accounts.acquire(request, signal === undefined ? {} : { signal }) : undefined);
  if (!session) {
    throw new CountersignError('CS-AUTH-SIGN-IN-NEEDED', `${name} is not signed in.`, { facts: { name } });
  }
  const problem = tokenProblem(session.accessToken.reveal());
  if (problem) {
    throw new CountersignError('CS-AUTH-TOKEN', `The token that VS Code gave for ${name} ${problem}.`, {
      next: 'Sign out of the account in the Accounts menu of VS Code, then sign in again.',
      facts: { credential: name },
    });
  }
  return session;
}
