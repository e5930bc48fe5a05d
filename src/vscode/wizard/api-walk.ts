/**
 * Discovery of an API as a person walks it: the API is asked, then, only when they agree, the identity providers that it
 * names. Ending it ends what is under way. Source: auth.md A05, RFC 9728 §5.
 */
import type { ApiFindings, NamedIssuer } from '../../oauth/api-discovery/findings.ts';

export type DiscoverApi = (
  address: string,
  options: { readonly signal: AbortSignal; mayAsk(issuer: NamedIssuer): Promise<boolean> },
) => Promise<ApiFindings>;

/** What comes next: somebody to be asked first, or the end. */
export type WalkState =
  { readonly kind: 'confirm'; readonly issuer: NamedIssuer } | { readonly kind: 'end'; readonly findings: ApiFindings };

export class ApiWalk {
  readonly #abort = new AbortController();
  readonly #end: Promise<WalkState>;
  #question: PromiseWithResolvers<WalkState> = Promise.withResolvers();
  #answer: ((agreed: boolean) => void) | undefined;

  constructor(discover: DiscoverApi, address: string) {
    this.#end = discover(address, {
      signal: this.#abort.signal,
      mayAsk: (issuer) =>
        new Promise((resolve) => {
          this.#answer = resolve;
          this.#question.resolve({ kind: 'confirm', issuer });
        }),
    }).then((findings) => ({ kind: 'end', findings }));
    // Nobody may be waiting any more when it is ended.
    this.#end.catch(() => undefined);
  }

  /** Throws what the network said. */
  next(): Promise<WalkState> {
    return Promise.race([this.#question.promise, this.#end]);
  }

  answer(agreed: boolean): void {
    this.#question = Promise.withResolvers();
    this.#answer?.(agreed);
    this.#answer = undefined;
  }

  stop(): void {
    this.#abort.abort();
    this.#answer?.(false);
  }
}
