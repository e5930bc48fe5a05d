/** What travels between a body reader and its worker: calls of `BodyDocument`'s methods by name, and their answers. */
import type { BodyDocument, DocumentKind } from './body-document.ts';

export interface LoadRequest {
  readonly bytes?: Uint8Array;
  readonly file?: string;
  readonly charset: string;
  readonly skip: number;
  readonly kind: DocumentKind;
}

export type DocumentMethod = Exclude<keyof BodyDocument, 'constructor'>;

export type WorkerCall =
  | { readonly id: number; readonly method: 'load'; readonly args: readonly [LoadRequest] }
  | { readonly id: number; readonly method: DocumentMethod; readonly args: readonly unknown[] };

export interface WorkerAnswer {
  readonly id: number;
  readonly value?: unknown;
  readonly error?: string;
}
