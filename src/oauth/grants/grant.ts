/**
 * What a grant is: one file here, one line in `registry.ts`. Names are the registered ones of RFC 6749 and RFC 7591. The
 * schema, the wizard, completion, approval and the reference read what it says of itself.
 */
import type { GrantForm } from '../../credentials/grant-form.ts';
import type { Identity } from '../../credentials/types.ts';
import type { TokenAnswer } from '../library.ts';
import type { Operation } from '../operation.ts';
import type { StepId, StepInfo } from '../trace-steps.ts';

export interface Grant extends GrantForm {
  readonly label: string;
  /** Who calls, for the wizard's first question. */
  readonly who: 'person' | 'service' | 'device' | 'on-behalf' | 'legacy';
  /** Why it is the one to take, in one sentence. */
  readonly reason: string;
  /** True when a person takes part: then it is never started without `interactive`. */
  readonly interactive: boolean;
  /** What to say and use instead, for a grant that RFC 9700 advises against. */
  readonly legacy?: { readonly warning: string; readonly instead: string };
  readonly plan: readonly StepId[];
  /** Steps that no other grant has, by the ids in `plan`. */
  readonly steps?: Readonly<Record<string, StepInfo>>;
  /** Milliseconds a sign-in may take, where the person's time is not that of a browser. */
  readonly limitMs?: number;
  /** Runs the grant on a prepared operation. Throws `CS-AUTH-*`. */
  obtain(operation: Operation): Promise<GrantResult>;
}

export interface GrantResult {
  readonly answer: TokenAnswer;
  /** Undefined for a grant that speaks for nobody known. */
  readonly identity: Identity | undefined;
}
