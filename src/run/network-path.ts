/**
 * Paths of another machine (`\\host\share`). To ask Windows for one is to sign in there with the person's account, so it
 * is told by its spelling, before any look at the disk. Both separators count, also mixed. Pure.
 */
export function isNetworkPath(written: string): boolean {
  return /^\s*[\\/]{2}/.test(written);
}
