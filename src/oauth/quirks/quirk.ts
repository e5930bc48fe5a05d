/**
 * What a quirk is: a known deviation of a provider that a definition asks to put right, as pure data mapping. It sees
 * token requests and answers only, runs no code of a definition, and can add nothing that was not answered but a type or a
 * lifetime, and nothing to a request that the definition does not hold.
 */
import type { OAuth2Definition } from '../../credentials/types.ts';

export type TokenJson = Readonly<Record<string, unknown>>;

export interface Quirk {
  /** As in `quirks` of a definition. */
  readonly name: string;
  /** One sentence: what it puts right, and where it was met. */
  readonly description: string;
  /** Reads a body that is not JSON; undefined when it is none of its kind. */
  parse?(text: string): TokenJson | undefined;
  /** The status to go on with. */
  status?(status: number): number;
  map?(answer: TokenJson): TokenJson;
  /** Adds to the body of a token request what the definition says already. */
  request?(form: URLSearchParams, definition: Pick<OAuth2Definition, 'client_id' | 'scope'>): void;
}
