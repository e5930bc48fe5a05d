/** What the response panel asks for, done by the rest of the extension (response-panel/panel-actions.ts). */
import { commands, env, Uri, ViewColumn, window, workspace } from 'vscode';
import type { CountersignError } from '../errors/countersign-error.ts';
import type { App } from './app.ts';
import {
  allowAnyCertificate,
  showCertificate,
  trustCertificate,
  useCaFile,
  type CertificateQuestion,
} from './certificate-trust.ts';
import { keepShownDocument } from './approval-documents.ts';
import { openDefinition } from './commands/credential-definition.ts';
import { findCredential, findOwnDefinition } from './commands/credential-target.ts';
import type { PanelActions, PanelRun, TrustChoice } from './response-panel/panel-actions.ts';
import { toRefusedCertificate } from './response-panel/refused-certificate.ts';
import { toAuthenticationDemand } from './response-panel/to-step-up.ts';
import { saveResponseBody } from './save-body.ts';
import { saveHar } from './save-har.ts';
import type { Sender } from './sender.ts';

export function createPanelActions(app: App, sender: () => Sender): PanelActions {
  const target = (run: PanelRun): unknown => sender().sentBy(run.runId);
  const actions: PanelActions = {
    resend: (run) => void sender().resend(run),
    cancel: (run) => {
      const key = sender().keyOf(run.runId);
      app.runs.cancel(key);
    },
    openInEditor: (text, language) => void openText(text, language),
    openDifferences: (before, after, language, title) => void openDifferences(before, after, language, title),
    pickAnswer: async (answers) => {
      const items = answers.map((answer, index) => ({ ...answer, index }));
      const title = 'Compare With…';
      return (await window.showQuickPick(items, { title, placeHolder: 'Which earlier answer?' }))?.index;
    },
    ignoredPaths,
    saveBody: (run) => void saveResponseBody(run.result),
    saveHar: (run) => void saveHar(app, run.result),
    copyAsCurl: (run) => void app.runCommand('copyAsCurl', target(run)),
    copy: (text) => void env.clipboard.writeText(text),
    trustCertificate: (origin, choice, run) => void trust(app, sender(), origin, choice, run),
    showCredential: () => void commands.executeCommand('countersign.credentials.focus'),
    signIn: (name, scope, run) => void signIn(app, sender(), name, scope, run),
    setUpSignIn: (run) =>
      void app.runCommand('addCredential', { api: run.result?.setUp?.url ?? lastUrl(run), target: target(run) }),
    securitySeen: () => void commands.executeCommand('setContext', 'countersign.securitySeen', true),
    sendAs: (run) => void app.runCommand('sendAs', target(run)),
    openRequestLine: (run, line) => void sender().reveal(run, line),
    openSettings: (key) => void commands.executeCommand('workbench.action.openSettings', key),
    openExternal: (url) => void env.openExternal(Uri.parse(url, true)),
    errorAction: (run) => void act(run),
  };

  /** The action the catalogue names for the error on screen. */
  async function act(run: PanelRun): Promise<unknown> {
    const error = run.result?.error;
    if (!error) return undefined;
    const name = credentialOf(error) ?? run.result.credential?.name ?? run.result.trace?.credential;
    switch (error.code) {
      case 'CS-AUTH-SECRET-MISSING':
      case 'CS-AUTH-KEY':
      case 'CS-STORE-VALUE':
        return (await app.runCommand('enterSecret', { name })) === true ? sender().resend(run) : undefined;
      case 'CS-AUTH-CLIENT':
        return (await mendClient(app, name, error)) ? sender().resend(run) : undefined;
      case 'CS-AUTH-REDIRECT':
        return copyText(error.facts['redirectUri']);
      case 'CS-BIND-APPROVAL':
        await app.runCommand('approveCredential', { name });
        return sender().resend(run);
      case 'CS-BIND-ORIGIN':
        return app.runCommand('sendAs', target(run));
      case 'CS-DEF-UNKNOWN':
        return app.runCommand('addCredential', { name: error.facts['name'], target: target(run) });
      case 'CS-AUTH-SIGN-IN-NEEDED':
      case 'CS-AUTH-CANCELLED':
        return sender().resend(run);
      case 'CS-NET-PROXY':
        return commands.executeCommand('workbench.action.openSettings', 'countersign.proxy');
      case 'CS-VAR-UNKNOWN':
      case 'CS-HTTP-HEADER':
        return sender().reveal(run, error.place?.line);
      default:
        return sender().resend(run);
    }
  }
  return actions;
}

