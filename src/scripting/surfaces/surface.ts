/**
 * One part of what scripts can use: names put into the global scope of the sandbox. `source` is the body of a
 * JavaScript function of `kit` (see prelude.ts) that returns an object of those names; it runs inside the sandbox.
 */
export interface Surface {
  readonly id: string;
  /** `response` only in response handlers, `always` in both. */
  readonly when: 'always' | 'response';
  readonly source: string;
}
