/**
 * Which dynamic references of a request have to stay the same at every use: those in a multipart boundary,
 * since the header and the body must agree (V6).
 */
import { parseExpression } from './expression.ts';
import { scanReferences } from './references.ts';
import type { VariableContext } from './types.ts';

/** The insides (`$guid`) of the references in `boundary=` of the request's Content-Type. */
export function stableReferences(context: VariableContext): ReadonlySet<string> {
  const stable = new Set<string>();
  const request = context.request === undefined ? undefined : context.file.requests[context.request];
  for (const header of request?.headers ?? []) {
    if (header.name.text.trim().toLowerCase() !== 'content-type') continue;
    const at = header.value.text.search(/boundary\s*=/i);
    if (at < 0) continue;
    for (const segment of scanReferences(header.value.text.slice(at))) {
      if (segment.kind !== 'reference') continue;
      const expression = parseExpression(segment.inner);
      if (expression.kind === 'dynamic') stable.add(expression.text);
    }
  }
  return stable;
}
