/** Signing in, refreshing and signing out, of one credential or of all; and the links of the sign-in notification. */
import { window } from 'vscode';
import type { AccountDefinition, NamedDefinition, OAuth2Definition } from '../../credentials/types.ts';
import { toHost } from '../../oauth/credential-facts.ts';
import { toAccountRequest } from '../../credentials/schemes/account.ts';
import { isAccount, isOAuth } from '../../run/authorize.ts';
import type { App } from '../app.ts';
import { toAddedScopes, toScopeQuestion } from './added-scopes.ts';
import { argument, type CommandContext } from './command.ts';
import { showCredentialError, toMessage } from './credential-errors.ts';
import { enterSecret, ensureSecrets, wasDeclined } from './credential-secrets.ts';
import { acquireCredential, listCredentials } from './credential-target.ts';

type Credential = NamedDefinition<OAuth2Definition>;

/** What runs now, by name, so that Cancel also ends a sign-in that has no browser open. */
const running = new Map<string, AbortController>();

/** @returns true when signed in afterwards; for a credential without sign-in, when its secret is there */
export async function signIn(context: CommandContext, target: unknown): Promise<boolean> {
  const { app } = context;
  const named = await acquireCredential(context, target, {
    title: 'Sign In…',
    fits: (state, each) =>
      (isOAuth(each) && state.kind !== 'signed-in' && state.kind !== 'signing-in') || isAccount(each),
    none: 'No credential here waits for a sign-in.',
  });
  if (!named) return false;
  if (isAccount(named)) return signInToAccount(app, named);
  if (!isOAuth(named)) return enterSecret(context, { name: named.name });
  const { scope, askedBy, acrValues, maxAge } = argument(target);
  if (typeof scope === 'string' && !(await agreesToScope(app, named, scope, askedBy))) return false;
  const abort = new AbortController();
  running.set(named.name, abort);
  try {
    const { vault, broker, deps } = app.composed;
    await app.network.ready();
    await vault.ensureApproved(named, undefined, deps.prompts, abort.signal);
    if (!(await ensureSecrets(app, named))) return false;
    await broker.signIn(named, {
      signal: abort.signal,
      ...(typeof scope === 'string' ? { scope } : {}),
      ...(typeof acrValues === 'string' ? { acrValues } : {}),
      ...(typeof maxAge === 'number' ? { maxAge } : {}),
    });
    return true;
  } catch (error) {
    if (!(await wasDeclined(app, named, error))) showCredentialError(app, error, named.name);
    return false;
  } finally {
    if (running.get(named.name) === abort) running.delete(named.name);
  }
}

/** Through VS Code: another account can be chosen where there is one already. */
async function signInToAccount(app: App, named: NamedDefinition<AccountDefinition>): Promise<boolean> {
  const { vault, deps } = app.composed;
  try {
    await vault.ensureApproved(named, undefined, deps.prompts);
    const request = toAccountRequest(named.definition);
    const choose = (await deps.accounts?.find(request)) !== undefined;
    await deps.accounts?.acquire(request, { choose });
    app.facts.clear();
    return true;
  } catch (error) {
    showCredentialError(app, error, named.name);
    return false;
  }
}

/** True when nothing is added to the approved scope, or the person wants it added, this once. */
async function agreesToScope(app: App, named: Credential, scope: string, askedBy: unknown): Promise<boolean> {
  const added = toAddedScopes(named.definition.scope, scope);
  if (added.length === 0) return true;
  const question = toScopeQuestion(named.name, added, typeof askedBy === 'string' ? askedBy : undefined);
  const agree = { title: 'Ask for It' };
  const decline = { title: 'Not Now', isCloseAffordance: true };
  const items = question.answerable ? [decline, agree] : [decline];
  return (await app.dialogs.modal(question.title, question.detail, items))?.title === agree.title;
}

