/** Quick fixes for request files and `countersign.json`: the language room’s actions as VS Code’s, with their diagnostic. */
import {
  CodeAction,
  CodeActionKind,
  WorkspaceEdit,
  workspace,
  type CodeActionContext,
  type CodeActionProvider,
  type Range,
  type TextDocument,
} from 'vscode';
import { codeActions } from '../../language/features/code-actions.ts';
import type { FeatureDiagnostic } from '../../language/features/diagnostics.ts';
import type { RequestFile } from '../../language/types.ts';
import { toRange, toSpan } from './positions.ts';

export class QuickFixes implements CodeActionProvider {
  readonly #parse: (document: TextDocument) => RequestFile;
  readonly #diagnosticsOf: (document: TextDocument) => readonly FeatureDiagnostic[];

  constructor(
    parse: (document: TextDocument) => RequestFile,
    diagnosticsOf: (document: TextDocument) => readonly FeatureDiagnostic[],
  ) {
    this.#parse = parse;
    this.#diagnosticsOf = diagnosticsOf;
  }

  provideCodeActions(document: TextDocument, range: Range, context: CodeActionContext): CodeAction[] {
    const found = codeActions(this.#parse(document), toSpan(document, range), this.#diagnosticsOf(document));
    const uri = document.uri.toString();
    return found
      .filter(({ command }) => command === undefined || workspace.isTrusted)
      .map(({ title, diagnostic, preferred, edits, command }) => {
        const action = new CodeAction(title, CodeActionKind.QuickFix);
        const at = toRange(document, diagnostic.span);
        action.diagnostics = context.diagnostics.filter(
          ({ code, range: place }) =>
            (typeof code === 'object' ? code.value : code) === diagnostic.code && place.isEqual(at),
        );
        action.isPreferred = preferred === true;
        if (edits) {
          action.edit = new WorkspaceEdit();
          for (const edit of edits) action.edit.replace(document.uri, toRange(document, edit.span), edit.text);
        }
        if (command) {
          action.command = {
            title,
            command: `countersign.${command.id}`,
            arguments: [{ ...command.arguments, uri }],
          };
        }
        return action;
      });
  }
}
