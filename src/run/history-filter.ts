/**
 * Which entries of the history a person's words mean, and when a credential was last used by one of them. It reads the
 * facts an entry keeps and nothing else. Pure. Source: ux.md A1, C1, design.md A1.3.
 */
import { dirname, sep } from 'node:path';
import type { NamedDefinition } from '../credentials/types.ts';
import { reasonOf } from '../words/outcomes.ts';
import type { HistoryEntry } from './history.ts';

/** Entries in which every word stands somewhere: method, address, name, status, reason, credential, environment, file. */
export function filterHistory(entries: readonly HistoryEntry[], words: string): readonly HistoryEntry[] {
  const wanted = words
    .toLowerCase()
    .split(/\s+/)
    .filter((word) => word !== '');
  if (wanted.length === 0) return entries;
  return entries.filter((entry) => {
    const text = textOf(entry);
    return wanted.every((word) => text.includes(word));
  });
}

function textOf(entry: HistoryEntry): string {
  const reason = entry.error === undefined ? undefined : `${entry.error} ${reasonOf(entry.error)}`;
  const parts = [
    entry.method,
    entry.url,
    entry.name,
    entry.status ?? 'not sent',
    reason,
    entry.credential,
    entry.environment,
    entry.path,
  ];
  return parts
    .filter((part) => part !== undefined && part !== null)
    .join('\n')
    .toLowerCase();
}

/**
 * The newest entry that this credential, and not another of the same name, was part of and that was answered.
 * @param others all definitions in sight: one in a folder's file stands before one's own there
 */
export function lastUseOf(
  entries: readonly HistoryEntry[],
  named: NamedDefinition,
  others: readonly NamedDefinition[],
): HistoryEntry | undefined {
  const within = (entry: HistoryEntry, file: string): boolean =>
    entry.path?.startsWith(`${dirname(file)}${sep}`) === true;
  const { name, file } = named;
  const shadows = others.filter((other) => other.name === name && other.file !== undefined && other.file !== file);
  return entries.find((entry) => {
    if (entry.credential !== name || entry.status === undefined) return false;
    if (file !== undefined) return within(entry, file);
    return !shadows.some((other) => other.file !== undefined && within(entry, other.file));
  });
}
