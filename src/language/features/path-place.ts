/** Where a request file expects the path of another file, and what of it is written. The disk is the adapter’s. */

/**
 * @param before a line up to the cursor
 * @returns what of the path stands there; undefined where none is expected or it cannot be completed from a folder
 */
export function typedPath(before: string): string | undefined {
  const found = /^\s*(?:<(?:@\w*)?|>>?!?|<>|(?:#|\/\/)\s*@import|import|run)\s+([^\s{%#][^{]*|)$/.exec(before);
  return found?.[1];
}

/** Whether it is looked up beside the request file. */
export function isRelativePath(path: string): boolean {
  return !/^[/\\]|^[a-z]:/i.test(path);
}

/** Entries of a folder that nobody names in a request. */
export const hiddenEntries = /^(?:node_modules|\.git)$/;
