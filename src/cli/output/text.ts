/**
 * The text output of `run`: a line a request as it ends, failures with their place, a summary last.
 * Source: ux.md I1–I2, design.md I1.1–I1.4.
 */
import { styleText } from 'node:util';
import type { RunResult } from '../../run/types.ts';
import { passed, type OutputContext, type OutputFormat, type OutputSession, type Summary } from './format.ts';
import { duration } from '../../words/quantities.ts';

type Colour = 'green' | 'red' | 'yellow' | 'dim' | 'bold';
type Mark = 'pass' | 'fail' | 'warn';

export const text: OutputFormat = {
  id: 'text',
  description: 'a line a request, for people',
  start: (context) => new TextSession(context),
};

class TextSession implements OutputSession {
  readonly #context: OutputContext;

  constructor(context: OutputContext) {
    this.#context = context;
  }

  result(result: RunResult): Promise<void> {
    const { write } = this.#context;
    write(`${this.#line(result)}\n`);
    if (result.error) write(this.#failure(result));
    for (const test of result.tests) {
      const mark = this.#mark(test.passed ? 'pass' : 'fail');
      write(`    ${mark} ${this.#clean(test.name)}\n`);
      if (test.message !== undefined && !test.passed) write(`      ${this.#clean(test.message)}\n`);
    }
    for (const note of result.notes) write(`    ${this.#style('yellow', '!')} ${this.#clean(note.message)}\n`);
    return Promise.resolve();
  }

  end({ results, milliseconds }: Summary): Promise<void> {
    const failed = results.filter((result) => !passed(result)).length;
    const tests = results.flatMap((result) => result.tests);
    const failedTests = tests.filter((test) => !test.passed).length;
    const parts = [
      [
        failed > 0 ? this.#style('red', `${failed} failed`) : '',
        this.#style('green', `${results.length - failed} passed`),
      ]
        .filter(Boolean)
        .join(', '),
      ...(tests.length > 0 ? [`${tests.length} tests${failedTests > 0 ? `, ${failedTests} failed` : ''}`] : []),
      `${results.length} ${results.length === 1 ? 'request' : 'requests'}, ${(milliseconds / 1000).toFixed(2)} s`,
    ];
    this.#context.write(`\n${parts.join(' · ')}\n`);
    return Promise.resolve();
  }

  /** mark, name, method and path, status, time; the path gives way first, never a wrapped row (I1.1). */
  #line(result: RunResult): string {
    const { columns } = this.#context;
    const state = passed(result) ? (result.notes.length > 0 ? 'warn' : 'pass') : 'fail';
    const markWidth = this.#context.unicode ? 1 : 4;
    const status = result.exchange ? String(result.exchange.response.status) : 'not sent';
    const time = duration(result.exchange?.timings.total ?? 0);
    const name = this.#clean(result.name ?? result.title ?? `line ${result.line}`);
    const right = columns < 40 ? status : `${status}  ${time}`;
    const room = columns - markWidth - 1 - right.length - 2;
    const nameRoom = Math.min(name.length, Math.max(8, Math.floor(room / 2)));
    const target = columns < 40 ? '' : this.#clean(`${result.request?.method ?? ''} ${pathOf(result)}`.trim());
    const shownName = clip(name, nameRoom);
    const shownTarget = clip(target, Math.max(0, room - shownName.length - 2));
    const left = shownTarget === '' ? shownName : `${shownName}  ${this.#style('dim', shownTarget)}`;
    const used = markWidth + 1 + shownName.length + (shownTarget === '' ? 0 : 2 + shownTarget.length);
    const gap = ' '.repeat(Math.max(2, columns - used - right.length));
    return `${this.#mark(state)} ${left}${gap}${right}`;
  }

  #failure(result: RunResult): string {
    const error = result.error;
    if (!error) return '';
    const line = error.place?.line ?? result.line;
    const column = error.place?.column ?? 1;
    const where = `${this.#context.shownPath(error.place?.file ?? result.path)}:${line}:${column}`;
    const source = this.#context.sourceLine(error.place?.file ?? result.path, line);
    const excerpt =
      source === undefined
        ? ''
        : `      ${this.#style('dim', this.#clean(clip(source, this.#context.columns - 8)))}\n      ${' '.repeat(Math.min(column - 1, 100))}^\n`;
    return [
      `    ${this.#style('bold', `${error.code}:`)} ${this.#clean(error.message)}\n`,
      `    ${this.#clean(error.next)}\n`,
      `    ${where}\n`,
      excerpt,
    ].join('');
  }

  #mark(state: Mark): string {
    const shape = this.#context.unicode
      ? { pass: '✓', fail: '✗', warn: '!' }[state]
      : { pass: 'PASS', fail: 'FAIL', warn: 'WARN' }[state];
    return this.#style(({ pass: 'green', fail: 'red', warn: 'yellow' } as const)[state], shape);
  }

  #style(colour: Colour, value: string): string {
    return this.#context.colour ? styleText(colour, value, { validateStream: false }) : value;
  }

  /** Redacted, and without control characters that could move the cursor of a terminal. */
  #clean(value: string): string {
    // eslint-disable-next-line no-control-regex
    return this.#context.redact(value).replace(/[\u0000-\u001f\u007f-\u009f\u202a-\u202e\u2066-\u2069]/g, ' ');
  }
}

function pathOf(result: RunResult): string {
  const url = result.request?.url.text ?? '';
  return url.replace(/^[a-z]+:\/\/[^/]*/i, '') || url;
}

function clip(value: string, room: number): string {
  if (value.length <= room) return value;
  return room <= 1 ? '' : `${value.slice(0, room - 1)}…`;
}
