/** Read-only documents of definitions under approval. Registered at activation; it answers only for what was kept here. */
import type { TextDocumentContentProvider, Uri } from 'vscode';

export const approvalScheme = 'countersign-approval';

const texts = new Map<string, string>();

export function keepApprovalDocument(uri: Uri, text: string): void {
  texts.set(uri.toString(), text);
}

export const approvalDocuments: TextDocumentContentProvider = {
  provideTextDocumentContent: (uri) => texts.get(uri.toString()) ?? '',
};
