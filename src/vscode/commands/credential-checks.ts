/**
 * A definition against best practice and its issuer’s metadata: a document to read, and its fixes as a choice. Asking an
 * issuer sends nothing of the credential. Source: ux.md C3.
 */
import { ProgressLocation, window, workspace } from 'vscode';
import { toFieldEdits } from '../../credentials/definition-edits.ts';
import type { Definition, NamedDefinition } from '../../credentials/types.ts';
import type { Advice } from '../../oauth/checks/registry.ts';
import { toHost } from '../../oauth/credential-facts.ts';
import { toProbeQuestion } from '../../oauth/probe/probe-words.ts';
import type { ProbeReport } from '../../oauth/probe/probe.ts';
import { isOAuth } from '../../run/authorize.ts';
import { checkCredential, type CheckReport } from '../../run/check-credential.ts';
import type { App } from '../app.ts';
import { keepShownDocument } from '../approval-documents.ts';
import { toCheckDocument, toProbeDocument } from '../check-document.ts';
import { applyChanges } from '../language/apply-changes.ts';
import type { CommandContext } from './command.ts';
import { confirm } from './credential-sessions.ts';
import { acquireCredential, findOwnDefinition } from './credential-target.ts';

/** @returns what was found */
export async function checkCredentialDefinition(
  context: CommandContext,
  target: unknown,
): Promise<CheckReport | undefined> {
  const { app } = context;
  const named = await acquireCredential(context, target, {
    title: 'Check Against Best Practice…',
    fits: () => true,
    none: 'There is no credential here yet.',
  });
  if (!named) return undefined;
  const report = await window.withProgress(
    { location: ProgressLocation.Window, title: `Checking ${named.name}` },
    async () => {
      await app.network.ready();
      return checkCredential(named, (issuer) => app.composed.discover(issuer));
    },
  );
  if (report.advice.length === 0 && report.failure === undefined) {
    void window.showInformationMessage(`${named.name} follows best practice: there is nothing to change.`);
    return report;
  }
  const text = app.composed.redactor.redact(toCheckDocument(report));
  const uri = keepShownDocument(`${named.name} (best practice).md`, text);
  await window.showTextDocument(await workspace.openTextDocument(uri), { preview: true });
  void offerFixes(app, named, report.advice);
  return report;
}

/** Two or three sign-ins, after a person said yes to them. @returns what the provider enforces */
export async function probeIssuer(context: CommandContext, target: unknown): Promise<ProbeReport | undefined> {
  const { app } = context;
  const named = await acquireCredential(context, target, {
    title: 'Probe Issuer of…',
    fits: (_state, each) => isOAuth(each) && each.definition.grant === 'authorization_code',
    none: 'No credential here is signed in to by a code.',
  });
  if (!named || !isOAuth(named)) return undefined;
  const { title, detail } = toProbeQuestion(named.name, toHost(named));
  if (!(await confirm(app, title, detail, 'Probe'))) return undefined;
  const { vault, broker, deps, redactor } = app.composed;
  await app.network.ready();
  await vault.ensureApproved(named, undefined, deps.prompts);
  const report = await window.withProgress(
    { location: ProgressLocation.Notification, title: `Probing ${toHost(named)}`, cancellable: true },
    (progress, token) => {
      const abort = new AbortController();
      token.onCancellationRequested(() => abort.abort());
      const onSignIn = (number: number): void => progress.report({ message: `sign-in ${number}` });
      return broker.probe(named, { signal: abort.signal, onSignIn });
    },
  );
  const uri = keepShownDocument(`${named.name} (probe).md`, redactor.redact(toProbeDocument(report)));
  await window.showTextDocument(await workspace.openTextDocument(uri), { preview: true });
  return report;
}

async function offerFixes(app: App, named: NamedDefinition, advice: readonly Advice[]): Promise<void> {
  const fixable = advice.flatMap(({ code, message, fix }) => (fix ? [{ code, message, fix }] : []));
  if (fixable.length === 0) return;
  const points = fixable.length === 1 ? 'One point' : `${fixable.length} points`;
  const button = 'Change the Definition…';
  const place = named.file?.split(/[\\/]/).at(-1) ?? 'its definition';
  const pressed = await window.showInformationMessage(`${points} of ${named.name} can be changed in ${place}.`, button);
  if (pressed !== button) return;
  const chosen = await window.showQuickPick(
    fixable.map(({ code, message, fix }) => ({ label: fix.title, description: code, detail: message, fix })),
    { title: `Change ${named.name}`, placeHolder: 'Which of them?', canPickMany: true },
  );
  if (!chosen || chosen.length === 0) return;
  const changes = Object.assign({}, ...chosen.map(({ fix }) => fix.changes)) as Readonly<Record<string, unknown>>;
  await change(app, named, changes);
}

/** A workspace’s definition in its file, left unsaved to be looked at; one’s own where it is kept. */
async function change(app: App, named: NamedDefinition, changes: Readonly<Record<string, unknown>>): Promise<void> {
  if (named.file !== undefined) {
    const document = await workspace.openTextDocument(named.file);
    const edits = toFieldEdits(document.getText(), named.name, changes);
    await window.showTextDocument(document);
    if (!(await applyChanges(document, edits)))
      void window.showInformationMessage(`${named.name} is not written so in that file. Change it by hand.`);
    return;
  }
  const own = await findOwnDefinition(app, named);
  if (!own) return;
  const fields = Object.entries({ ...own.definition, ...changes }).filter(([, value]) => value !== undefined);
  await app.composed.vault.saveDefinition(own.name, Object.fromEntries(fields) as unknown as Definition);
}
