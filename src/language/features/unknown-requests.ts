/** Imports that are not there, and `# @ref` and `run` lines that name no request of the file or of what it imports. */
import { canonicalDirective } from '../directives/canonical.ts';
import { parseRun } from '../statements.ts';
import type { RequestFile, Span } from '../types.ts';
import type { FeatureDiagnostic } from './diagnostics.ts';
import type { FeatureContext } from './feature-context.ts';

export async function unknownRequests(
  file: RequestFile,
  context: FeatureContext,
): Promise<readonly FeatureDiagnostic[]> {
  const { requests, problems } = await context.imports();
  const found = problems.map((problem): FeatureDiagnostic => ({ ...problem, severity: 'error' }));
  const used = namesUsed(file);
  if (used.length === 0) return found;
  const known = new Set(
    [...file.requests, ...requests].flatMap(({ name, title }) => [name, title].filter((one) => one !== null)),
  );
  for (const { name, span } of used) {
    // A missing import may have had it.
    if (known.has(name) || problems.length > 0) continue;
    const close = context.closest(name, [...known]);
    const shown = name.length > 60 ? `${name.slice(0, 59)}…` : name;
    const more = close.length > 0 ? ` Close: ${close.join(', ')}.` : '';
    const nameSpan = { start: span.end - name.length, end: span.end };
    const facts = { kind: 'unknown-request', close, nameSpan } as const;
    found.push({
      code: 'CS-PARSE-REF',
      severity: 'error',
      message: `No request is called “${shown}” here.${more}`,
      span,
      facts,
    });
  }
  return found;
}

function namesUsed(file: RequestFile): readonly { readonly name: string; readonly span: Span }[] {
  const used: { name: string; span: Span }[] = [];
  for (const { directives } of file.requests) {
    for (const { name, value, valueSpan } of directives) {
      if (value !== '' && ['ref', 'force-ref'].includes(canonicalDirective(name)))
        used.push({ name: value, span: valueSpan });
    }
  }
  for (const statement of file.statements) {
    const run = parseRun(statement);
    if (run?.name !== undefined && run.path === undefined) used.push({ name: run.name, span: run.span });
  }
  return used;
}
