/**
 * The operations of OpenAPI and Swagger descriptions, JSON or YAML. A file is read again when it changed. What
 * is neither has none.
 */
import { toOperations, type OperationFact } from '../language/features/openapi.ts';
import type { FileReader } from '../ports.ts';
import { loadCached } from '../variables/environments/cached-file.ts';

/** Of the descriptions of a workspace that are looked into. */
export const mostDescriptions = 10;

/** @param paths absolute; what is no description has no operations */
export async function loadOperations(files: FileReader, paths: readonly string[]): Promise<readonly OperationFact[]> {
  const all = await Promise.all(
    paths.slice(0, mostDescriptions).map((path) =>
      loadCached(files, path, 'api description', async (file) => {
        if (file.kind !== 'text') return [];
        try {
          return toOperations(await parseDescription(path, file.text));
        } catch {
          // While it is being written it is neither JSON nor YAML.
          return [];
        }
      }),
    ),
  );
  return all.flatMap((operations) => operations ?? []);
}

async function parseDescription(path: string, text: string): Promise<unknown> {
  if (!/\.ya?ml$/i.test(path)) return JSON.parse(text);
  const { parseYaml } = await import('./parse-yaml.ts');
  return parseYaml(text);
}
