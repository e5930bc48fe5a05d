/**
 * The state of a credential as every surface names it: lens, tree, hover. From the vault and the broker, never from the
 * network, and never the secret itself. Source: ux.md C2, design.md C2.1.
 */
import type { CredentialStatus } from '../credentials/vault-types.ts';
import type { NamedDefinition, Session } from '../credentials/types.ts';
import { toAccountRequest } from '../credentials/schemes/account.ts';
import { isAccount, isOAuth } from './authorize.ts';
import type { ComposedEngine } from './compose-engine.ts';
import { toShownText } from '../credentials/shown-text.ts';
import { span } from '../words/quantities.ts';

export type CredentialStateKind =
  | 'ready'
  | 'signed-in'
  | 'not-signed-in'
  | 'signing-in'
  | 'expires-soon'
  | 'expired'
  | 'ended'
  | 'secret-missing'
  | 'failed'
  | 'unreachable'
  | 'proposed'
  | 'changed';

export interface CredentialState {
  readonly kind: CredentialStateKind;
  /** For the row: `Ada Lovelace · 52 min`. */
  readonly short: string;
  /** For screen readers and tooltips: `orders, signed in as Ada Lovelace, expires in 52 minutes.` */
  readonly sentence: string;
  readonly person?: string;
  readonly missing?: string;
  readonly session?: Session;
  readonly refreshable: boolean;
  readonly status: CredentialStatus;
}

export async function loadCredentialState(
  named: NamedDefinition,
  { vault, broker, deps }: Pick<ComposedEngine, 'vault' | 'broker' | 'deps'>,
  now = Date.now(),
): Promise<CredentialState> {
  const status = await vault.status(named);
  const state = (
    kind: CredentialStateKind,
    short: string,
    sentence: string,
    more: Partial<CredentialState> = {},
  ): CredentialState => ({
    kind,
    short: status.memoryOnly ? `${short} · until this window closes` : short,
    sentence: `${named.name}, ${sentence}.`,
    refreshable: false,
    status,
    ...more,
  });
  if (status.approval === 'proposed')
    return state('proposed', 'proposed · not approved yet', 'proposed by the workspace, not approved yet');
  if (status.approval === 'changed')
    return state('changed', 'definition changed · review', 'its definition changed since you approved it');
  const missing = status.slots.find((slot) => slot.required && !slot.present);
  if (missing)
    return state('secret-missing', `${missing.label} missing`, `its ${missing.label} is missing`, {
      missing: missing.label,
    });
  if (isAccount(named)) {
    if (!deps.accounts) return state('unreachable', 'needs VS Code', 'it uses an account of VS Code');
    const found = await deps.accounts.find(toAccountRequest(named.definition));
    if (!found) return state('not-signed-in', 'not signed in', 'not signed in');
    const person = toShownText(found.account, 100);
    return state('signed-in', person, `signed in as ${person}`, { person });
  }
  if (!isOAuth(named)) return state('ready', 'ready', 'ready');
  const session = await broker.state(named);
  switch (session.kind) {
    case 'none':
      return isInteractive(named)
        ? state('not-signed-in', 'not signed in', 'not signed in')
        : state('ready', 'signs in when used', 'signs in when used');
    case 'signing-in':
      return state('signing-in', 'waiting for the browser…', 'waiting for the sign-in in the browser');
    case 'failed':
      return state(
        'failed',
        `sign-in failed · ${session.code}`,
        `the sign-in failed: ${session.message.replace(/\.$/, '')}`,
      );
    case 'unreachable':
      return state('unreachable', `${session.host} does not answer`, `${session.host} does not answer`);
    case 'ended':
      return state('ended', 'session ended · sign in again', 'its session ended, sign in again', {
        ...(session.session && { session: session.session }),
      });
    default:
      return signedIn(
        named,
        session.kind,
        session.session,
        'refreshable' in session && session.refreshable,
        now,
        state,
      );
  }
}

function signedIn(
  named: NamedDefinition,
  kind: 'signed-in' | 'expires-soon' | 'expired',
  session: Session,
  refreshable: boolean,
  now: number,
  state: (
    kind: CredentialStateKind,
    short: string,
    sentence: string,
    more: Partial<CredentialState>,
  ) => CredentialState,
): CredentialState {
  const person = session.identity?.label ?? (isInteractive(named) ? undefined : clientOf(named));
  const left = session.expiresAt === undefined ? undefined : session.expiresAt - now;
  const who = person ?? 'signed in';
  const more = {
    session,
    refreshable: refreshable || session.refreshToken !== undefined,
    ...(person === undefined ? {} : { person }),
  };
  if (kind === 'expired') {
    return refreshable
      ? state('expired', 'expired · refreshes when used', 'expired, refreshes when used', more)
      : state('ended', 'session ended · sign in again', 'its session ended, sign in again', more);
  }
  if (kind === 'expires-soon' && !more.refreshable) {
    return state(
      'expires-soon',
      `${who} · ends in ${span(left ?? 0)}`,
      `signed in as ${who}, ends in ${span(left ?? 0, true)}`,
      more,
    );
  }
  return left === undefined
    ? state('signed-in', who, `signed in as ${who}`, more)
    : state('signed-in', `${who} · ${span(left)}`, `signed in as ${who}, expires in ${span(left, true)}`, more);
}

export function isInteractive(named: NamedDefinition): boolean {
  return (
    isOAuth(named) &&
    !['client_credentials', 'urn:ietf:params:oauth:grant-type:jwt-bearer'].includes(named.definition.grant)
  );
}

function clientOf(named: NamedDefinition): string | undefined {
  return isOAuth(named) ? named.definition.client_id : undefined;
}
