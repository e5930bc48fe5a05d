/** The call hierarchy of captures: who uses this response, and whose responses this request uses. */
import {
  CallHierarchyIncomingCall,
  CallHierarchyItem,
  CallHierarchyOutgoingCall,
  SymbolKind,
  workspace,
  type CallHierarchyProvider,
  type Position,
  type TextDocument,
} from 'vscode';
import { captureItemAt, captureItemFrom, type CaptureItem } from '../../language/features/capture-calls.ts';
import { captureCallees, captureCallers, type CaptureCallAcross } from '../../variables/capture-calls-across.ts';
import type { App } from '../app.ts';
import { toRange } from './positions.ts';
import { openPath, otherRequestContexts, requestContextOf } from './request-contexts.ts';

export class CaptureHierarchy implements CallHierarchyProvider {
  readonly #app: App;

  constructor(app: App) {
    this.#app = app;
  }

  prepareCallHierarchy(document: TextDocument, position: Position): CallHierarchyItem | undefined {
    const item = captureItemAt(this.#app.documents.parse(document), document.offsetAt(position));
    return item && toItem(document, item);
  }

  async provideCallHierarchyIncomingCalls(asked: CallHierarchyItem): Promise<CallHierarchyIncomingCall[]> {
    const { document, item } = await this.#found(asked);
    if (!item) return [];
    const others = (): ReturnType<typeof otherRequestContexts> =>
      workspace.isTrusted && document.uri.scheme === 'file'
        ? otherRequestContexts(this.#app, document)
        : Promise.resolve([]);
    const calls = await captureCallers(requestContextOf(this.#app, document), item, others);
    return Promise.all(
      calls.map(async (call) => {
        const from = await this.#documentOf(document, call);
        const ranges = call.places.map((place) => toRange(from, place));
        return new CallHierarchyIncomingCall(toItem(from, call.item), ranges);
      }),
    );
  }

  async provideCallHierarchyOutgoingCalls(asked: CallHierarchyItem): Promise<CallHierarchyOutgoingCall[]> {
    const { document, item } = await this.#found(asked);
    if (!item) return [];
    const calls = await captureCallees(requestContextOf(this.#app, document), item, workspace.isTrusted);
    return Promise.all(
      calls.map(async (call) => {
        const ranges = call.places.map((place) => toRange(document, place));
        return new CallHierarchyOutgoingCall(toItem(await this.#documentOf(document, call), call.item), ranges);
      }),
    );
  }

  async #found({ uri, selectionRange }: CallHierarchyItem): Promise<{ document: TextDocument; item?: CaptureItem }> {
    const document = await workspace.openTextDocument(uri);
    const item = captureItemFrom(this.#app.documents.parse(document), document.offsetAt(selectionRange.start));
    return item ? { document, item } : { document };
  }

  #documentOf(own: TextDocument, { path }: CaptureCallAcross): Thenable<TextDocument> {
    return path === own.uri.fsPath ? Promise.resolve(own) : openPath(path);
  }
}

function toItem(document: TextDocument, { kind, label, detail, span, selection }: CaptureItem): CallHierarchyItem {
  const symbol = kind === 'request' ? SymbolKind.Method : SymbolKind.Variable;
  return new CallHierarchyItem(
    symbol,
    label,
    detail,
    document.uri,
    toRange(document, span),
    toRange(document, selection),
  );
}
