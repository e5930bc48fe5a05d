/**
 * Moves a literal secret out of `countersign.json` into the secret store of the credential it was written in: stored
 * first, then its property is removed from the document, which is left unsaved for the person to look at.
 */
import { getLocation, modify } from 'jsonc-parser';
import { Uri, workspace } from 'vscode';
import { Secret } from '../../credentials/secret.ts';
import type { App } from '../app.ts';
import { applyChanges } from '../language/apply-changes.ts';
import { argument } from './command.ts';

export async function moveDefinitionSecret(app: App, target: unknown): Promise<void> {
  const { uri, start, end, credential, slot } = argument(target);
  if (typeof uri !== 'string' || typeof credential !== 'string' || typeof slot !== 'string') return;
  if (typeof start !== 'number' || typeof end !== 'number') return;
  const document = await workspace.openTextDocument(Uri.parse(uri));
  const text = document.getText();
  const value = parseText(text.slice(start, end));
  const { path } = getLocation(text, start + 1);
  const { vault } = app.composed;
  await app.workspaceReady;
  const found = (await vault.definitions(app.placeOf(document.uri).root)).find(
    (one) => one.name === credential && one.file === document.uri.fsPath,
  );
  if (value === undefined || !found || path.at(-2) !== credential) return;
  const label = slot === '' ? `${credential} secret` : `${credential} ${slot}`;
  if (!(await vault.setSecret(found, slot, new Secret(value, label)))) return;
  if (document.getText() !== text) return;
  const edits = modify(text, path, undefined, {});
  await applyChanges(
    document,
    edits.map(({ offset, length, content }) => ({ span: { start: offset, end: offset + length }, text: content })),
  );
}

function parseText(json: string): string | undefined {
  try {
    const value: unknown = JSON.parse(json);
    return typeof value === 'string' && value !== '' ? value : undefined;
  } catch {
    return undefined;
  }
}
