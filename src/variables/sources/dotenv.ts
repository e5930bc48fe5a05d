/**
 * Keys of `.env` files as variables, as httpYac has them; `${KEY}` in a value stands for another key of the files
 * in sight. Every value is secret.
 */
import { loadDotenvFiles, type DotenvFile } from '../environments/dotenv-files.ts';
import { secret } from '../tracked.ts';
import type { VariableSource } from '../types.ts';
import { baseName, shownName } from '../words.ts';

export const dotenvSource: VariableSource = {
  id: 'dotenv',
  label: '.env file',
  async definitions(name, context) {
    const files = await loadDotenvFiles(context);
    return files.flatMap((file) => {
      const value = file.values.get(name);
      if (value === undefined) return [];
      return [
        {
          name,
          key: `dotenv:${file.path}:${name}`,
          origin: { label: baseName(file.path), file: file.path },
          value: () => Promise.resolve(secret(withKeys(value, files), `variable ${shownName(name)}`)),
        },
      ];
    });
  },
  async list(context) {
    const files = await loadDotenvFiles(context);
    return files.flatMap((file) =>
      [...file.values.keys()].map((name) => ({
        name,
        display: '••••',
        origin: { label: baseName(file.path), file: file.path },
      })),
    );
  },
};

/** One level deep; an unknown key stays as written. */
function withKeys(value: string, files: readonly DotenvFile[]): string {
  return value.replace(/\$\{(\w+)\}/g, (match, key: string) => {
    return files.find((file) => file.values.has(key))?.values.get(key) ?? match;
  });
}
