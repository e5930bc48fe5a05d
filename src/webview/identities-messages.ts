/** One request as several identities: the rows that the panel is told at once, and the answer it asks to see. */
import type { Shown } from '../response/model.ts';
import { isCount, isFlag, type Fields } from './checks.ts';

export interface IdentityRow {
  /** Name of the credential, or `none`. */
  readonly as: string;
  /** The person behind it, where one is known. */
  readonly person?: Shown;
  /** `200 OK`, or that nothing was answered. */
  readonly outcome: Shown;
  /** Why it was not sent, as a sentence. */
  readonly problem?: Shown;
  /** `200`, `2xx`, `200,204`. */
  readonly expected?: string;
  readonly asExpected?: boolean;
  /** How its body stands to the first one: `same as admin`, `3 differences`. */
  readonly body: string;
  /** Whether there is something to compare with the first one. */
  readonly differs: boolean;
  readonly bytes?: number;
  readonly milliseconds: number;
}

export interface IdentitiesModel {
  readonly rows: readonly IdentityRow[];
  /** The row whose answer is on screen. */
  readonly current: number;
}

export type IdentityOrder = {
  readonly type: 'open-identity';
  readonly row: number;
  /** Show what differs from the first one. */
  readonly compare: boolean;
};

export const identityOrders: Readonly<Record<IdentityOrder['type'], Fields>> = {
  'open-identity': { row: isCount, compare: isFlag },
};
