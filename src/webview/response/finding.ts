/**
 * The field above a body: nothing, finding a text, or filtering by a JSONPath; its matches and going from one to the
 * next (design.md E4.1).
 */
import { count, many } from '../shared/format.ts';
import type { Panel } from './panel.ts';

export interface FindState {
  readonly text: string;
  readonly caseSensitive: boolean;
  readonly word: boolean;
  readonly regex: boolean;
  /** `filter`: the text is a JSONPath. */
  readonly mode: 'none' | 'find' | 'filter';
  readonly count?: number;
  readonly more?: boolean;
  readonly current?: number;
  readonly error?: string;
  readonly busy: boolean;
}

const noFind: FindState = {
  text: '',
  caseSensitive: false,
  word: false,
  regex: false,
  mode: 'none',
  busy: false,
};

export class Finding {
  state: FindState = noFind;
  readonly #panel: Panel;
  #timer: ReturnType<typeof setTimeout> | undefined;
  #turn = 0;

  constructor(panel: Panel) {
    this.#panel = panel;
  }

  reset(): void {
    clearTimeout(this.#timer);
    this.#turn += 1;
    this.state = noFind;
  }

  /** Another view was chosen: the text stays, and is looked for where that can be done. */
  viewChanged(searches: boolean): void {
    if (!searches) this.state = { ...this.state, mode: 'none', busy: false };
    else if (this.state.text !== '') this.search({ text: this.state.text }, 0);
  }

  /** Text searches; a leading `$` or `.` filters a tree by JSONPath (E4.1), a leading `/` XML by XPath. */
  search(change: Partial<FindState>, delay = 180): void {
    const panel = this.#panel;
    const next = { ...this.state, ...change };
    const path = panel.model?.body.kind === 'xml' ? /^(\/|\(\/)/ : /^(\$|\.[^.\s]|\.\.)/;
    const filters = panel.view === 'tree' && path.test(next.text);
    const mode = next.text === '' ? 'none' : filters ? 'filter' : 'find';
    const wasFilter = this.state.mode === 'filter';
    const { error: _error, count: _count, current: _current, more: _more, ...rest } = next;
    this.state = { ...rest, mode, busy: mode !== 'none' };
    if (mode !== 'filter' && wasFilter) panel.reload?.();
    clearTimeout(this.#timer);
    const turn = ++this.#turn;
    panel.revision += 1;
    panel.changed();
    if (mode === 'none') return;
    this.#timer = setTimeout(() => void this.#search(turn), delay);
  }

  async #search(turn: number): Promise<void> {
    const panel = this.#panel;
    const { text, caseSensitive, word, regex, mode } = this.state;
    const view = panel.view === 'tree' || panel.view === 'raw' ? panel.view : 'text';
    const answer = await panel.ask(
      mode === 'filter' ? { kind: 'filter', path: text } : { kind: 'find', view, text, caseSensitive, word, regex },
    );
    if (turn !== this.#turn) return;
    if (answer.kind === 'refused') this.state = { ...this.state, busy: false, error: answer.message };
    else if (answer.kind === 'found') {
      this.state = { ...this.state, busy: false, count: answer.count, more: answer.more };
      panel.say(answer.count === 0 ? 'No match.' : `${many(answer.count, 'match', 'matches')}.`);
      if (mode === 'filter') {
        panel.revision += 1;
        panel.row = 0;
        panel.reload?.();
      } else if (answer.count > 0) await this.goToMatch(0, false);
    } else this.state = { ...this.state, busy: false };
    panel.changed();
  }

  async goToMatch(n: number, announce = true): Promise<void> {
    const panel = this.#panel;
    const total = this.state.count ?? 0;
    if (total === 0 || this.state.mode !== 'find') return;
    const current = ((n % total) + total) % total;
    const answer = await panel.ask({ kind: 'find-go', n: current, width: panel.lineWidth });
    if (answer.kind !== 'at' || answer.row < 0) return;
    this.state = { ...this.state, current };
    panel.revision += 1;
    panel.row = answer.row;
    panel.rowChosen = true;
    panel.goToRow?.(answer.row, answer.total);
    if (announce) panel.say(`Match ${count(current + 1)} of ${count(total)}.`);
    panel.changed();
  }

  nextMatch(step: number): void {
    void this.goToMatch((this.state.current ?? (step > 0 ? -1 : 0)) + step);
  }
}
