/**
 * The answers of one request that was sent as several identities: held together while a panel shows them, so that each
 * can be opened and compared with the first. It starts no request. Source: ux.md E12.
 */
import { shownText, type FindSecrets } from '../../response/shown-text.ts';
import type { IdentityFacts } from '../../run/types.ts';
import type { IdentityRow, ToPanel } from '../../webview/protocol.ts';
import type { ShownAnswer } from './shown-answer.ts';

interface Held {
  readonly answer: ShownAnswer;
  readonly facts: IdentityFacts;
}

export class IdentityMatrix {
  readonly #find: FindSecrets;
  readonly #post: (message: ToPanel) => void;
  #group: string | undefined;
  #held: Held[] = [];
  #current = 0;

  constructor(find: FindSecrets, post: (message: ToPanel) => void) {
    this.#find = find;
    this.#post = post;
  }

  /**
   * Another run begins. Of another group than what is held: that is let go, but for the answer that stays on screen.
   * @param group of the runs that belong together; undefined for a run of its own
   */
  begin(group: string | undefined, onScreen: ShownAnswer | undefined): void {
    if (group !== undefined && group === this.#group) return;
    for (const { answer } of this.#held) if (answer !== onScreen) answer.dispose();
    const had = this.#held.length > 0;
    this.#held = [];
    this.#group = group;
    if (had) this.post();
  }

  /** Keeps an answer and shows its row; nothing for a run of its own. */
  add(answer: ShownAnswer): void {
    const facts = answer.result.comparison;
    if (this.#group === undefined || !facts) return;
    this.#held.push({ answer, facts });
    this.#current = this.#held.length - 1;
    this.post();
  }

  holds(answer: ShownAnswer): boolean {
    return this.#held.some((each) => each.answer === answer);
  }

  /** The answer of a row, from now on the one on screen. */
  open(row: number): ShownAnswer | undefined {
    const held = this.#held[row];
    if (held) this.#current = row;
    return held?.answer;
  }

  /** What the others are compared with. */
  get first(): ShownAnswer | undefined {
    return this.#held.find(({ facts }) => facts.body?.kind === 'reference')?.answer;
  }

  post(): void {
    const rows = this.#held.map(({ answer, facts }) => toRow(answer, facts, this.#find));
    this.#post({ type: 'identities', matrix: { rows, current: this.#current } });
  }

  dispose(): void {
    for (const { answer } of this.#held) answer.dispose();
    this.#held = [];
    this.#group = undefined;
  }
}

function toRow({ model, result }: ShownAnswer, facts: IdentityFacts, find: FindSecrets): IdentityRow {
  const { outcome } = model;
  const answered = outcome.kind === 'response';
  const words = answered ? `${String(outcome.status)} ${outcome.statusText}`.trim() : outcomeWords[outcome.kind];
  const person = result.credential?.identity?.label;
  const { error } = result;
  return {
    as: facts.as,
    ...(person === undefined ? {} : { person: shownText(person, find) }),
    outcome: shownText(words, find),
    ...(error === undefined ? {} : { problem: shownText(`${error.code}: ${error.message}`, find) }),
    ...(facts.expected === undefined ? {} : { expected: facts.expected }),
    ...(facts.asExpected === undefined ? {} : { asExpected: facts.asExpected }),
    body: bodyWords(facts),
    differs: facts.body?.kind === 'differs',
    ...(answered ? { bytes: model.body.bytes } : {}),
    milliseconds: model.durationMs,
  };
}

const outcomeWords = { 'not-sent': 'Not sent', cancelled: 'Cancelled' } as const;

function bodyWords({ body }: IdentityFacts): string {
  if (!body) return '';
  if (body.kind === 'reference') return 'the first';
  if (body.kind === 'same') return `same as ${body.as}`;
  const { differences, more } = body;
  if (differences === undefined) return 'another one';
  return differences === 1 ? '1 difference' : `${String(differences)}${more ? '+' : ''} differences`;
}
