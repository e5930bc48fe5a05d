/** The operations of OpenAPI and Swagger descriptions. A file is read again when it changed. */
import { toOperations, type OperationFact } from '../language/features/openapi.ts';
import type { FileReader } from '../ports.ts';
import { loadCached } from '../variables/environments/cached-file.ts';

/** Of the descriptions of a workspace that are looked into. */
export const mostDescriptions = 10;

/** @param paths absolute; what is no description has no operations */
export async function loadOperations(files: FileReader, paths: readonly string[]): Promise<readonly OperationFact[]> {
  const all = await Promise.all(
    paths.slice(0, mostDescriptions).map((path) =>
      loadCached(files, path, 'api description', (file) => {
        if (file.kind !== 'text') return [];
        try {
          return toOperations(JSON.parse(file.text));
        } catch {
          // While it is being written it is not JSON.
          return [];
        }
      }),
    ),
  );
  return all.flatMap((operations) => operations ?? []);
}