/**
 * The client was not accepted: what most likely mends it is set in one's own definition, or shown in the file that
 * defines it; else another secret is asked for. @returns true when sending again may end otherwise
 */
async function mendClient(app: App, name: string | undefined, error: CountersignError): Promise<boolean> {
  if (name === undefined) return false;
  const fix = error.facts['fix'] as { readonly field: string; readonly value: string } | undefined;
  const named = await findCredential(app, name);
  const { slots } = await app.composed.vault.status(named);
  if (!fix && slots.length > 0) return (await app.runCommand('enterSecret', { name })) === true;
  const own = fix && (await findOwnDefinition(app, named));
  if (own) {
    await app.composed.vault.saveDefinition(own.name, { ...own.definition, [fix.field]: fix.value });
    return true;
  }
  await openDefinition(app, named);
  const advice = fix
    ? `Set “${fix.field}” of ${name} to “${fix.value}”, then approve the change.`
    : `${name} takes no secret as it is defined. Look at token_endpoint_auth_method and client_id.`;
  void window.showInformationMessage(advice);
  return false;
}

async function copyText(text: unknown): Promise<void> {
  if (typeof text === 'string') await env.clipboard.writeText(text);
}

function credentialOf(error: CountersignError): string | undefined {
  const name = error.facts['credential'];
  return typeof name === 'string' ? name : undefined;
}

/** The texts rest in memory, as read-only documents, until others take their place. */
async function openDifferences(before: string, after: string, language: string, title: string): Promise<void> {
  const ending = language === 'plaintext' ? 'txt' : language;
  const one = keepShownDocument(`before.${ending}`, before);
  const other = keepShownDocument(`after.${ending}`, after);
  await commands.executeCommand('vscode.diff', one, other, title);
}

async function openText(text: string, language: string): Promise<void> {
  const document = await workspace.openTextDocument({ content: text, language });
  await window.showTextDocument(document, { viewColumn: ViewColumn.Active, preview: true });
}

async function trust(app: App, sender: Sender, origin: string, choice: TrustChoice, run: PanelRun): Promise<void> {
  if (choice === 'revoke') return app.trust.revoke(origin);
  const question = toQuestion(origin, run);
  if (choice === 'show') return question && showCertificate(question);
  if (!question) return;
  const decided =
    choice === 'pin'
      ? await trustCertificate(app, question)
      : choice === 'any'
        ? await allowAnyCertificate(app, question)
        : await useCaFile(app);
  if (decided) await sender.resend(run);
}

/** Origin and chain of one handshake: the refused one, else, for a look, the answer's own. */
function toQuestion(origin: string, run: PanelRun): CertificateQuestion | undefined {
  const refused = run.result && toRefusedCertificate(run.result);
  if (refused) {
    const reason = run.result.error?.message ?? 'Its certificate is not trusted.';
    return refused.origin === origin ? { ...refused, reason } : undefined;
  }
  const chain = run.result?.exchange?.tls?.chain;
  return chain && { origin, chain, reason: 'Its certificate was accepted.' };
}

function lastUrl(run: PanelRun): string | undefined {
  return run.result?.exchange?.hops.at(-1)?.url;
}

async function signIn(app: App, sender: Sender, name: string, scope: string | undefined, run: PanelRun): Promise<void> {
  const demand = toAuthenticationDemand(run.result?.exchange?.response);
  const last = lastUrl(run);
  const askedBy = last !== undefined && URL.canParse(last) ? { askedBy: new URL(last).origin } : {};
  const wider = scope === undefined ? {} : { scope, ...askedBy };
  const signedIn = await app.runCommand('signIn', { name, ...demand, ...wider });
  if (signedIn) await sender.resend(run);
}

function ignoredPaths(): readonly string[] {
  return workspace.getConfiguration('countersign').get<string[]>('compare.ignore', []);
}
