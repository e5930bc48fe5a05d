/**
 * The notification while the browser is open: Cancel, and links to copy the address or paste the redirect
 * (ux.md D3, design.md D3.1–D3.2). It closes by itself on every outcome.
 */
import { commands, env, ProgressLocation, window, type Disposable } from 'vscode';
import type { SignInProgress } from '../oauth/types.ts';

type Waiting = Parameters<SignInProgress['waiting']>[0];

const hintAfter = 20_000;

export class NotificationProgress implements SignInProgress {
  readonly #waiting = new Map<string, Waiting>();

  waiting(info: Waiting): Disposable {
    this.#waiting.set(info.credential, info);
    let close = (): void => undefined;
    const closed = new Promise<void>((done) => (close = done));
    const links = (argument: string): string =>
      `[Copy link](command:countersign.copySignInLink?${argument}) · [Paste redirect URL](command:countersign.pasteRedirect?${argument})`;
    const argument = encodeURIComponent(JSON.stringify([info.credential]));
    void window.withProgress(
      { location: ProgressLocation.Notification, cancellable: true, title: info.credential },
      async (progress, token) => {
        token.onCancellationRequested(() => info.cancel());
        progress.report({ message: `Waiting for sign-in in your browser… ${links(argument)}` });
        void info.opened.then((opened) => {
          if (!opened) progress.report({ message: `The browser did not open. ${links(argument)}` });
        });
        const timer = setTimeout(() => {
          progress.report({
            message: `Still waiting. If the browser shows an error, paste its address here. ${links(argument)}`,
          });
        }, hintAfter);
        await closed;
        clearTimeout(timer);
      },
    );
    return {
      dispose: () => {
        this.#waiting.delete(info.credential);
        close();
      },
    };
  }

  cancel(credential: string): void {
    this.#waiting.get(credential)?.cancel();
  }

  async copyLink(credential: string): Promise<void> {
    const info = this.#waiting.get(credential);
    if (info) await env.clipboard.writeText(info.url);
  }

  async paste(credential: string): Promise<void> {
    const info = this.#waiting.get(credential);
    if (!info) return;
    const text = await window.showInputBox({
      title: `Sign in to ${credential}`,
      prompt: 'Paste the address at which the browser ended, or the code it shows.',
      ignoreFocusOut: true,
      password: true,
    });
    if (!text?.trim()) return;
    if (!(await info.paste(text.trim()))) {
      await window.showWarningMessage('That address belongs to no sign-in that is under way.');
      await commands.executeCommand('countersign.pasteRedirect', credential);
    }
  }
}
