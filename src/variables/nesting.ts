/**
 * Where in the working out of values a call stands, carried along asynchronous calls.
 */
import { AsyncLocalStorage } from 'node:async_hooks';

/** What is being worked out, from the outside in. */
export interface Frame {
  readonly key: string;
  readonly name: string;
}

/** Counts over one template, nested references included. */
export interface Budget {
  references: number;
}

/** What a call made from inside a value belongs to. */
interface Nesting {
  readonly resolver: object;
  readonly stack: readonly Frame[];
  readonly budget: Budget;
}

/**
 * A source may lead back into the resolver by a way of its own: a token's credential has variables in its
 * definition. Such a call must not wait for the value it is a part of, and its cycles count.
 */
export const nesting = new AsyncLocalStorage<Nesting>();
