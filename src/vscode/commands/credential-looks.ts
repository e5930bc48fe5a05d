/** Looking at what a sign-in gave and how it went: claims and trace, in read-only documents, never a token. */
import { window, workspace } from 'vscode';
import { isOAuth } from '../../run/authorize.ts';
import { keepShownDocument } from '../approval-documents.ts';
import type { App } from '../app.ts';
import { toClaimsDocument } from '../claims-document.ts';
import { toTraceText } from '../../oauth/trace-text.ts';
import type { CommandContext } from './command.ts';
import { acquireCredential } from './credential-target.ts';

export const localTime = (at: number): string =>
  new Intl.DateTimeFormat(undefined, { dateStyle: 'medium', timeStyle: 'long' }).format(at);

export async function showClaims(context: CommandContext, target: unknown): Promise<void> {
  const { app } = context;
  const named = await acquireCredential(context, target, {
    title: 'Show Claims of…',
    fits: (state, each) => isOAuth(each) && state.session !== undefined,
    none: 'No credential here is signed in.',
  });
  if (!named || !isOAuth(named)) return;
  const state = await app.composed.broker.state(named);
  const session = 'session' in state ? state.session : undefined;
  if (!session) {
    void window.showInformationMessage(`${named.name} is not signed in, so it has no claims to show.`);
    return;
  }
  await showText(app, `${named.name} (claims).json`, toClaimsDocument(named.name, session, localTime));
}

/** In the panel's Sign-in tab when that run is on screen, else as a document. */
export async function showTrace(context: CommandContext, target: unknown): Promise<void> {
  const { app, panels } = context;
  const named = await acquireCredential(context, target, {
    title: 'Show Sign-in Trace of…',
    fits: (_state, each) => app.composed.broker.trace(each.name) !== undefined,
    none: 'Nothing signed in since this window opened.',
  });
  if (!named) return;
  const trace = app.composed.broker.trace(named.name);
  if (!trace) {
    void window.showInformationMessage(`${named.name} has not signed in since this window opened.`);
    return;
  }
  const run = panels.currentRun();
  const shown = run?.result?.trace;
  if (run && shown?.credential === trace.credential && shown.startedAt === trace.startedAt) {
    panels.showTab('sign-in', run.runId);
    return;
  }
  await showText(app, `${named.name} (sign-in trace).txt`, toTraceText(trace, { toLocal: localTime }));
}

/** In a document that nobody can change; secrets are taken off before. */
export async function showText(app: App, title: string, text: string): Promise<void> {
  const uri = keepShownDocument(title, app.composed.redactor.redact(text));
  await window.showTextDocument(await workspace.openTextDocument(uri), { preview: true });
}
