/** `--format junit`: one test case a request and one a test of it, as CI systems read it. */
import { asWhom, passed, type FinishedRun, type OutputContext, type OutputFormat } from './format.ts';

export const junit: OutputFormat = {
  id: 'junit',
  description: 'JUnit XML',
  start: (context) => ({
    result: () => Promise.resolve(),
    end(summary) {
      const files = new Map<string, FinishedRun[]>();
      for (const result of summary.results) {
        const file = context.shownPath(result.path);
        files.set(file, [...(files.get(file) ?? []), result]);
      }
      const suites = [...files].map(([file, results]) => suite(file, results, context)).join('');
      const failures = summary.results.filter((result) => !passed(result)).length;
      context.write(
        `<?xml version="1.0" encoding="UTF-8"?>\n<testsuites name="countersign" tests="${summary.results.length}" failures="${failures}" time="${seconds(summary.milliseconds)}">\n${suites}</testsuites>\n`,
      );
      return Promise.resolve();
    },
  }),
};

function suite(file: string, results: readonly FinishedRun[], context: OutputContext): string {
  const cases = results.flatMap((result) => testCases(file, result, context));
  const failures = cases.filter((each) => each.includes('<failure')).length;
  return `  <testsuite name="${escape(file)}" tests="${cases.length}" failures="${failures}">\n${cases.join('')}  </testsuite>\n`;
}

function testCases(file: string, result: FinishedRun, context: OutputContext): string[] {
  const whole = result.name ?? result.title ?? `${result.method ?? 'request'} line ${result.line}`;
  const name = result.comparison ? `${whole} ${asWhom(result.comparison.as)}` : whole;
  const time = seconds(result.milliseconds);
  const head = (title: string): string =>
    `    <testcase classname="${escape(file)}" name="${escape(context.redact(title))}" file="${escape(file)}" line="${result.line}" time="${time}"`;
  const failure = (type: string, message: string, text: string): string =>
    `>\n      <failure type="${escape(type)}" message="${escape(context.redact(message))}">${escape(context.redact(text))}</failure>\n    </testcase>\n`;
  const first = result.error
    ? head(name) + failure(result.error.code, result.error.message, `${result.error.message}\n${result.error.next}`)
    : `${head(name)}/>\n`;
  const tests = result.tests.map((test) =>
    test.passed
      ? `${head(`${name} › ${test.name}`)}/>\n`
      : head(`${name} › ${test.name}`) + failure('test', test.message ?? test.name, test.message ?? ''),
  );
  return [first, ...tests];
}

function seconds(milliseconds: number): string {
  return (milliseconds / 1000).toFixed(3);
}

/** XML 1.0 text: the five entities, and no character that XML forbids. */
function escape(text: string): string {
  return text
    .replace(/[\u0000-\u0008\u000b\u000c\u000e-\u001f\ufffe\uffff]|\p{Surrogate}/gu, '\ufffd')
    .replace(/&/g, '&amp;')
    .replace(/</g, '&lt;')
    .replace(/>/g, '&gt;')
    .replace(/"/g, '&quot;')
    .replace(/'/g, '&apos;');
}
