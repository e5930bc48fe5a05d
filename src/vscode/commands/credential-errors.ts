/**
 * Says what a credential command met: code, sentence, next step, and the action that helps (ux.md H2). A person's own
 * cancel says nothing. It waits for nobody: the command has ended when the message is read.
 */
import { window } from 'vscode';
import { toCountersignError } from '../../errors/countersign-error.ts';
import type { CommandHandler } from './command.ts';
import type { App } from '../app.ts';
import type { CommandId } from './ids.ts';

const actions: Readonly<Record<string, readonly [label: string, command: CommandId]>> = {
  'CS-AUTH-SECRET-MISSING': ['Enter Secret…', 'enterSecret'],
  'CS-AUTH-CLIENT': ['Enter Secret…', 'enterSecret'],
  'CS-STORE-VALUE': ['Enter Secret…', 'enterSecret'],
  'CS-AUTH-ENDED': ['Sign In', 'signIn'],
  'CS-AUTH-SIGN-IN-NEEDED': ['Sign In', 'signIn'],
  'CS-AUTH-EXPIRED': ['Sign In', 'signIn'],
  'CS-BIND-APPROVAL': ['Review…', 'approveCredential'],
  'CS-DEF-UNKNOWN': ['Add Credential…', 'addCredential'],
};
const silent: ReadonlySet<string> = new Set(['CS-AUTH-CANCELLED', 'CS-NET-CANCELLED']);

/** @param name of the credential, when one was found */
export function showCredentialError(app: App, thrown: unknown, name: string | undefined): void {
  const error = toCountersignError(thrown);
  if (silent.has(error.code)) return;
  app.log.error(`${error.code}: ${error.message}`);
  const about = name ?? (typeof error.facts['name'] === 'string' ? error.facts['name'] : undefined);
  const offered: (readonly [string, CommandId])[] = [];
  const action = actions[error.code];
  if (action) offered.push(action);
  if (about !== undefined && /^CS-(AUTH|NET|TLS)-/.test(error.code) && app.composed.broker.trace(about)) {
    offered.push(['Show Trace', 'showTrace']);
  }
  const text = toMessage(`${error.code}: ${error.message} ${error.next}`);
  void window.showErrorMessage(text, ...offered.map(([label]) => label)).then((chosen) => {
    const found = offered.find(([label]) => label === chosen);
    if (found) void app.runCommand(found[1], about === undefined ? undefined : { name: about });
  });
}

/** VS Code makes links of `[text](address)` in a message; text that came from a server must not. */
export function toMessage(text: string): string {
  return text.replace(/\]\s*\(/g, '] (');
}

/** The handler with its errors shown; `undefined` when one was. */
export function showingErrors(handler: CommandHandler): CommandHandler {
  return async (context, ...args) => {
    try {
      return await handler(context, ...args);
    } catch (error) {
      showCredentialError(context.app, error, undefined);
      return undefined;
    }
  };
}
