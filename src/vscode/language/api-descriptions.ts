/** The OpenAPI and Swagger descriptions of the workspace, for completion. */
import { workspace } from 'vscode';
import type { OperationFact } from '../../language/features/openapi.ts';
import type { FileReader } from '../../ports.ts';
import { loadOperations, mostDescriptions } from '../../run/api-descriptions.ts';

export async function loadWorkspaceOperations(files: FileReader): Promise<readonly OperationFact[]> {
  const found = await workspace.findFiles(
    '**/*{openapi,swagger}*.{json,yaml,yml}',
    '**/node_modules/**',
    mostDescriptions,
  );
  return loadOperations(
    files,
    found.map((uri) => uri.fsPath),
  );
}
