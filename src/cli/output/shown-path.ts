/** A path as it is printed: relative to where the command was started, or absolute when it lies elsewhere. */
import { relative, resolve, sep } from 'node:path';

export function shownPath(path: string): string {
  const short = relative(process.cwd(), resolve(path));
  return short === '' || short === '..' || short.startsWith(`..${sep}`) ? path : short;
}
