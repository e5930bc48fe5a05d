/**
 * Questions to the person as VS Code asks them. Approval and trust are modal, their first button is the safe one,
 * since Enter presses it (design.md D2.1). Dialogs come in through a seam, because VS Code refuses them in a run of
 * the extension-host suite.
 */
import { window, workspace, type MessageItem } from 'vscode';
import type { ApprovalRequest, Prompts } from '../../ports.ts';
import { acquireApproval } from './approval-question.ts';

export interface Dialogs {
  modal(title: string, detail: string, items: readonly MessageItem[]): Promise<MessageItem | undefined>;
  /** @param options.validateInput what is wrong with what was typed so far, as a sentence */
  input(options: {
    title: string;
    prompt: string;
    password: boolean;
    value?: string;
    validateInput?(text: string): string | undefined;
  }): Promise<string | undefined>;
  pick(items: readonly string[], title: string): Promise<string | undefined>;
  /** A question that may stay unanswered: the title of the button that was pressed. */
  question(text: string, ...buttons: readonly string[]): Promise<string | undefined>;
}

export const vscodeDialogs: Dialogs = {
  modal: async (title, detail, items) => window.showWarningMessage(title, { modal: true, detail }, ...items),
  input: async (options) => window.showInputBox({ ...options, ignoreFocusOut: true }),
  pick: async (items, title) => window.showQuickPick([...items], { title, ignoreFocusOut: true }),
  question: async (text, ...buttons) => window.showWarningMessage(text, ...buttons),
};

/** @param showDefinition opens the definition (or the difference to the approved one) for a look, then asks again */
export function createModalPrompts(
  dialogs: Dialogs,
  showDefinition: (request: ApprovalRequest) => Promise<void>,
): Prompts {
  return {
    get interactive() {
      return workspace.isTrusted;
    },
    approve: (request, signal) =>
      acquireApproval(
        request,
        async (title, detail, buttons) => (await dialogs.modal(title, detail, buttons))?.title,
        showDefinition,
        signal,
      ),
    input: (question) =>
      dialogs.input({
        title: question.title,
        prompt: question.prompt,
        password: question.secret,
        ...(question.value === undefined ? {} : { value: question.value }),
      }),
    pick: (question) => dialogs.pick(question.items, question.title),
    async choose(question) {
      const items = question.choices.map((title): MessageItem => ({ title, isCloseAffordance: title === 'Cancel' }));
      return (await dialogs.modal(question.title, question.detail ?? '', items))?.title;
    },
  };
}
