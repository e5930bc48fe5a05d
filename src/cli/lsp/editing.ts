/** Semantic tokens, formatting, selections, linked edits, rename and quick fixes over the protocol. */
import {
  CodeActionKind,
  ErrorCodes,
  ResponseError,
  type CodeAction,
  type CodeActionParams,
  type LinkedEditingRanges,
  type Position,
  type Range,
  type SelectionRange,
  type SemanticTokens,
  type TextEdit,
  type WorkspaceEdit,
} from 'vscode-languageserver/node';
import { TextDocument } from 'vscode-languageserver-textdocument';
import { boundarySpans } from '../../language/features/boundaries.ts';
import { codeActions, type TextChange } from '../../language/features/code-actions.ts';
import { format } from '../../language/features/format.ts';
import { rename, renamePlace, wrongName } from '../../language/features/rename.ts';
import { selectionSpans } from '../../language/features/selection-ranges.ts';
import { semanticTokens, tokenModifiers, tokenTypes } from '../../language/features/semantic-tokens.ts';
import { renameAcross } from '../../variables/rename-across.ts';
import type { Diagnostics } from './diagnostics.ts';
import type { OpenDocument } from './open-documents.ts';
import { otherContexts, type Session } from './session.ts';

/** In the protocol’s form: each token by its distance from the one before. */
export function provideTokens(session: Session, document: OpenDocument, range?: Range): SemanticTokens {
  const { positions } = session;
  const { text } = document;
  const data: number[] = [];
  let last = { line: 0, character: 0 };
  const within = range && positions.toSpan(text, range);
  for (const { start, end, type, modifier } of semanticTokens(session.parse(document), within)) {
    const at = positions.toPosition(text, start);
    const character = at.line === last.line ? at.character - last.character : at.character;
    const width = positions.widthOf(text.getText().slice(start, end));
    const modifiers = modifier === undefined ? 0 : 1 << tokenModifiers.indexOf(modifier);
    data.push(at.line - last.line, character, width, tokenTypes.indexOf(type), modifiers);
    last = at;
  }
  return { data };
}

/** Nothing in another text with requests in it: what is around them is not ours to space. */
export function provideFormat(session: Session, document: OpenDocument): TextEdit[] {
  if (document.embedding) return [];
  return session.positions.toEdits(document.text, format(session.parse(document)));
}

export function provideSelections(session: Session, document: OpenDocument, at: readonly Position[]): SelectionRange[] {
  const { positions } = session;
  const file = session.parse(document);
  return at.map((position) => {
    const offset = positions.toOffset(document.text, position);
    const outer = selectionSpans(file, offset).reduceRight<SelectionRange | undefined>((parent, span) => {
      const range = positions.toRange(document.text, span);
      return parent ? { range, parent } : { range };
    }, undefined);
    // One answer for each position, whatever stands there.
    return outer ?? { range: { start: position, end: position } };
  });
}

export function provideLinkedEdits(session: Session, document: OpenDocument, at: Position): LinkedEditingRanges | null {
  const { positions } = session;
  const spans = boundarySpans(session.parse(document), positions.toOffset(document.text, at));
  const ranges = spans.map((span) => positions.toRange(document.text, span));
  return ranges.length > 1 ? { ranges, wordPattern: "[\\w'()+,./:=?-]+" } : null;
}

export function prepareRename(session: Session, document: OpenDocument, at: Position): Range | null {
  const place = renamePlace(session.parse(document), session.positions.toOffset(document.text, at));
  return place ? session.positions.toRange(document.text, place.span) : null;
}

export async function provideRename(
  session: Session,
  document: OpenDocument,
  at: Position,
  to: string,
): Promise<WorkspaceEdit | null> {
  const file = session.parse(document);
  const offset = session.positions.toOffset(document.text, at);
  const place = renamePlace(file, offset);
  if (!place) return null;
  const wrong = wrongName(place, to);
  if (wrong !== undefined) throw new ResponseError(ErrorCodes.InvalidParams, wrong);
  const changes = { [document.text.uri]: session.positions.toEdits(document.text, rename(file, offset, to)) };
  const { path } = document;
  if (path === undefined || document.embedding) return { changes };
  const elsewhere = await renameAcross(await session.renameContextOf(path), place, to, {
    others: () => otherContexts(session, path),
    fileAt: (other) => session.fileAt(other),
    textAt: (other) => session.textAt(other),
  });
  for (const [other, found] of elsewhere) {
    changes[session.uriOf(other)] = await editsAt(session, other, found);
  }
  return { changes };
}

async function editsAt(session: Session, path: string, changes: readonly TextChange[]): Promise<TextEdit[]> {
  const open = session.documents.atPath(path)?.text;
  const text = open ?? TextDocument.create(session.uriOf(path), 'http', 0, await session.textAt(path));
  return session.positions.toEdits(text, changes);
}

/** Those that change text; what needs a dialog of an extension is not offered here. */
export function provideActions(
  session: Session,
  document: OpenDocument,
  diagnostics: Diagnostics,
  { range, context }: CodeActionParams,
): CodeAction[] {
  if (context.only && !context.only.some((kind) => CodeActionKind.QuickFix.startsWith(kind))) return [];
  const selection = session.positions.toSpan(document.text, range);
  return codeActions(session.parse(document), selection, diagnostics.of(document)).flatMap(
    ({ title, diagnostic, preferred, edits }) =>
      edits === undefined
        ? []
        : [
            {
              title,
              kind: CodeActionKind.QuickFix,
              diagnostics: [diagnostics.toDiagnostic(document, diagnostic)],
              ...(preferred === true ? { isPreferred: true } : {}),
              edit: { changes: { [document.text.uri]: session.positions.toEdits(document.text, edits) } },
            },
          ],
  );
}
