/**
 * VS Code entry: registers what VS Code must know at once and loads the rest right after, so that activation reads no
 * secret, opens no socket and stays short. No logic. Source: house.md §2, ux.md J3.
 */
import * as vscode from 'vscode';
import { registerAuthenticationProvider } from './vscode/authentication-registration.ts';
import { approvalDocuments, approvalScheme } from './vscode/approval-documents.ts';
import { commandIds } from './vscode/commands/ids.ts';
import type { Features } from './vscode/features.ts';
import { createUriHandler } from './vscode/uri-handler.ts';

/** The rest is loaded when VS Code has taken note of the activation, which is a message there and back. */
const restAfterMs = 20;

/** For the extension-host suite only: any other extension could reach the vault through it. */
export interface ExtensionApi {
  features(): Promise<Features>;
}

export function activate(context: vscode.ExtensionContext): ExtensionApi | undefined {
  let loading: Promise<Features> | undefined;
  let loaded: Features | undefined;
  const features = (): Promise<Features> => {
    loading ??= import('./vscode/features.ts').then(({ createFeatures }) => {
      loaded = createFeatures(context);
      context.subscriptions.push(loaded);
      return loaded;
    });
    return loading;
  };

  for (const id of commandIds) {
    context.subscriptions.push(
      vscode.commands.registerCommand(`countersign.${id}`, async (...args: unknown[]) =>
        (await features()).run(id, args),
      ),
    );
  }
  context.subscriptions.push(
    vscode.window.registerUriHandler(createUriHandler(() => loaded?.deliverRedirect)),
    vscode.workspace.registerTextDocumentContentProvider(approvalScheme, approvalDocuments),
    registerAuthenticationProvider(async () => (await features()).authentication),
  );
  setTimeout(() => void features(), restAfterMs);
  return context.extensionMode === vscode.ExtensionMode.Test ? { features } : undefined;
}
