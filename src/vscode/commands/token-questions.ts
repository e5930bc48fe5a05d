/**
 * Asking the identity provider about a session, and ending its own: answers in read-only documents, never a token. What
 * is sent goes to the provider of an approved definition alone. Source: RFC 7662, OIDC Core §5.3, RP-Initiated Logout 1.0.
 */
import { ProgressLocation, window } from 'vscode';
import { takesBrowser } from '../../credentials/common-fields.ts';
import type { NamedDefinition, OAuth2Definition } from '../../credentials/types.ts';
import { toHost } from '../../oauth/credential-facts.ts';
import type { TokenKind } from '../../oauth/types.ts';
import { isOAuth } from '../../run/authorize.ts';
import type { App } from '../app.ts';
import { toIntrospectionDocument, toUserInfoDocument } from '../token-document.ts';
import { argument, type CommandContext } from './command.ts';
import { toMessage } from './credential-errors.ts';
import { localTime, showText } from './credential-looks.ts';
import { confirm } from './credential-sessions.ts';
import { acquireCredential } from './credential-target.ts';

type Credential = NamedDefinition<OAuth2Definition>;

/** @returns true when an answer is shown */
export async function introspectToken(context: CommandContext, target: unknown): Promise<boolean> {
  const named = await acquireSignedIn(context, target, 'Introspect Token of…');
  if (!named) return false;
  const { app } = context;
  const token = await acquireKind(app, named, argument(target)['token']);
  if (!token) return false;
  const found = await asking(app, named, (signal) => app.composed.broker.introspect(named, { token, signal }));
  await showText(app, `${named.name} (introspection).json`, toIntrospectionDocument(named.name, found, localTime));
  return true;
}

/** @returns true when an answer is shown */
export async function userInfo(context: CommandContext, target: unknown): Promise<boolean> {
  const named = await acquireSignedIn(context, target, 'Ask for User Info of…');
  if (!named) return false;
  const { app } = context;
  const found = await asking(app, named, (signal) => app.composed.broker.userInfo(named, { signal }));
  await showText(app, `${named.name} (user info).json`, toUserInfoDocument(named.name, found, localTime));
  return true;
}

/** Asks, saying what is lost (C3.2). @returns true when signed out here, whatever the browser does */
export async function signOutEverywhere(context: CommandContext, target: unknown): Promise<boolean> {
  const named = await acquireSignedIn(context, target, 'Sign Out Everywhere, of…');
  if (!named) return false;
  const { app } = context;
  const host = toHost(named);
  const session = await sessionOf(app, named);
  if (!session?.idToken && !takesBrowser(named.definition.grant)) {
    const sentence = `Nobody signs in to ${named.name} by a browser: Sign Out ends all there is.`;
    void window.showInformationMessage(sentence);
    return false;
  }
  const agreed = await confirm(
    app,
    `Sign out of ${named.name} everywhere?`,
    `Its tokens are deleted here and revoked at ${host}. Then your browser opens the page where ${host} ends its own session: other applications that you signed in to with it may ask you again.`,
    'Sign Out Everywhere',
  );
  if (!agreed) return false;
  await app.network.ready();
  const outcome = await app.composed.broker.signOutEverywhere(named, {});
  const told = [outcome.message, outcome.why].filter((one) => one !== undefined);
  if (told.length > 0) void window.showWarningMessage(toMessage(`${named.name} is signed out here. ${told.join(' ')}`));
  return true;
}

async function acquireSignedIn(
  context: CommandContext,
  target: unknown,
  title: string,
): Promise<Credential | undefined> {
  const named = await acquireCredential(context, target, {
    title,
    fits: (state, each) => isOAuth(each) && state.status.hasSession,
    none: 'You are signed in nowhere.',
  });
  return named && isOAuth(named) ? named : undefined;
}

async function sessionOf(app: App, named: Credential) {
  const state = await app.composed.broker.state(named);
  return 'session' in state ? state.session : undefined;
}

/** The access token where it is the only one, else the person's choice. */
async function acquireKind(app: App, named: Credential, given: unknown): Promise<TokenKind | undefined> {
  if (given === 'access' || given === 'refresh') return given;
  if (!(await sessionOf(app, named))?.refreshToken) return 'access';
  const items = ['Access token', 'Refresh token'] as const;
  const about = { title: `Introspect Token of ${named.name}`, placeHolder: 'Which token?' };
  const chosen = await window.showQuickPick(items, about);
  if (chosen === undefined) return undefined;
  return chosen === 'Refresh token' ? 'refresh' : 'access';
}

/** Tokens and the client's secret go to the provider for it, so the definition has to be approved as it stands. */
async function asking<T>(app: App, named: Credential, ask: (signal: AbortSignal) => Promise<T>): Promise<T> {
  const { vault, deps } = app.composed;
  await app.network.ready();
  await vault.ensureApproved(named, undefined, deps.prompts);
  return window.withProgress(
    { location: ProgressLocation.Notification, title: `Asking ${toHost(named)}`, cancellable: true },
    (_progress, token) => {
      const abort = new AbortController();
      token.onCancellationRequested(() => abort.abort());
      return ask(abort.signal);
    },
  );
}
