/** What is wrong with a definition, where, and how readers report it. */
import type { ErrorCode } from '../errors/catalog.ts';
import type { Span } from './json-nodes.ts';

export interface DefinitionProblem {
  readonly code: ErrorCode;
  readonly message: string;
  readonly span: Span;
  readonly severity: 'error' | 'warning' | 'information';
  /** The credential it is about, when it is about one. */
  readonly name?: string;
  /** For CS-DEF-SECRET: the slot the literal belongs in ('' is the main one). The literal is at `span`, quotes included. */
  readonly slot?: string;
}

export type Report = (code: ErrorCode, message: string, span: Span, more?: Partial<DefinitionProblem>) => void;
