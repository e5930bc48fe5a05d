/**
 * `@name = value` of imported request files. The file itself goes before them, a nearer import before a farther one,
 * and in one file the last definition counts. Source: dialects.md §14.
 */
import { loadImports } from '../imports/imported-files.ts';
import type { VariableContext, VariableDefinition, VariableSource } from '../types.ts';
import { baseName } from '../words.ts';
import { definitionsOf, namesOf } from './file-variables.ts';

export const importedVariablesSource: VariableSource = {
  id: 'import',
  label: 'imported file',
  async definitions(name, context) {
    const { files } = await loadImports(context);
    return files.flatMap(({ path, file }) =>
      definitionsOf(name, { ...context, file, path, request: undefined }, baseName(path)).map(
        (definition): VariableDefinition => ({ ...definition, key: `${path}:${definition.key}` }),
      ),
    );
  },
  async list(context: VariableContext) {
    const { files } = await loadImports(context);
    return files.flatMap(({ path, file }) => namesOf({ ...context, file, path, request: undefined }, baseName(path)));
  },
};
