/**
 * Which scripts a request has: its own, and before them those of httpYac that are for every request of the file: blocks
 * that open with `{{+`, and blocks in a part of the file without a request. Source: dialects.md §13.
 */
import type { RequestFile, RequestNode, ScriptNode } from '../language/types.ts';

interface Shared {
  /** Of parts without a request. */
  readonly loose: readonly ScriptNode[];
  readonly marked: readonly { readonly request: number; readonly script: ScriptNode }[];
}

const known = new WeakMap<RequestFile, Shared>();

export function scriptsFor(file: RequestFile, node: RequestNode): readonly ScriptNode[] {
  const { loose, marked } = sharedOf(file);
  if (loose.length === 0 && marked.length === 0) return node.scripts;
  const others = marked.filter(({ request }) => request !== node.index).map(({ script }) => script);
  return [...loose, ...others, ...node.scripts];
}

/** Looked for once a file: most have none. */
function sharedOf(file: RequestFile): Shared {
  let shared = known.get(file);
  if (!shared) {
    const loose = (file.globals?.scripts ?? []).filter(({ syntax }) => syntax === 'httpyac');
    const marked = /^[ \t]*\{\{\+/m.test(file.text)
      ? file.requests.flatMap(({ index, scripts }) =>
          scripts.filter((script) => isMarked(file, script)).map((script) => ({ request: index, script })),
        )
      : [];
    known.set(file, (shared = { loose, marked }));
  }
  return shared;
}

function isMarked({ text }: RequestFile, { syntax, span }: ScriptNode): boolean {
  return syntax === 'httpyac' && /^[ \t]*\{\{\+/.test(text.slice(span.start, span.start + 64));
}
