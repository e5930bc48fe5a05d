/**
 * One part of what scripts can use: names put into the global scope of the sandbox. `source` is the body of a
 * JavaScript function of `kit` (see prelude.ts) that returns an object of those names; it runs inside the sandbox.
 */
import type { ScriptDialect } from '../types.ts';

export interface Surface {
  readonly id: string;
  /** `response` only in response handlers, `always` in both. */
  readonly when: 'always' | 'response';
  /** For scripts of one tool only; absent for those of all. */
  readonly dialect?: ScriptDialect;
  readonly source: string;
}
