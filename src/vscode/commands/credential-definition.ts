/**
 * The definition of a credential, for a person to see or change: a workspace’s in its own file, at its entry; one’s own
 * as a read-only document, since it is changed by commands. A definition holds no secret.
 */
import { Range, window, workspace } from 'vscode';
import { findDefinition } from '../../credentials/find-definition.ts';
import type { NamedDefinition } from '../../credentials/types.ts';
import type { App } from '../app.ts';
import { keepShownDocument } from '../approval-documents.ts';
import type { CommandContext } from './command.ts';
import { acquireCredential, findOwnDefinition } from './credential-target.ts';

export async function editDefinition(context: CommandContext, target: unknown): Promise<void> {
  const named = await acquireCredential(context, target, {
    title: 'Edit Definition of…',
    fits: (_state, each) => each.file !== undefined,
    none: 'No credential here is defined in a file. Your own are changed by commands.',
  });
  if (named) await openDefinition(context.app, named);
}

/** The file at the entry; one’s own as a document. */
export async function openDefinition(app: App, named: NamedDefinition): Promise<void> {
  if (named.file === undefined) return showOwn(app, named);
  const document = await workspace.openTextDocument(named.file);
  const found = findDefinition(document.getText(), named.name);
  const at = found && new Range(document.positionAt(found.start), document.positionAt(found.end));
  await window.showTextDocument(document, at === undefined ? {} : { selection: at });
}

export async function showDefinition(context: CommandContext, target: unknown): Promise<void> {
  const named = await acquireCredential(context, target, {
    title: 'Show Definition of…',
    fits: () => true,
    none: 'There is no credential here yet.',
  });
  if (named) await showOwn(context.app, named);
}

/** As it is stored, its variables not filled in. */
async function showOwn(app: App, named: NamedDefinition): Promise<void> {
  const { definition } = (await findOwnDefinition(app, named)) ?? named;
  const text = `${JSON.stringify({ credentials: { [named.name]: definition } }, null, 2)}\n`;
  const uri = keepShownDocument(`${named.name} (definition).json`, app.composed.redactor.redact(text));
  await window.showTextDocument(await workspace.openTextDocument(uri), { preview: true });
}
