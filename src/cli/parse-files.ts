/**
 * What request files hold, unresolved. It reads only the named files; no setting, environment or configuration file of
 * any tool is loaded. Source: contracts.md §5.
 */
import { explain as conflictsOf } from '../language/conflicts/explain.ts';
import { dialects } from '../language/dialects/registry.ts';
import { embeddingOf } from '../language/embedded/registry.ts';
import { parseRequestFile } from '../language/parse-request-file.ts';
import { toParseReport } from '../language/parse-report.ts';
import type { DialectId, RequestFile } from '../language/types.ts';
import type { ParseOptions } from './commands/parse.ts';
import { readRequestText } from './read-request-text.ts';
import { usage } from './usage.ts';

/** @returns the exit code @throws CountersignError CS-CLI-USAGE, CS-FILE-* */
export async function parseFiles(files: readonly string[], options: ParseOptions): Promise<number> {
  const dialect = toDialect(options.dialect);
  for (const name of files) {
    const text = await readRequestText(name);
    const embedding = embeddingOf(name);
    const file = parseRequestFile(embedding ? embedding.mask(text) : text, dialect === undefined ? {} : { dialect });
    (options.format === 'json' ? printJson : printText)(name, file, options);
  }
  return 0;
}

function toDialect(name: string | undefined): DialectId | undefined {
  if (name === undefined) return undefined;
  const known: readonly DialectId[] = [...dialects.map(({ id }) => id), 'union'];
  const found = known.find((id) => id === name);
  if (found === undefined) throw usage(`“${name.slice(0, 40)}” is not a dialect.`, `There are: ${known.join(', ')}.`);
  return found;
}

/** With `--explain` the signals and conflicts come behind the fields of the contract. */
function printJson(name: string, file: RequestFile, { explain }: ParseOptions): void {
  const report = toParseReport(name, file);
  const more = explain ? { signals: file.signals, conflicts: conflictsOf(file) } : {};
  process.stdout.write(`${JSON.stringify({ ...report, ...more })}\n`);
}

function printText(name: string, file: RequestFile, { explain }: ParseOptions): void {
  const report = toParseReport(name, file);
  const lines = [`${report.file} · ${report.dialect} · ${report.requests.length} requests`];
  for (const request of report.requests) {
    const label = request.name ?? '';
    lines.push(`  ${report.file}:${request.line}  ${request.method} ${request.url}${label && `  (${label})`}`);
  }
  for (const { code, severity, line, column, message } of report.diagnostics) {
    lines.push(`  ${report.file}:${line}:${column}  ${severity} ${code}: ${message}`);
  }
  if (explain) {
    if (file.signals.length > 0) lines.push(`  Signals: ${file.signals.join('; ')}`);
    for (const conflict of conflictsOf(file)) {
      const places = conflict.lines.slice(0, 8).join(', ') + (conflict.lines.length > 8 ? ', …' : '');
      lines.push(
        `  ${conflict.id}  ${conflict.title} (line ${places})`,
        `      Here: ${conflict.applied}`,
        ...Object.entries(conflict.others).map(([tool, reading]) => `      ${tool}: ${reading}`),
      );
    }
  }
  process.stdout.write(`${lines.join('\n')}\n`);
}
