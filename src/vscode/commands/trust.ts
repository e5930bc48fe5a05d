/** “Show Trust Decisions”: every pin, exception and approval a person made, each revocable (design.md H1.2). */
import { window, type QuickPickItem } from 'vscode';
import type { CommandContext, CommandGroup } from './command.ts';

export const trust: CommandGroup = { showTrustDecisions };

interface Decision extends QuickPickItem {
  revoke?(): Promise<void>;
}

async function showTrustDecisions({ app }: CommandContext): Promise<void> {
  await app.trust.load();
  const approvals = await app.composed.vault.approvals.list();
  const certificates = app.trust.list().map((each): Decision => ({
    label: `$(${each.kind === 'pin' ? 'lock' : 'unlock'}) ${each.origin}`,
    description: `until ${new Date(each.expires).toLocaleDateString()}`,
    detail:
      each.kind === 'pin' ? `This certificate is trusted: ${each.fingerprint256 ?? ''}` : 'Any certificate is allowed',
    revoke: () => app.trust.revoke(each.origin, each.kind),
  }));
  const approved = approvals.map((each): Decision => ({
    label: `$(shield) ${each.name}`,
    description: `approved ${new Date(each.approvedAt).toLocaleDateString()}`,
    detail: `may go to ${(each.origins ?? each.definition.origins).join(', ')}`,
    revoke: () =>
      app.composed.vault.approvals.revoke({ ...each, owner: each.file === undefined ? 'user' : 'workspace' }),
  }));
  const items: Decision[] = [
    ...(certificates.length > 0 ? [{ label: 'Certificates', kind: -1 }, ...certificates] : []),
    ...(approved.length > 0 ? [{ label: 'Credentials', kind: -1 }, ...approved] : []),
  ];
  if (items.length === 0) {
    await window.showInformationMessage(
      'You made no trust decisions. Certificates are verified, and credentials go only to their origins.',
    );
    return;
  }
  const choice = await window.showQuickPick(items, {
    title: 'Trust Decisions',
    placeHolder: 'Choose one to revoke it',
    matchOnDetail: true,
  });
  if (!choice?.revoke) return;
  const answer = await app.dialogs.modal(`Revoke ${choice.label.replace(/^\$\([^)]*\) /, '')}?`, choice.detail ?? '', [
    { title: 'Revoke' },
    { title: 'Cancel', isCloseAffordance: true },
  ]);
  if (answer?.title === 'Revoke') await choice.revoke();
}
