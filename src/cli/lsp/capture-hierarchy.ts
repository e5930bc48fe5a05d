/** The call hierarchy of captures over the protocol: who uses this response, and whose responses this request uses. */
import {
  SymbolKind,
  type CallHierarchyIncomingCall,
  type CallHierarchyItem,
  type CallHierarchyOutgoingCall,
  type Position,
} from 'vscode-languageserver/node';
import { TextDocument } from 'vscode-languageserver-textdocument';
import { captureItemAt, captureItemFrom, type CaptureItem } from '../../language/features/capture-calls.ts';
import { captureCallees, captureCallers } from '../../variables/capture-calls-across.ts';
import { toPath, type OpenDocument } from './open-documents.ts';
import { otherContexts, type Session } from './session.ts';

export function prepareHierarchy(session: Session, document: OpenDocument, at: Position): CallHierarchyItem[] {
  const item = captureItemAt(session.parse(document), session.positions.toOffset(document.text, at));
  return item ? [toItem(session, document.text, item)] : [];
}

export async function provideIncoming(
  session: Session,
  asked: CallHierarchyItem,
): Promise<CallHierarchyIncomingCall[]> {
  const found = await find(session, asked);
  if (!found) return [];
  const { context, item } = found;
  const calls = await captureCallers(context, item, () => otherContexts(session, context.path));
  return Promise.all(
    calls.map(async ({ path, item: from, places }) => {
      const text = await textOf(session, path);
      const fromRanges = places.map((place) => session.positions.toRange(text, place));
      return { from: toItem(session, text, from), fromRanges };
    }),
  );
}

export async function provideOutgoing(
  session: Session,
  asked: CallHierarchyItem,
): Promise<CallHierarchyOutgoingCall[]> {
  const found = await find(session, asked);
  if (!found) return [];
  const { context, item, text } = found;
  const calls = await captureCallees(context, item);
  return Promise.all(
    calls.map(async ({ path, item: to, places }) => {
      const fromRanges = places.map((place) => session.positions.toRange(text, place));
      return { to: toItem(session, await textOf(session, path), to), fromRanges };
    }),
  );
}

/** The item that the client was given before, in its file as that is now. */
async function find(session: Session, { uri, selectionRange }: CallHierarchyItem) {
  const path = toPath(uri);
  if (path === undefined) return undefined;
  const context = await session.renameContextOf(path);
  const text = await textOf(session, path);
  const item = captureItemFrom(context.file, session.positions.toOffset(text, selectionRange.start));
  return item && { context, text, item };
}

async function textOf(session: Session, path: string): Promise<TextDocument> {
  const open = session.documents.atPath(path)?.text;
  return open ?? TextDocument.create(session.uriOf(path), 'http', 0, await session.textAt(path));
}

function toItem({ positions }: Session, text: TextDocument, item: CaptureItem): CallHierarchyItem {
  const { kind, label, detail, span, selection } = item;
  return {
    name: label,
    detail,
    kind: kind === 'request' ? SymbolKind.Method : SymbolKind.Variable,
    uri: text.uri,
    range: positions.toRange(text, span),
    selectionRange: positions.toRange(text, selection),
  };
}
