/**
 * httpYac’s `...name` among the headers, which takes headers from an object of a script. It has no effect here, and a
 * request that lacks headers its author counts on must not look as if it had them. Source: dialects.md §5.
 */
import type { RequestNode } from '../language/types.ts';

const mostShown = 60;

/** A note for each such line. @param text the request file’s */
export function spreadNotes(node: RequestNode, text: string): readonly { code: string; message: string }[] {
  const head = text.slice(node.requestLine.end, node.body?.span.start ?? node.span.end);
  const lines = head.split(/\r?\n[ \t]*\r?\n/, 1)[0] ?? '';
  return [...lines.matchAll(/^[ \t]*(\.\.\.[^\s]+)/gm)].map(([, written = '']) => ({
    code: 'CS-PARSE-UNSUPPORTED',
    message: `The headers of “${written.slice(0, mostShown)}” were not sent: write them out, each on a line.`,
  }));
}
