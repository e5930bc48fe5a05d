/**
 * What a person called no secret: kept as SHA-256 outside the workspace, so that no file has to say so (design.md B4.1).
 */
import { createHash } from 'node:crypto';
import type { Memento } from 'vscode';

const key = 'notSecrets';
const most = 500;

export function isDismissed(state: Memento, value: string): boolean {
  const known = state.get<readonly string[]>(key, []);
  return known.length > 0 && known.includes(hashOf(value));
}

export async function dismissSecret(state: Memento, value: string): Promise<void> {
  const known = state.get<readonly string[]>(key, []).filter((hash) => hash !== hashOf(value));
  await state.update(key, [...known, hashOf(value)].slice(-most));
}

function hashOf(value: string): string {
  return createHash('sha256').update(value).digest('hex');
}
