/** The operations of the OpenAPI and Swagger descriptions in the workspace, as JSON. Read again when a file changed. */
import { workspace } from 'vscode';
import { toOperations, type OperationFact } from '../../language/features/openapi.ts';
import type { FileReader } from '../../ports.ts';
import { loadCached } from '../../variables/environments/cached-file.ts';

const mostFiles = 10;

export async function loadOperations(files: FileReader): Promise<readonly OperationFact[]> {
  const found = await workspace.findFiles('**/*{openapi,swagger}*.json', '**/node_modules/**', mostFiles);
  const all = await Promise.all(
    found.map((uri) =>
      loadCached(files, uri.fsPath, 'api description', (file) => {
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
