/** The documents that may hold request files. Adding one is a file and a line here. */
import { asciidoc } from './asciidoc.ts';
import type { Embedding } from './embedding.ts';
import { markdown } from './markdown.ts';

export const embeddings = [markdown, asciidoc] as const satisfies readonly Embedding[];

/** The embedding of a language id of VS Code, or of a file by its extension; undefined for a request file. */
export function embeddingOf(languageOrPath: string): Embedding | undefined {
  const extension = /\.([a-z]+)$/i.exec(languageOrPath)?.[1]?.toLowerCase();
  return embeddings.find(
    ({ languages, extensions }: Embedding) =>
      languages.includes(languageOrPath) || (extension !== undefined && extensions.includes(extension)),
  );
}
