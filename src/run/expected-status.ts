/** `# @expect-status`: the status of an answer against what is expected for who asked, as a test of the request. */
import { fitsStatus } from '../language/directives/expect-status.ts';
import type { RequestOptions } from './directives.ts';
import type { RunResult, SendInput, TestResult } from './types.ts';

type Expected = RequestOptions['expectedStatus'][number];

/** The result with a test for each expectation of whoever it was sent as; unchanged when nothing is expected of them. */
export function withStatusTests(
  result: RunResult,
  expected: readonly Expected[],
  { as }: Pick<SendInput, 'as'>,
): RunResult {
  const status = result.exchange?.response.status;
  if (expected.length === 0 || status === undefined) return result;
  const who = as === undefined ? whoOf(result) : nameOf(as);
  const tests = expected.filter((each) => each.who === who).map((each) => toTest(each, status));
  return tests.length === 0 ? result : { ...result, tests: [...tests, ...result.tests] };
}

export function nameOf(as: NonNullable<SendInput['as']>): string {
  return as === 'none' ? 'none' : as.credential;
}

/** A literal in the file is nobody that an expectation could name. */
function whoOf({ credential }: RunResult): string | undefined {
  if (!credential) return 'none';
  return credential.chosenBy === 'literal' ? undefined : credential.name;
}

function toTest({ who, statuses, line }: Expected, status: number): TestResult {
  const wanted = statuses.join(' or ');
  const passed = fitsStatus(status, statuses);
  return {
    name: `status ${wanted} ${who === 'none' ? 'with no credential' : `as ${who}`}`,
    passed,
    line,
    ...(passed ? {} : { message: `expected ${wanted}, got ${String(status)}` }),
  };
}
