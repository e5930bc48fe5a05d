/**
 * Trust on first use for where an identity provider's endpoints are: a later move to another origin needs a person.
 * Source: auth.md M6, H27.
 */
import { CountersignError } from '../errors/countersign-error.ts';
import type { ApprovalLine } from '../ports.ts';
import { endpointNames } from './endpoint-vetting.ts';
import type { OAuthCredential, TokenBrokerPorts } from './ports.ts';
import type { Provider } from './provider.ts';

/** Origin of each endpoint that is in use, by name. */
export function toEndpointOrigins(provider: Provider): Readonly<Record<string, string>> {
  const origins: Record<string, string> = {};
  for (const name of Object.keys(endpointNames)) {
    const value = provider.metadata[name];
    if (typeof value === 'string') origins[name] = new URL(value).origin;
  }
  const aliases = (provider.metadata['mtls_endpoint_aliases'] ?? {}) as Readonly<Record<string, string>>;
  for (const [name, value] of Object.entries(aliases)) origins[`${name} for mTLS`] = new URL(value).origin;
  return origins;
}

/** Moved or new endpoints as lines for a person; an endpoint that is gone is no danger. */
export function toMovedEndpoints(
  before: Readonly<Record<string, string>>,
  now: Readonly<Record<string, string>>,
): readonly ApprovalLine[] {
  const known = new Set(Object.values(before));
  return Object.entries(now)
    .filter(([name, origin]) => before[name] !== origin && !(before[name] === undefined && known.has(origin)))
    .map(([name, origin]) => ({
      label: name,
      value: origin,
      ...(before[name] === undefined ? {} : { before: before[name] }),
    }));
}

/** Throws CS-BIND-APPROVAL, with the difference in `facts.changes`, before anything secret leaves. */
export async function checkEndpointPins(
  credential: OAuthCredential,
  provider: Provider,
  ports: Pick<TokenBrokerPorts, 'pins' | 'approve'>,
  interactive: boolean,
  signal?: AbortSignal,
): Promise<'first use' | 'unchanged' | 'approved'> {
  const now = toEndpointOrigins(provider);
  const before = await ports.pins.get(credential.name, credential.hash);
  if (!before) {
    await ports.pins.set(credential.name, credential.hash, now);
    return 'first use';
  }
  const changes = toMovedEndpoints(before, now);
  if (changes.length === 0) return 'unchanged';
  const approved =
    interactive &&
    (await ports.approve?.(
      {
        credential: credential.name,
        title: `Let ${credential.name} sign in where ${provider.host} has moved to?`,
        lines: changes,
        changed: true,
        ...(credential.file === undefined ? {} : { file: credential.file }),
      },
      signal,
    ));
  if (!approved) {
    throw new CountersignError(
      'CS-BIND-APPROVAL',
      `${provider.host} moved its endpoints since you approved ${credential.name}.`,
      {
        next: 'See what changed, then approve it or not. Nothing secret was sent.',
        facts: { changes, endpoints: now },
      },
    );
  }
  await ports.pins.set(credential.name, credential.hash, { ...before, ...now });
  return 'approved';
}
