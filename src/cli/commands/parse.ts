/**
 * `countersign parse FILE...`: what a request file holds, unresolved. It reads only the named files; no setting,
 * environment or configuration file of any tool is loaded. Source: contracts.md §5.
 */
import type { DialectId, RequestFile } from '../../language/types.ts';
import { readRequestText } from '../read-request-text.ts';
import { usage } from '../usage.ts';
import type { CliCommand } from './command.ts';

interface Options {
  readonly format: string;
  readonly dialect?: string;
  readonly explain?: boolean;
}

export const parse: CliCommand = {
  name: 'parse',
  define(program, exit) {
    program
      .command('parse')
      .description('show how request files are understood, without sending anything')
      .argument('<file...>', 'request files, or - for stdin')
      .option('--format <format>', 'text or json', 'text')
      .option('--dialect <name>', 'the tool the files were written for, instead of telling it from the text')
      .option('--explain', 'each place where the tools disagree: the rule applied, and how the others read it')
      .addHelpText(
        'after',
        '\nExamples:\n  countersign parse orders.http --format json\n  countersign parse orders.http --explain\n',
      )
      .action(async (files: string[], options: Options) => {
        if (options.format !== 'text' && options.format !== 'json') {
          throw usage(`“${options.format}” is not a format of parse.`, 'Use text or json.');
        }
        exit(await parseFiles(files, options));
      });
  },
};

async function parseFiles(files: readonly string[], options: Options): Promise<number> {
  const { parseRequestFile } = await import('../../language/parse-request-file.ts');
  const { embeddingOf } = await import('../../language/embedded/registry.ts');
  const dialect = await toDialect(options.dialect);
  for (const name of files) {
    const text = await readRequestText(name);
    const embedding = embeddingOf(name);
    const file = parseRequestFile(embedding ? embedding.mask(text) : text, dialect === undefined ? {} : { dialect });
    await (options.format === 'json' ? printJson(name, file, options) : printText(name, file, options));
  }
  return 0;
}

async function toDialect(name: string | undefined): Promise<DialectId | undefined> {
  if (name === undefined) return undefined;
  const { dialects } = await import('../../language/dialects/registry.ts');
  const known: readonly DialectId[] = [...dialects.map(({ id }) => id), 'union'];
  const found = known.find((id) => id === name);
  if (found === undefined) throw usage(`“${name.slice(0, 40)}” is not a dialect.`, `There are: ${known.join(', ')}.`);
  return found;
}

/** With `--explain` the signals and conflicts come behind the fields of the contract. */
async function printJson(name: string, file: RequestFile, { explain }: Options): Promise<void> {
  const { toParseReport } = await import('../../language/parse-report.ts');
  const report = toParseReport(name, file);
  const more = explain
    ? { signals: file.signals, conflicts: (await import('../../language/conflicts/explain.ts')).explain(file) }
    : {};
  process.stdout.write(`${JSON.stringify({ ...report, ...more })}\n`);
}

async function printText(name: string, file: RequestFile, { explain }: Options): Promise<void> {
  const { toParseReport } = await import('../../language/parse-report.ts');
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
    const { explain: met } = await import('../../language/conflicts/explain.ts');
    if (file.signals.length > 0) lines.push(`  Signals: ${file.signals.join('; ')}`);
    for (const conflict of met(file)) {
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
