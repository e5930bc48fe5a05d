/**
 * What one panel compares: it keeps the answer before of the same request, offers it beside those of other panels, and
 * holds the comparison on screen. It starts no request and keeps no text. Source: ux.md E11.
 */
import type { FindSecrets } from '../../response/shown-text.ts';
import type { RunResult } from '../../run/types.ts';
import { duration } from '../../words/quantities.ts';
import type { BodyAnswer, CompareAsk, CompareModel, ToPanel } from '../../webview/protocol.ts';
import { languageOf } from './body-language.ts';
import { Comparison } from './comparison.ts';
import type { PanelActions } from './panel-actions.ts';
import type { ShownAnswer } from './shown-answer.ts';
import { toTitle } from './to-response-model.ts';

export class Comparisons {
  readonly #find: FindSecrets;
  readonly #post: (message: ToPanel) => void;
  #previous: ShownAnswer | undefined;
  #current: Comparison | undefined;
  #model: CompareModel | undefined;

  constructor(find: FindSecrets, post: (message: ToPanel) => void) {
    this.#find = find;
    this.#post = post;
  }

  /** Another answer takes the place of this one: it is kept when it is of the same request, else let go. */
  keep(answer: ShownAnswer, next: RunResult): void {
    const same = sameRequest(answer.result, next) && answer.result.exchange !== undefined;
    this.#end();
    // An answer that did not come leaves the one before it to compare with.
    if (!same && sameRequest(answer.result, next)) return answer.dispose();
    this.#previous?.dispose();
    this.#previous = same ? answer : undefined;
    if (!same) answer.dispose();
  }

  /** Asks with which one when there are several. */
  async start(answer: ShownAnswer, others: readonly ShownAnswer[], actions: PanelActions): Promise<void> {
    const held = [...(this.#previous ? [this.#previous] : []), ...others].filter(({ result }) => result.exchange);
    if (!answer.result.exchange || held.length === 0) {
      const sentence = 'Nothing to compare with yet: send this again, or keep another answer pinned in its tab.';
      return this.#post({ type: 'say', sentence });
    }
    const labels = held.map((each) => ({
      label: toTitle(each.model),
      description: describe(each, each === this.#previous),
    }));
    const chosen = held.length === 1 ? 0 : await actions.pickAnswer(labels);
    const earlier = chosen === undefined ? undefined : held[chosen];
    if (earlier) await this.with(answer, earlier, actions);
  }

  /** Two answers of which whoever calls holds both. */
  async with(answer: ShownAnswer, earlier: ShownAnswer, actions: PanelActions): Promise<void> {
    this.#current = new Comparison(answer, earlier, this.#find);
    await this.ignore(actions.ignoredPaths());
  }

  async ignore(paths: readonly string[]): Promise<void> {
    const current = this.#current;
    const wanted = paths.map((path) => path.trim()).filter((path) => path !== '');
    const model = await current?.compute(wanted);
    if (!model || current !== this.#current) return;
    this.#model = model;
    this.post();
  }

  post(): void {
    if (this.#model) this.#post({ type: 'compare', comparison: this.#model });
  }

  rows(ask: CompareAsk): BodyAnswer {
    return this.#current?.rows(ask.from, ask.to) ?? { kind: 'refused', message: 'Nothing is compared here any more.' };
  }

  async openText(actions: PanelActions, tell: (sentence: string) => void): Promise<void> {
    const current = this.#current;
    if (!current) return;
    const texts = await current.texts().catch(() => undefined);
    if (!texts) return tell('One of the bodies is longer than 50 MB, or gone.');
    const { earlier, answer } = current;
    const title = `${toTitle(earlier.model)} ↔ ${toTitle(answer.model)}`;
    actions.openDifferences(...texts, languageOf(answer.model.body), title);
  }

  dispose(): void {
    this.#end();
    this.#previous?.dispose();
    this.#previous = undefined;
  }

  #end(): void {
    this.#current = undefined;
    this.#model = undefined;
  }
}

function describe({ model }: ShownAnswer, before: boolean): string {
  const facts = [
    before ? 'the answer before' : 'in another tab',
    new Date(model.startedAt).toLocaleTimeString(),
    duration(model.durationMs),
    model.who === undefined ? undefined : `as ${model.who.name}`,
  ];
  return facts.filter((fact) => fact !== undefined).join(' · ');
}

/** By its name, else by its method and path: its line moves with every edit above it. */
function sameRequest(one: RunResult, other: RunResult): boolean {
  if (one.path !== other.path || one.name !== other.name) return false;
  if (one.name !== null) return true;
  const what = ({ request }: RunResult): string | undefined =>
    request && `${request.method} ${request.url.text.split(/[?#]/, 1)[0] ?? ''}`;
  return what(one) !== undefined && what(one) === what(other);
}
