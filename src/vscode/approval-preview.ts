/**
 * “Show Definition” and “Show Changes” of an approval: the definition as a read-only document, a change in VS Code's
 * own difference editor (design.md D2.1, D2.3). Looking approves nothing.
 */
import { commands, Uri, workspace } from 'vscode';
import type { ApprovalRequest } from '../ports.ts';
import { approvalScheme, keepApprovalDocument } from './approval-documents.ts';
import type { App } from './app.ts';

export function approvalPreview(app: App): (request: ApprovalRequest) => Promise<void> {
  return async (request) => {
    const now = document(request, 'definition', (line) => line.value);
    if (request.changed) {
      const before = document(request, 'approved', (line) => line.before ?? line.value);
      await commands.executeCommand('vscode.diff', before, now, `${request.credential}: approved ↔ now`);
    } else {
      await commands.executeCommand('vscode.open', now, { preview: true });
    }
    app.log.info(`Approval of ${request.credential} was looked at.`);
  };
}

function document(
  request: ApprovalRequest,
  name: string,
  valueOf: (line: ApprovalRequest['lines'][number]) => string,
): Uri {
  const uri = Uri.from({ scheme: approvalScheme, path: `/${request.credential} (${name})` });
  const lines = [
    request.title,
    '',
    ...request.lines.filter((line) => valueOf(line) !== '').map((line) => `${line.label}: ${valueOf(line)}`),
  ];
  if (request.file && !request.lines.some(({ label }) => label === 'Asked by')) {
    lines.push('', `Asked by: ${workspace.asRelativePath(request.file)}`);
  }
  keepApprovalDocument(uri, `${lines.join('\n')}\n`);
  return uri;
}
