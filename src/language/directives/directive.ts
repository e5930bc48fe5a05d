/** What we know of a directive: its names, who reads it, what it says. Source: dialects.md §12. */
import type { DialectId } from '../types.ts';

/** What may follow the name. */
export type DirectiveArgument =
  | 'none'
  | 'text'
  | 'optional-text'
  | 'name'
  | 'duration'
  | 'milliseconds'
  | 'path'
  | 'url'
  | 'expression'
  | 'credential'
  | 'expectations';

export interface Directive {
  /** Kebab case, the spelling we offer; camel case and any letter case are understood too. */
  readonly name: string;
  /** Other names for the same thing. */
  readonly aliases?: readonly string[];
  /** The tools that read it; ours alone has `union`. */
  readonly dialects: readonly DialectId[];
  readonly argument: DirectiveArgument;
  /** Whether it may stand more than once on a request. */
  readonly repeats?: boolean;
  /** One sentence for hover and completion. */
  readonly doc: string;
  /**
   * What the run room does on it; `ignored` is kept and has no effect, `not-offered` would have changed what is
   * sent, so the answer says that it did not, `refused` is never obeyed.
   */
  readonly effect: string;
}

/** Effects that a later version gives: understood and kept, and nothing happens on them yet. */
export const pendingEffects: ReadonlySet<string> = new Set([
  'extension',
  'graphql',
  'jwt',
  'keep-streaming',
  'language',
  'no-client-cert',
  'no-graphql',
  'no-response-view',
  'open-with',
  'post-redirect-get',
  'save',
  'tag',
]);

/** The sentence for hover and completion, true for this version. */
export function directiveDoc(directive: Directive): string {
  return pendingEffects.has(directive.effect)
    ? `${directive.doc} This version understands it and does nothing with it.`
    : directive.doc;
}
