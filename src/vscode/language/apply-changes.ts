/** Changes of one document as one step that one undo takes back. */
import { WorkspaceEdit, workspace, type TextDocument } from 'vscode';
import type { TextChange } from '../../language/features/code-actions.ts';
import { toRange } from './positions.ts';

export async function applyChanges(document: TextDocument, changes: readonly TextChange[]): Promise<boolean> {
  if (changes.length === 0) return false;
  const edit = new WorkspaceEdit();
  for (const { span, text } of changes) edit.replace(document.uri, toRange(document, span), text);
  return workspace.applyEdit(edit);
}
