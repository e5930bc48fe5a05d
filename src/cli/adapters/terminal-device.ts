/**
 * A device code at a terminal, on stderr so that stdout stays machine-readable: where to go, what to enter, until when.
 * Nothing opens by itself. Source: RFC 8628 §3.3, design.md D5.1.
 */
import type { ApprovalElsewhere, DeviceCode, DevicePrompt } from '../../oauth/ports.ts';

export const terminalDevice: DevicePrompt = {
  show(code) {
    process.stderr.write(toDeviceText(code));
    return { dispose: () => undefined };
  },
  wait(approval) {
    process.stderr.write(toApprovalText(approval));
    return { dispose: () => undefined };
  },
};

/** The text, apart from where it is printed. Times are local. */
export function toDeviceText(code: DeviceCode): string {
  const until = new Date(code.expiresAt).toLocaleTimeString([], { hour: '2-digit', minute: '2-digit' });
  const scope = code.scope === '' ? '' : ` for ${code.scope}`;
  return [
    `Sign in to ${code.credential} at ${code.issuerHost} as client ${code.clientId}${scope}.`,
    `  1  Open   ${code.verificationUri}`,
    `  2  Enter  ${code.userCode}`,
    `The code works until ${until}. Only go on if you started this sign-in yourself.`,
    'Waiting; Ctrl+C ends it.',
    '',
  ].join('\n');
}

/** What has to be approved, where, and what both screens show. */
export function toApprovalText(approval: ApprovalElsewhere): string {
  const until = new Date(approval.expiresAt).toLocaleTimeString([], { hour: '2-digit', minute: '2-digit' });
  return [
    `Sign in to ${approval.credential} at ${approval.issuerHost} as client ${approval.clientId} for ${approval.scope}.`,
    `  1  ${approval.loginHint} is asked on a device of theirs.`,
    `  2  Approve only if it shows  ${approval.bindingMessage}`,
    `It can be approved until ${until}. Only go on if you started this sign-in yourself.`,
    'Waiting; Ctrl+C ends it.',
    '',
  ].join('\n');
}
