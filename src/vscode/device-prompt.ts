/**
 * A device code as a modal dialog, then a notification until the code was entered (ux.md D5, design.md D5.1). The code is
 * on the clipboard from the start; nothing opens before the person says so.
 */
import { env, ProgressLocation, window, type Disposable, type MessageItem } from 'vscode';
import type { ApprovalElsewhere, DeviceCode, DevicePrompt } from '../oauth/ports.ts';
import type { Dialogs } from './adapters/modal-prompts.ts';

const open: MessageItem = { title: 'Open in Browser' };
const copy: MessageItem = { title: 'Copy Code' };
const cancel: MessageItem = { title: 'Cancel', isCloseAffordance: true };

export class ModalDevicePrompt implements DevicePrompt {
  readonly #dialogs: Dialogs;

  constructor(dialogs: Dialogs) {
    this.#dialogs = dialogs;
  }

  show(code: DeviceCode): Disposable {
    let over = false;
    let end = (): void => undefined;
    const ended = new Promise<void>((done) => (end = done));
    void this.#ask(code, () => over).then(() => {
      if (!over) waitInNotification(code, ended);
    });
    return {
      dispose: () => {
        over = true;
        end();
      },
    };
  }

  /** A modal dialog would hide what the person works on while they reach for their device. */
  wait(approval: ApprovalElsewhere): Disposable {
    let end = (): void => undefined;
    const ended = new Promise<void>((done) => (end = done));
    const { credential, issuerHost, clientId, scope, loginHint, bindingMessage } = approval;
    void window.withProgress(
      { location: ProgressLocation.Notification, cancellable: true, title: `Sign in to ${credential}` },
      async (progress, token) => {
        token.onCancellationRequested(() => approval.cancel());
        const what = `client ${clientId}, scope ${scope}`;
        progress.report({
          message: `${issuerHost} asks ${loginHint} on their own device (${what}). Approve only if it shows ${bindingMessage}.`,
        });
        await ended;
      },
    );
    return { dispose: end };
  }

  async #ask(code: DeviceCode, isOver: () => boolean): Promise<void> {
    await env.clipboard.writeText(code.userCode);
    for (;;) {
      const choice = await this.#dialogs.modal(toTitle(code.userCode), toDetail(code), [open, copy, cancel]);
      if (isOver()) return;
      if (choice?.title === copy.title) {
        await env.clipboard.writeText(code.userCode);
        continue;
      }
      if (choice?.title !== open.title) {
        code.cancel();
      } else if (!(await code.open())) {
        void window.showWarningMessage(`The browser did not open. Go to ${code.verificationUri} yourself.`);
      }
      return;
    }
  }
}

/** Letters spaced, so that they are read as letters. */
function toTitle(userCode: string): string {
  return [...userCode].join(' ');
}

function toDetail(code: DeviceCode): string {
  const until = new Date(code.expiresAt).toLocaleTimeString([], { hour: '2-digit', minute: '2-digit' });
  const address = new URL(code.verificationUri);
  return [
    `Enter this code at ${address.origin}${address.pathname}. It is on the clipboard and works until ${until}.`,
    '',
    `Credential: ${code.credential}`,
    `Identity provider: ${code.issuerHost}`,
    `Client: ${code.clientId}`,
    ...(code.scope === '' ? [] : [`Scope: ${code.scope}`]),
    '',
    'Only go on if you started this sign-in yourself.',
  ].join('\n');
}

function waitInNotification(code: DeviceCode, ended: Promise<void>): void {
  void window.withProgress(
    { location: ProgressLocation.Notification, cancellable: true, title: 'Countersign' },
    async (progress, token) => {
      token.onCancellationRequested(() => code.cancel());
      progress.report({ message: `Waiting until ${code.userCode} was entered at ${code.origin}…` });
      await ended;
    },
  );
}
