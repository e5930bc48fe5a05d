/**
 * `countersign parse FILE...`: what a request file holds, unresolved. It reads only the named files; no setting,
 * environment or configuration file of any tool is loaded. Source: contracts.md §5.
 */
import { CountersignError } from '../../errors/countersign-error.ts';
import { readRequestText } from '../read-request-text.ts';
import type { CliCommand } from './command.ts';

export const parse: CliCommand = {
  name: 'parse',
  define(program, exit) {
    program
      .command('parse')
      .description('show how request files are understood, without sending anything')
      .argument('<file...>', 'request files, or - for stdin')
      .option('--format <format>', 'text or json', 'text')
      .addHelpText('after', '\nExample:\n  countersign parse orders.http --format json\n')
      .action(async (files: string[], options: { format: string }) => {
        if (options.format !== 'text' && options.format !== 'json') {
          throw new CountersignError('CS-CLI-USAGE', `“${options.format}” is not a format of parse.`, {
            next: 'Use text or json.',
          });
        }
        exit(await parseFiles(files, options.format));
      });
  },
};

async function parseFiles(files: readonly string[], format: 'text' | 'json'): Promise<number> {
  const { parseRequestFile } = await import('../../language/parse-request-file.ts');
  const { toParseReport } = await import('../../language/parse-report.ts');
  for (const file of files) {
    const report = toParseReport(file, parseRequestFile(await readRequestText(file)));
    if (format === 'json') {
      process.stdout.write(`${JSON.stringify(report)}\n`);
      continue;
    }
    process.stdout.write(`${report.file} · ${report.dialect} · ${report.requests.length} requests\n`);
    for (const request of report.requests) {
      const label = request.name ?? request.title ?? '';
      process.stdout.write(
        `  ${report.file}:${request.line}  ${request.method} ${request.url}${label && `  (${label})`}\n`,
      );
    }
    for (const { code, severity, line, column, message } of report.diagnostics) {
      process.stdout.write(`  ${report.file}:${line}:${column}  ${severity} ${code}: ${message}\n`);
    }
  }
  return 0;
}
