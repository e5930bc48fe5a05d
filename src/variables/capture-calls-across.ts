/** Who uses whose response over the borders of files: those that import a file, and those it imports. */
import { captureItem, captureSources, captureUses, type CaptureItem } from '../language/features/capture-calls.ts';
import type { Span } from '../language/types.ts';
import { loadImports } from './imports/imported-files.ts';
import type { RenameContext } from './rename-across.ts';

export interface CaptureCallAcross {
  /** Absolute path of the file that the item stands in. */
  readonly path: string;
  readonly item: CaptureItem;
  /** Where the reference stands, in the file of whoever uses. */
  readonly places: readonly Span[];
}

/** Who uses the item, in its own file first. @param others every other request file of the workspace */
export async function captureCallers(
  { file, path }: RenameContext,
  { name }: CaptureItem,
  others: () => Promise<readonly RenameContext[]>,
): Promise<readonly CaptureCallAcross[]> {
  if (name === null) return [];
  const found = captureUses(file, name).map((call): CaptureCallAcross => ({ path, ...call }));
  for (const other of await others()) {
    // One of its own by that name is another thing.
    if (captureItem(other.file, name)) continue;
    const { files } = await loadImports(other);
    if (!files.some((imported) => imported.path === path)) continue;
    found.push(...captureUses(other.file, name).map((call) => ({ path: other.path, ...call })));
  }
  return found;
}

/**
 * What the item uses, here or in an imported file; names of environments are no calls.
 * @param elsewhere false: no other file is read
 */
export async function captureCallees(
  context: RenameContext,
  item: CaptureItem,
  elsewhere = true,
): Promise<readonly CaptureCallAcross[]> {
  const found: CaptureCallAcross[] = [];
  for (const { name, places } of captureSources(context.file, item)) {
    const own = captureItem(context.file, name);
    if (own) {
      found.push({ path: context.path, item: own, places });
      continue;
    }
    for (const { path, file } of elsewhere ? (await loadImports(context)).files : []) {
      const imported = captureItem(file, name);
      if (imported?.kind !== 'request') continue;
      found.push({ path, item: imported, places });
      break;
    }
  }
  return found;
}
