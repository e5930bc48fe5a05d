/**
 * `npm test [-- PART...]`: the parts unit, hostile, host and e2e, all by default. It builds once, finds a browser where
 * one is needed, runs the parts one after another and sums up. A part that cannot run, has no tests or dies counts as a
 * failure: the last line says `N passed, N failed`, and the exit code is 0 only when nothing failed.
 */
import { spawn } from 'node:child_process';
import { mkdir, readFile, rm } from 'node:fs/promises';
import { existsSync } from 'node:fs';
import { join, relative } from 'node:path';
import { ensureBrowser } from './browser.ts';
import { ensureBuilt } from './build.ts';
import { ensureCodeServer } from './code-server.ts';
import { runHostSuite } from './host-suite.ts';
import { ensurePackaged } from './package.ts';
import { cache, root } from './paths.ts';

const parts = ['unit', 'hostile', 'host', 'e2e'] as const;
type Part = (typeof parts)[number];

interface Count {
  readonly passed: number;
  readonly failed: number;
  readonly skipped: number;
}

const results = join(cache, 'results');
const say = (line: string): void => {
  console.log(line);
};

function chosenParts(args: readonly string[]): Part[] {
  const strangers = args.filter((arg) => !(parts as readonly string[]).includes(arg));
  if (strangers.length > 0) {
    console.error(`Unknown part: ${strangers.join(', ')}. The parts are ${parts.join(', ')}.`);
    process.exit(2);
  }
  return args.length === 0 ? [...parts] : parts.filter((part) => args.includes(part));
}

/** Runs a vitest project; its own report is the source of the numbers. */
async function runVitest(part: Exclude<Part, 'host'>, env: NodeJS.ProcessEnv): Promise<Count> {
  const report = join(results, `${part}.json`);
  await rm(report, { force: true });
  const vitest = join(root, 'node_modules', 'vitest', 'vitest.mjs');
  const reporters = ['--reporter=default', '--reporter=json', `--outputFile.json=${report}`];
  const child = spawn(process.execPath, [vitest, 'run', '--project', part, ...reporters], {
    cwd: root,
    env: { ...process.env, ...env },
    stdio: ['ignore', 'inherit', 'inherit'],
  });
  const code = await new Promise<number>((done) => {
    child.once('error', () => {
      done(1);
    });
    child.once('exit', (exitCode) => {
      done(exitCode ?? 1);
    });
  });
  if (!existsSync(report)) throw new Error(`vitest wrote no report and ended with ${String(code)}.`);
  const { numPassedTests, numFailedTests, numPendingTests, numTodoTests, testResults } = JSON.parse(
    await readFile(report, 'utf8'),
  ) as VitestReport;
  // A file that cannot be loaded has no tests to count, and an error outside a test fails none of them.
  const deadFiles = testResults.filter((file) => file.status === 'failed' && file.assertionResults.length === 0).length;
  const failed = numFailedTests + deadFiles;
  if (numPassedTests + failed === 0) throw new Error('No tests were found.');
  return {
    passed: numPassedTests,
    failed: failed === 0 && code !== 0 ? 1 : failed,
    skipped: numPendingTests + numTodoTests,
  };
}

interface VitestReport {
  readonly numPassedTests: number;
  readonly numFailedTests: number;
  readonly numPendingTests: number;
  readonly numTodoTests: number;
  readonly testResults: readonly { readonly status: string; readonly assertionResults: readonly unknown[] }[];
}

async function runHost(browser: string): Promise<Count> {
  const run = await runHostSuite({ browser, say });
  for (const result of run.results) {
    const mark = { passed: '✓', failed: '✗', skipped: '-' }[result.state];
    say(` ${mark} ${result.title} (${String(result.durationMs)} ms)`);
    if (result.message) say(result.message.replace(/^/gm, '     '));
  }
  if (run.problem) say(run.problem);
  const count = (state: string): number => run.results.filter((result) => result.state === state).length;
  return {
    passed: count('passed'),
    failed: count('failed') + (run.problem === undefined ? 0 : 1),
    skipped: count('skipped'),
  };
}

async function runPart(part: Part): Promise<Count> {
  await ensureBuilt(say);
  if (part === 'unit' || part === 'hostile') return runVitest(part, {});
  const browser = ensureBrowser(say);
  say(`Browser: ${browser.path} (${browser.why})`);
  await ensureCodeServer(say);
  if (part === 'host') return runHost(browser.path);
  const vsix = await ensurePackaged(say);
  return runVitest(part, { COUNTERSIGN_VSIX: vsix, CHROME_PATH: browser.path });
}

await mkdir(results, { recursive: true });
const total = { passed: 0, failed: 0, skipped: 0 };
const lines: string[] = [];
for (const part of chosenParts(process.argv.slice(2))) {
  say(`\n── ${part} ${'─'.repeat(60 - part.length)}`);
  const began = Date.now();
  let count: Count;
  try {
    count = await runPart(part);
  } catch (error) {
    say(`The part ${part} could not run: ${error instanceof Error ? error.message : String(error)}`);
    count = { passed: 0, failed: 1, skipped: 0 };
  }
  total.passed += count.passed;
  total.failed += count.failed;
  total.skipped += count.skipped;
  const seconds = Math.round((Date.now() - began) / 1000);
  lines.push(`${part.padEnd(8)} ${sentence(count)} (${String(seconds)} s)`);
}
say(`\n${lines.join('\n')}\nReports: ${relative(root, results)}\n`);
say(sentence(total));
process.exit(total.failed === 0 ? 0 : 1);

function sentence(count: Count): string {
  const skipped = count.skipped > 0 ? `, ${String(count.skipped)} skipped` : '';
  return `${String(count.passed)} passed, ${String(count.failed)} failed${skipped}`;
}
