import type { CatalogArea } from './entry.ts';

export const fileErrors = {
  'CS-FILE-OUTSIDE': {
    sentence: 'The file <path> is outside this workspace.',
    cause: 'A request file may send only files of its own workspace, unless a person agrees.',
    next: 'Copy the file into the workspace, or send the request from the editor and agree.',
  },
  'CS-FILE-UNREADABLE': {
    sentence: 'The file <path> cannot be read.',
    cause: 'Its permissions forbid it, it is a folder, or the disk reports a fault.',
    next: 'Check the path and its permissions.',
  },
  'CS-FILE-UNWRITABLE': {
    sentence: 'The file <path> cannot be written.',
    cause: 'Its folder does not exist, its permissions forbid it, or the disk is full.',
    next: 'Check the path, its folder and its permissions.',
  },
  'CS-FILE-PERMISSIONS': {
    sentence: 'Others on this machine can read <path>.',
    cause: 'A file of passwords has to belong to its owner alone.',
    next: 'Take the rights of others away: chmod 600.',
  },
  'CS-FILE-MISSING': {
    sentence: 'The file <path> does not exist.',
    cause: 'It was moved, deleted or never made, or the path is relative to another folder.',
    next: 'Check the path.',
  },
} as const satisfies CatalogArea;
