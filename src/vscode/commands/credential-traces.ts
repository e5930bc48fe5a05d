/** Sign-in traces beyond looking at one: into a file for a bug report, and beside another one. Redacted, as they are kept. */
import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { commands, env, Uri, version, window, workspace, type QuickPickItem } from 'vscode';
import { toComparableText, toTraceText } from '../../oauth/trace-text.ts';
import type { Trace } from '../../oauth/types.ts';
import type { App } from '../app.ts';
import { keepShownDocument } from '../approval-documents.ts';
import { argument, type CommandContext } from './command.ts';
import { acquireCredential } from './credential-target.ts';

/** A trace as a person tells it from others. */
interface Side {
  readonly label: string;
  readonly text: string;
}

export async function exportTrace(context: CommandContext, target: unknown): Promise<void> {
  const { app } = context;
  const named = await acquireCredential(context, target, {
    title: 'Export Sign-in Trace of…',
    fits: (_state, each) => app.composed.broker.trace(each.name) !== undefined,
    none: 'Nothing signed in since this window opened.',
  });
  const trace = named && app.composed.broker.trace(named.name);
  if (!trace) {
    if (named) void window.showInformationMessage(`${named.name} has not signed in since this window opened.`);
    return;
  }
  const folder = workspace.workspaceFolders?.[0]?.uri.fsPath;
  const name = `${trace.credential.replace(/[^\w.-]/g, '_')}-trace.txt`;
  const chosen = await window.showSaveDialog({
    title: 'Export Sign-in Trace',
    filters: { Text: ['txt'] },
    ...(folder === undefined ? {} : { defaultUri: Uri.file(join(folder, name)) }),
  });
  if (!chosen) return;
  await writeFile(chosen.fsPath, toText(app, trace), 'utf8');
  void window.setStatusBarMessage(`Exported to ${workspace.asRelativePath(chosen)}, without secrets.`, 4000);
}

/** The last two of a credential that is named; else a person chooses two, of this window or from exported files. */
export async function compareTraces(context: CommandContext, target: unknown): Promise<void> {
  const { app } = context;
  const given = argument(target);
  const name = typeof target === 'string' ? target : given['name'];
  const traces = app.composed.broker.traces();
  const own = typeof name === 'string' ? traces.filter(({ credential }) => credential === name) : [];
  const [newest, before] = own;
  const left = before ? toSide(app, before) : await choose(app, traces, 'Compare a Trace', undefined);
  if (!left) return;
  const right = newest && before ? toSide(app, newest) : await choose(app, traces, 'With Another Trace', left);
  if (!right) return;
  const [a, b] = [left, right].map(({ label, text }, index) =>
    keepShownDocument(`${index + 1} ${label.replace(/[\\/]/g, '-')}.txt`, toComparableText(text)),
  );
  await commands.executeCommand('vscode.diff', a, b, `${left.label} ↔ ${right.label}`);
}

async function choose(
  app: App,
  traces: readonly Trace[],
  title: string,
  other: Side | undefined,
): Promise<Side | undefined> {
  const items: (QuickPickItem & { readonly trace?: Trace })[] = traces
    .filter((trace) => toSide(app, trace).text !== other?.text)
    .map((trace) => ({ label: toLabel(trace), description: trace.code ?? '', trace }));
  items.push({ label: '$(file) From an Exported File…', alwaysShow: true });
  const picked = await window.showQuickPick(items, { title, matchOnDescription: true });
  if (!picked) return undefined;
  if (picked.trace) return toSide(app, picked.trace);
  const [file] = (await window.showOpenDialog({ title, canSelectMany: false, filters: { Text: ['txt'] } })) ?? [];
  if (!file) return undefined;
  return { label: workspace.asRelativePath(file), text: (await readFile(file.fsPath, 'utf8')).slice(0, maxFile) };
}

const maxFile = 4 * 1024 * 1024;

function toSide(app: App, trace: Trace): Side {
  return { label: toLabel(trace), text: toText(app, trace) };
}

function toLabel({ credential, grant, startedAt, outcome }: Trace): string {
  const time = new Intl.DateTimeFormat(undefined, { timeStyle: 'medium' }).format(startedAt);
  return `${credential} · ${grant} · ${time} · ${outcome}`;
}

function toText({ composed, context }: App, trace: Trace): string {
  const own: unknown = context.extension.packageJSON;
  const made = (own as { version?: unknown }).version;
  const madeBy = `Countersign ${typeof made === 'string' ? made : ''} · ${env.appName} ${version} · ${process.platform}`;
  return composed.redactor.redact(toTraceText(trace, { madeBy }));
}
