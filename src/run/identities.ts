/**
 * The same request as several identities, one after another: the authorization test of an endpoint. Nothing of one is in
 * the request of the next, and one that cannot be sent stops no other. Source: ux.md E12, contracts.md §5.
 */
import type { RequestFile } from '../language/types.ts';
import type { Prompts } from '../ports.ts';
import { BodyComparer } from './compare-bodies.ts';
import { directiveKey } from './directives.ts';
import type { Engine } from './engine.ts';
import { nameOf } from './expected-status.ts';
import { fitsStatus, parseExpectations } from '../language/directives/expect-status.ts';
import type { IdentityFacts, RunObserver, RunResult, SendInput } from './types.ts';

export type Identity = NonNullable<SendInput['as']>;

export interface IdentityListener {
  /** Before an identity is sent. */
  begins?(as: Identity): void | Promise<void>;
  /** Each result as it comes; its body is whole. Whoever is told owns it. */
  ends(result: RunResult): void | Promise<void>;
  observer?(): RunObserver;
}

/** Never throws; ends early when the signal is aborted. */
export async function sendAsEach(
  engine: Engine,
  input: SendInput,
  identities: readonly Identity[],
  file: RequestFile,
  listener: IdentityListener,
): Promise<readonly RunResult[]> {
  const bodies = new BodyComparer();
  const prompts = askedOnce(engine.prompts);
  const results: RunResult[] = [];
  for (const as of identities) {
    if (input.signal.aborted) break;
    const name = nameOf(as);
    await listener.begins?.(as);
    const { id: _id, ...rest } = input;
    const own = { ...rest, as, alone: true };
    const sent = await engine.apart(prompts).send(own, listener.observer?.() ?? {}, file);
    const result = { ...sent, comparison: await toFacts(name, sent, file, input.request, bodies) };
    results.push(result);
    await listener.ends(result);
  }
  return results;
}

async function toFacts(
  as: string,
  { exchange, error }: RunResult,
  file: RequestFile,
  request: number,
  bodies: BodyComparer,
): Promise<IdentityFacts> {
  const expected = expectationOf(file, request, as);
  const body = exchange && !exchange.bodyError ? await bodies.judge(as, exchange).catch(() => undefined) : undefined;
  return {
    as,
    ...(expected === undefined ? {} : { expected: expected.text }),
    ...(expected === undefined ? {} : { asExpected: !error && exchange !== undefined && expected.fits(exchange) }),
    ...(body === undefined ? {} : { body }),
  };
}

function expectationOf(
  file: RequestFile,
  request: number,
  as: string,
): { readonly text: string; fits(exchange: NonNullable<RunResult['exchange']>): boolean } | undefined {
  const all = (file.requests[request]?.directives ?? [])
    .filter(({ name }) => directiveKey(name) === 'expectstatus')
    .flatMap(({ value }) => parseExpectations(value).expected)
    .filter(({ who }) => who === as);
  if (all.length === 0) return undefined;
  return {
    text: all.map(({ statuses }) => statuses.join(',')).join(' and '),
    fits: ({ response }) => all.every(({ statuses }) => fitsStatus(response.status, statuses)),
  };
}

/** The same question is asked once, whatever the answer: an approval, what the request asks for, a body sent on. */
function askedOnce(prompts: Prompts): Prompts {
  const answers = new Map<string, Promise<unknown>>();
  const once = <T>(kind: string, question: unknown, ask: () => Promise<T>): Promise<T> => {
    const key = `${kind} ${JSON.stringify(question)}`;
    let answer = answers.get(key);
    if (!answer) answers.set(key, (answer = ask()));
    return answer as Promise<T>;
  };
  return {
    interactive: prompts.interactive,
    approve: (request, signal) => once('approve', request, () => prompts.approve(request, signal)),
    input: (question, signal) => once('input', question, () => prompts.input(question, signal)),
    pick: (question, signal) => once('pick', question, () => prompts.pick(question, signal)),
    choose: (question, signal) => once('choose', question, () => prompts.choose(question, signal)),
  };
}
