/** What the vault asks for and tells, as data. */
import type { Clock, LockProvider, SecretStore, StateStore } from '../ports.ts';
import type { ApprovalState } from './approval-log.ts';
import type { Redactor } from './redactor.ts';
import type { NamedDefinition, SecretSlot } from './types.ts';

export interface VaultPorts {
  readonly secrets: SecretStore;
  readonly state: StateStore;
  readonly clock: Clock;
  readonly redactor: Redactor;
  /** Holds across windows while an approval is written. */
  readonly lock?: LockProvider;
  /** How long changes are collected before listeners hear of them, in milliseconds; 50 when absent. */
  readonly changeDelayMs?: number;
}

/** What happened to a credential. `removed`: its secret or session is gone, perhaps by another window (S06). */
export interface VaultChange {
  readonly kind: 'definitions' | 'approval' | 'secret' | 'session';
  /** Undefined when many may have changed. */
  readonly name?: string;
  readonly removed?: boolean;
}

/** Everything a row shows, without reading a secret. */
export interface CredentialStatus {
  readonly approval: ApprovalState;
  readonly origins: readonly string[];
  readonly slots: readonly (SecretSlot & { readonly present: boolean })[];
  readonly hasSession: boolean;
  /** One of its entries is in memory because the store did not take it. */
  readonly memoryOnly: boolean;
  readonly place: string;
  /** The person's own definition of this name that a workspace's hides. */
  readonly hides?: NamedDefinition;
}
