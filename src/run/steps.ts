/**
 * What running a whole file sends, in its order: its requests that are not disabled, and what its `run` lines name.
 * It sends nothing; what cannot be found is a step that failed. Source: dialects.md §14.
 */
import { isCountersignError, type CountersignError, type Place } from '../errors/countersign-error.ts';
import { parseRun, type RunTarget } from '../language/statements.ts';
import type { RequestFile, RequestNode, StatementNode } from '../language/types.ts';
import { loadImports, loadRequestFile, locate, type ImportContext } from '../variables/imports/imported-files.ts';
import { plain, type Tracked } from '../variables/tracked.ts';
import { baseName } from '../variables/words.ts';
import { isDisabled } from './directives.ts';
import { circle, findNamed, mostRequests, tooMany, type NamedRequest } from './earlier-requests.ts';

export interface SendStep extends NamedRequest {
  readonly kind: 'send';
  /** Of `run #name (@a=1)`; they win over those of file and environment. */
  readonly variables: ReadonlyMap<string, Tracked>;
}

export interface FailedStep {
  readonly kind: 'failed';
  readonly path: string | undefined;
  readonly line: number;
  readonly error: CountersignError;
}

export type Step = SendStep | FailedStep;

/** Never throws. */
export function planSteps(context: ImportContext): Promise<readonly Step[]> {
  return stepsOf(context, new Map(), newPlan(context));
}

/** What one `run` line sends. Never throws. */
export function planRun(statement: StatementNode, context: ImportContext): Promise<readonly Step[]> {
  const target = parseRun(statement);
  return target ? runSteps(statement, target, context, new Map(), newPlan(context)) : Promise.resolve([]);
}

type Variables = SendStep['variables'];

interface Plan {
  /** Paths of the files that led here. */
  readonly chain: readonly string[];
  /** How many files and requests `run` lines may still name. */
  readonly budget: { left: number };
}

async function stepsOf(context: ImportContext, variables: Variables, plan: Plan): Promise<readonly Step[]> {
  const { file, path } = context;
  const items: readonly (RequestNode | StatementNode)[] = [...file.requests, ...file.statements];
  const steps: Step[] = [];
  for (const item of [...items].sort((left, right) => left.line - right.line)) {
    if ('method' in item) {
      if (isDisabled(item)) continue;
      // What the file itself has counts for nothing: only `run` lines multiply.
      if (plan.chain.length > 1) plan.budget.left -= 1;
      steps.push({ kind: 'send', path, file, request: item, variables });
      continue;
    }
    const target = parseRun(item);
    if (!target) continue;
    const named = await runSteps(item, target, context, variables, plan);
    for (const step of named) steps.push(step);
    if (isLimit(named.at(-1))) break;
  }
  return steps;
}

async function runSteps(
  { line }: StatementNode,
  target: RunTarget,
  context: ImportContext,
  outer: Variables,
  plan: Plan,
): Promise<readonly Step[]> {
  const { path } = context;
  const { start, end } = target.span;
  const place: Place = { ...(path === undefined ? {} : { file: path }), line, start, end };
  const variables = new Map([...outer, ...target.variables.map(([name, value]) => [name, plain(value)] as const)]);
  try {
    if ((plan.budget.left -= 1) < 0) throw tooMany(mostRequests.named, place);
    if (target.path === undefined) {
      const imports = await loadImports(context);
      if (imports.problems[0]) throw imports.problems[0];
      return [{ kind: 'send', ...findNamed(target.name ?? '', context, imports.files, place), variables }];
    }
    const other = await locate({ path: target.path }, context);
    const file: RequestFile = await loadRequestFile(other, { path: target.path }, context);
    const inner: ImportContext = { ...context, path: other, file };
    if (target.name !== undefined) return [{ kind: 'send', ...findNamed(target.name, inner, [], place), variables }];
    const chain = [...plan.chain, other];
    if (plan.chain.includes(other)) throw circle(chain.map(baseName), place);
    return await stepsOf(inner, variables, { ...plan, chain });
  } catch (error) {
    if (!isCountersignError(error)) throw error;
    return [{ kind: 'failed', path, line, error: error.at(place) }];
  }
}

function newPlan({ path }: ImportContext): Plan {
  return { chain: [path ?? ''], budget: { left: mostRequests.named } };
}

function isLimit(step: Step | undefined): boolean {
  return step?.kind === 'failed' && step.error.code === 'CS-PARSE-LIMIT';
}
