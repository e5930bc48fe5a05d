/**
 * Names of entries in the secret store. Scoped by owner and defining file, so that two workspaces with a credential of
 * the same name never share a secret. Keys are stored in clear: they hold names and hashes only.
 */
import { sha256 } from './canonical.ts';
import type { NamedDefinition } from './types.ts';

export type KeyOwner = Pick<NamedDefinition, 'name' | 'owner' | 'file'>;

export const keyPrefix = 'countersign/';

/** `user`, or the hash of the defining file's path. */
export function scopeOf(owner: Pick<KeyOwner, 'owner' | 'file'>): string {
  return owner.owner === 'user' ? 'user' : `w-${sha256(owner.file ?? '').slice(0, 16)}`;
}

/** Keeps `.` and `/` for the structure of the key. */
function encode(name: string): string {
  return encodeURIComponent(name.toWellFormed()).replaceAll('.', '%2E');
}

/** `countersign/secret/user/orders`, `countersign/secret/w-…/orders.private_key`. */
export function secretKey(owner: KeyOwner, slot: string): string {
  return `${keyPrefix}secret/${scopeOf(owner)}/${encode(owner.name)}${slot === '' ? '' : `.${encode(slot)}`}`;
}

/** One for each approved state of the definition: tokens of one environment are not those of another. */
export function sessionKey(owner: KeyOwner, hash: string): string {
  return `${keyPrefix}session/${scopeOf(owner)}/${encode(owner.name)}/${hash.slice(0, 16)}`;
}

export function idTokenKey(owner: KeyOwner, hash: string): string {
  return `${sessionKey(owner, hash)}/id_token`;
}

/** Where an unreadable entry is set aside. */
export function quarantineKey(key: string): string {
  return key.replace(/^countersign\//, 'countersign/quarantine/');
}

/** A secret value for variables of one workspace folder; never a credential's. */
export function variableKey(root: string, name: string): string {
  return `${keyPrefix}value/${sha256(root).slice(0, 16)}/${encode(name)}`;
}

export interface KeyFacts {
  readonly kind: 'secret' | 'session';
  readonly scope: string;
  readonly name: string;
}

/** What a key is for; undefined for keys that are no credential's. */
export function parseKey(key: string): KeyFacts | undefined {
  const found = /^countersign\/(?:quarantine\/)?(secret|session)\/([^/]+)\/([^/.]+)(?:[/.]|$)/.exec(key);
  if (!found) return undefined;
  try {
    return {
      kind: found[1] as KeyFacts['kind'],
      scope: found[2] as string,
      name: decodeURIComponent(found[3] as string),
    };
  } catch {
    return undefined;
  }
}

export function belongsTo(key: string, owner: KeyOwner): boolean {
  const facts = parseKey(key);
  return facts?.scope === scopeOf(owner) && facts.name === owner.name.toWellFormed();
}
