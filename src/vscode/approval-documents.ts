/**
 * Read-only documents that are made here and kept in memory: a definition under approval, claims, a trace. Registered at
 * activation; it answers only for what was kept here.
 */
import { EventEmitter, Uri, type TextDocumentContentProvider } from 'vscode';

export const approvalScheme = 'countersign-approval';

const texts = new Map<string, string>();
const changed = new EventEmitter<Uri>();

export function keepApprovalDocument(uri: Uri, text: string): void {
  texts.set(uri.toString(), text);
  changed.fire(uri);
}

/** @param title what the tab says; its extension decides the language. Replaces what was shown under it before. */
export function keepShownDocument(title: string, text: string): Uri {
  const uri = Uri.from({ scheme: approvalScheme, path: `/${title}` });
  keepApprovalDocument(uri, text);
  return uri;
}

export const approvalDocuments: TextDocumentContentProvider = {
  onDidChange: changed.event,
  provideTextDocumentContent: (uri) => texts.get(uri.toString()) ?? '',
};
