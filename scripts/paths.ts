/** Where things stand in the repository: absolute paths, computed from this file's place. */
import { dirname, join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';

export const root = resolve(dirname(fileURLToPath(import.meta.url)), '..');
/** Everything the scripts write and git ignores. */
export const cache = join(root, '.cache');
