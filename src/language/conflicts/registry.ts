/** All conflicts of dialects.md §20, in its order. Adding one is an entry in its family. */
import { bodyConflicts } from './bodies.ts';
import type { Conflict } from './conflict.ts';
import { requestConflicts } from './requests.ts';
import { sendingConflicts } from './sending.ts';
import { variableConflicts } from './variables.ts';

export const conflicts: readonly Conflict[] = [
  ...requestConflicts,
  ...bodyConflicts,
  ...variableConflicts,
  ...sendingConflicts,
];