export async function refreshToken(context: CommandContext, target: unknown): Promise<boolean> {
  const { app } = context;
  const named = await acquireCredential(context, target, {
    title: 'Refresh Token of…',
    fits: (state, each) => isOAuth(each) && state.refreshable,
    none: 'No credential here has a token that can be refreshed.',
  });
  if (!named || !isOAuth(named)) return false;
  try {
    await app.network.ready();
    await app.composed.broker.refresh(named, {});
    return true;
  } catch (error) {
    showCredentialError(app, error, named.name);
    return false;
  }
}

/** Asks, saying what is lost (C3.2). @returns true when signed out */
export async function signOut(context: CommandContext, target: unknown): Promise<boolean> {
  const { app } = context;
  const named = await acquireCredential(context, target, {
    title: 'Sign Out of…',
    fits: (state, each) => isOAuth(each) && state.status.hasSession,
    none: 'You are signed in nowhere.',
  });
  if (!named || !isOAuth(named)) return false;
  const agreed = await confirm(
    app,
    `Sign out of ${named.name}?`,
    `Its tokens are deleted here and revoked at ${toHost(named)}. Your browser may still be signed in there.`,
    'Sign Out',
  );
  if (!agreed) return false;
  await endSessions(app, [named]);
  return true;
}

export async function signOutAll({ app }: CommandContext): Promise<boolean> {
  const all = (await listCredentials(app)).flatMap(({ named, state }) =>
    isOAuth(named) && state.status.hasSession ? [named] : [],
  );
  if (all.length === 0) {
    void window.showInformationMessage('You are signed in nowhere.');
    return false;
  }
  const agreed = await confirm(
    app,
    all.length === 1 ? `Sign out of ${all[0]?.name ?? ''}?` : `Sign out of ${all.length} credentials?`,
    `${all.map((named) => `${named.name}, at ${toHost(named)}`).join('\n')}\n\nTheir tokens are deleted here and revoked there. Your browser may still be signed in.`,
    'Sign Out',
  );
  if (!agreed) return false;
  await endSessions(app, all);
  return true;
}

/** Deletes the tokens here in every case; a revocation that was not accepted is said. */
export async function endSessions(app: App, all: readonly Credential[]): Promise<void> {
  await app.network.ready();
  const outcomes = await Promise.allSettled(all.map((named) => app.composed.broker.signOut(named)));
  const told: string[] = [];
  outcomes.forEach((outcome, index) => {
    const name = all[index]?.name ?? '';
    if (outcome.status === 'rejected') showCredentialError(app, outcome.reason, name);
    else if (!outcome.value.revoked && outcome.value.message) told.push(`${name}: ${outcome.value.message}`);
  });
  if (told.length > 0) void window.showWarningMessage(toMessage(told.join(' ')));
}

export async function confirm(app: App, title: string, detail: string, verb: string): Promise<boolean> {
  const answer = await app.dialogs.modal(title, detail, [
    { title: verb },
    { title: 'Cancel', isCloseAffordance: true },
  ]);
  return answer?.title === verb;
}

/** Of the notification's links the argument is the name itself; of a row, its node. */
function nameOf(target: unknown): string | undefined {
  if (typeof target === 'string') return target;
  const { name, named } = argument(target);
  const found = name ?? argument(named)['name'];
  return typeof found === 'string' ? found : undefined;
}

export async function cancelSignIn({ app }: CommandContext, target: unknown): Promise<void> {
  const name = nameOf(target);
  if (name === undefined) return;
  app.progress.cancel(name);
  running.get(name)?.abort();
  return Promise.resolve();
}

export async function copySignInLink({ app }: CommandContext, target: unknown): Promise<void> {
  const name = nameOf(target);
  if (name !== undefined) await app.progress.copyLink(name);
}

export async function pasteRedirect({ app }: CommandContext, target: unknown): Promise<void> {
  const name = nameOf(target);
  if (name !== undefined) await app.progress.paste(name);
}
