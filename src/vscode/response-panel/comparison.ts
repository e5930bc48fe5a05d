/**
 * One answer compared with an earlier one that is still on this machine: status, headers and, value by value, bodies
 * that are JSON. Differences stay here; the webview is given those in view, secrets hidden. Source: ux.md E11.
 */
import { contextBytes } from '../../response/json-index/body-document.ts';
import type { ComparedValue } from '../../response/compare/compare-json.ts';
import { parseIgnoredPaths } from '../../response/compare/ignored-paths.ts';
import type { Shown } from '../../response/model.ts';
import { cutShown, plainText, shownText, type FindSecrets } from '../../response/shown-text.ts';
import type { BodyAnswer, CompareModel, DifferenceView } from '../../webview/protocol.ts';
import { toTitle } from './to-response-model.ts';
import type { ShownAnswer } from './shown-answer.ts';

const shownCharacters = 400;
const differenceLimit = 10_000;

export class Comparison {
  readonly earlier: ShownAnswer;
  readonly answer: ShownAnswer;
  readonly #find: FindSecrets;
  #differences: readonly DifferenceView[] = [];
  #turn = 0;

  constructor(answer: ShownAnswer, earlier: ShownAnswer, find: FindSecrets) {
    this.answer = answer;
    this.earlier = earlier;
    this.#find = find;
  }

  /** @param ignored JSONPaths, and `headers.NAME` for a header; undefined when it was asked again meanwhile */
  async compute(ignored: readonly string[]): Promise<CompareModel | undefined> {
    const turn = ++this.#turn;
    const isHeader = (text: string): boolean => /^headers\./i.test(text);
    const headers = new Set(ignored.filter(isHeader).map((text) => text.slice('headers.'.length).toLowerCase()));
    const paths = ignored.filter((text) => !isHeader(text));
    const before = this.earlier;
    const after = this.answer;
    const body = await this.#bodies(paths);
    if (turn !== this.#turn) return undefined;
    this.#differences = [
      ...statusDifference(before, after),
      ...headerDifferences(before, after, headers),
      ...body.rows,
    ];
    const { who } = before.model;
    return {
      runId: after.model.runId,
      title: shownText(toTitle(before.model), this.#find),
      startedAt: before.model.startedAt,
      ...(who === undefined ? {} : { who: who.name }),
      total: this.#differences.length,
      more: body.more,
      ...(body.words === undefined ? {} : { body: body.words }),
      ignored,
      unread: parseIgnoredPaths(paths).unread,
    };
  }

  rows(from: number, to: number): BodyAnswer {
    const end = Math.max(from, Math.min(to, from + 1000));
    return { kind: 'differences', total: this.#differences.length, rows: this.#differences.slice(from, end) };
  }

  /** Both bodies as text, secrets as dots; undefined when one is too long. */
  async texts(): Promise<readonly [before: string, after: string] | undefined> {
    const before = (await this.earlier.body?.wholeText('text')) ?? this.#emptyText(this.earlier);
    const after = (await this.answer.body?.wholeText('text')) ?? this.#emptyText(this.answer);
    return before === undefined || after === undefined ? undefined : [before, after];
  }

  #emptyText(answer: ShownAnswer): string | undefined {
    return answer.model.body.bytes === 0 ? '' : undefined;
  }

  async #bodies(
    ignored: readonly string[],
  ): Promise<{ readonly rows: readonly DifferenceView[]; readonly more: boolean; readonly words?: string }> {
    const one = this.earlier.body;
    const other = this.answer.body;
    const none = { rows: [], more: false };
    if (!one || !other) return { ...none, words: 'One of the two has no body.' };
    const compared = await other.compareWith(one, ignored, differenceLimit);
    if (typeof compared === 'string') return { ...none, words: compared };
    const rows = compared.differences.map(({ kind, path, before, after }) => ({
      kind,
      path: shownText(path, this.#find),
      ...(before === undefined ? {} : { before: this.#shown(before) }),
      ...(after === undefined ? {} : { after: this.#shown(after) }),
    }));
    return { rows, more: compared.more };
  }

  /** Hides first, cuts after: the text was read `contextBytes` beyond what is shown. */
  #shown({ kind, text, cut }: ComparedValue): Shown {
    const { shown, cut: cutHere } = cutShown(
      text.slice(0, shownCharacters + contextBytes),
      this.#find,
      shownCharacters,
    );
    const mark = kind === 'string' ? '"' : '';
    return [mark, ...shown, cut || cutHere ? '…' : mark].filter((piece) => piece !== '');
  }
}

function statusDifference(before: ShownAnswer, after: ShownAnswer): DifferenceView[] {
  const [one, other] = [statusWords(before), statusWords(after)];
  return one === other ? [] : [{ kind: 'changed', path: ['status'], before: [one], after: [other] }];
}

function statusWords({ model }: ShownAnswer): string {
  const { outcome } = model;
  return outcome.kind === 'response' ? `${String(outcome.status)} ${outcome.statusText}`.trim() : outcome.kind;
}

/** By name in any case; headers of one name together, in their order. The model's values are without secrets. */
function headerDifferences(before: ShownAnswer, after: ShownAnswer, ignored: ReadonlySet<string>): DifferenceView[] {
  const [one, other] = [headersOf(before), headersOf(after)];
  const found: DifferenceView[] = [];
  for (const name of new Set([...one.keys(), ...other.keys()])) {
    if (ignored.has(name)) continue;
    const [a, b] = [one.get(name), other.get(name)];
    if (JSON.stringify(a) === JSON.stringify(b)) continue;
    found.push({
      kind: a === undefined ? 'added' : b === undefined ? 'removed' : 'changed',
      path: [`headers.${name}`],
      ...(a === undefined ? {} : { before: a }),
      ...(b === undefined ? {} : { after: b }),
    });
  }
  return found;
}

function headersOf({ model }: ShownAnswer): Map<string, Shown> {
  const headers = new Map<string, Shown>();
  for (const { name, value } of model.headers) {
    const key = plainText(name).toLowerCase();
    const known = headers.get(key);
    headers.set(key, known ? [...known, ', ', ...value] : value);
  }
  return headers;
}
