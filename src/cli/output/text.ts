/**
 * The text output of `run`: a line a request as it ends, failures with their place, a summary last. No row is wider
 * than the terminal: the path gives way first, then the note, then the time. Source: ux.md I1–I2, design.md I1.1–I1.4.
 */
import { styleText } from 'node:util';
import type { RunResult } from '../../run/types.ts';
import { duration } from '../../words/quantities.ts';
import { labelOf, passed, type OutputContext, type OutputFormat, type OutputSession, type Summary } from './format.ts';
import { sourceExcerpt } from './source-excerpt.ts';
import { printable } from './terminal-text.ts';
import { cut, padded, widthOf, wrapped } from './text-width.ts';

type Colour = 'green' | 'red' | 'yellow' | 'blue' | 'dim' | 'bold';
type Mark = 'pass' | 'fail' | 'warn';

/** Below this many columns a row is mark, name and status. */
const narrow = 40;
/** A note of tests stands only where the path keeps this many columns. */
const shortestPath = 10;

export const text: OutputFormat = {
  id: 'text',
  description: 'a line a request, for people',
  start: (context) => new TextSession(context),
};

class TextSession implements OutputSession {
  readonly #context: OutputContext;
  readonly #nameWidth: number;
  readonly #methodWidth: number;

  constructor(context: OutputContext) {
    this.#context = context;
    const widest = Math.max(0, ...context.names.slice(0, 500).map((name) => widthOf(this.#clean(name))));
    this.#nameWidth = Math.min(widest, Math.max(8, Math.floor(context.columns * 0.35)));
    this.#methodWidth = Math.min(8, Math.max(0, ...context.methods.slice(0, 500).map((method) => method.length)));
  }

  result(result: RunResult): Promise<void> {
    const { write } = this.#context;
    write(`${this.#line(result)}\n`);
    if (result.error) write(this.#failure(result));
    for (const test of result.tests) {
      if (test.passed) continue;
      write(this.#paragraph(test.name, 6, `    ${this.#mark('fail')} `));
      if (test.message !== undefined) write(this.#paragraph(test.message, 6));
      const line = test.line ?? result.line;
      write(`      ${this.#style('blue', `${this.#context.shownPath(result.path)}:${line}:1`)}\n`);
    }
    for (const note of result.notes) write(this.#paragraph(note.message, 4, '    ', 'dim'));
    return Promise.resolve();
  }

  end({ results, milliseconds }: Summary): Promise<void> {
    const failed = results.filter((result) => !passed(result)).length;
    const tests = results.flatMap((result) => result.tests);
    const failedTests = tests.filter((test) => !test.passed).length;
    const counts = [
      failed > 0 ? this.#style('red', `${failed} failed`) : '',
      this.#style('green', `${results.length - failed} passed`),
    ];
    const parts = [
      counts.filter(Boolean).join(', '),
      ...(tests.length > 0
        ? [
            `${tests.length} ${tests.length === 1 ? 'test' : 'tests'}${failedTests > 0 ? `, ${failedTests} failed` : ''}`,
          ]
        : []),
      `${results.length} ${results.length === 1 ? 'request' : 'requests'}, ${(milliseconds / 1000).toFixed(2)} s`,
    ];
    const dot = this.#context.unicode ? ' · ' : '; ';
    const separator = widthOf(stripped(parts.join(dot))) > this.#context.columns ? '\n' : dot;
    this.#context.write(`\n${parts.join(separator)}\n`);
    return Promise.resolve();
  }

  /** mark, name, method, path, status, time, note. */
  #line(result: RunResult): string {
    const { columns, unicode } = this.#context;
    const state = passed(result) ? (result.notes.length > 0 ? 'warn' : 'pass') : 'fail';
    const markWidth = unicode ? 1 : 4;
    const name = this.#clean(labelOf(result));
    const status = statusOf(result);
    const shownStatus = this.#style(result.exchange ? 'bold' : 'red', status);
    if (columns < narrow) {
      const room = Math.max(1, columns - markWidth - 1 - 1 - status.length);
      return `${this.#mark(state)} ${padded(cut(name, Math.min(room, this.#nameWidth)), Math.min(room, this.#nameWidth))} ${shownStatus}`;
    }
    const spent = result.exchange?.timings.total;
    const time = typeof spent === 'number' ? duration(spent) : '';
    const note = [bodyNote(result), this.#testNote(result)].filter(Boolean).join(', ');
    const method = padded(this.#clean(result.request?.method ?? this.#methodOf(result)), this.#methodWidth);
    const statusWidth = 8;
    const timeWidth = 7;
    const bare = markWidth + 1 + this.#nameWidth + 2 + method.length + 2 + statusWidth;
    const hasTime = bare + 2 + timeWidth <= columns;
    const fixed = bare + (hasTime ? 2 + timeWidth : 0);
    const shownNote = note !== '' && fixed + 2 + note.length + shortestPath <= columns ? note : '';
    const room = columns - fixed - 2 - (shownNote === '' ? 0 : shownNote.length + 2);
    const path = room < 4 ? undefined : padded(cut(this.#clean(pathOf(result)), room), room);
    const noteColour = result.tests.some((test) => !test.passed) ? 'red' : 'dim';
    return [
      `${this.#mark(state)} ${padded(cut(name, this.#nameWidth), this.#nameWidth)}`,
      method,
      ...(path === undefined ? [] : [this.#style('dim', path)]),
      `${' '.repeat(Math.max(0, statusWidth - status.length))}${shownStatus}`,
      ...(hasTime ? [time.padStart(timeWidth)] : []),
      ...(shownNote === '' ? [] : [this.#style(noteColour, shownNote)]),
    ]
      .join('  ')
      .trimEnd();
  }

  #methodOf(result: RunResult): string {
    return this.#context.source(result.path)?.requests.find(({ line }) => line === result.line)?.method ?? '';
  }

  #testNote({ tests }: RunResult): string {
    if (tests.length === 0) return '';
    const failed = tests.filter((test) => !test.passed).length;
    const all = `${tests.length} ${tests.length === 1 ? 'test' : 'tests'}`;
    return failed === 0 ? all : `${failed} of ${all}`;
  }

  #failure(result: RunResult): string {
    const { error } = result;
    if (!error) return '';
    const found = sourceExcerpt(this.#context, result, error);
    const lines = [
      this.#paragraph(`${error.code}: ${error.message}`, 4, '    ', undefined, error.code),
      this.#paragraph(error.next, 4),
      `    ${this.#style('blue', this.#clean(found.place))}\n`,
    ];
    if (found.source !== undefined) {
      lines.push(`      ${this.#style('dim', this.#clean(found.source))}\n`);
      lines.push(`      ${found.indent}${this.#style('red', found.carets)}\n`);
    }
    return lines.join('');
  }

  /** Words in lines that fit; `bold` is a beginning to set off. */
  #paragraph(words: string, indent: number, lead = ' '.repeat(indent), colour?: Colour, bold?: string): string {
    const lines = wrapped(this.#clean(words), Math.max(20, this.#context.columns - indent));
    return lines
      .map((line, index) => {
        const set = index === 0 && bold !== undefined && line.startsWith(bold);
        const shown = set ? this.#style('bold', bold) + line.slice(bold.length) : line;
        return `${index === 0 ? lead : ' '.repeat(indent)}${colour ? this.#style(colour, shown) : shown}\n`;
      })
      .join('');
  }

  #mark(state: Mark): string {
    const shape = this.#context.unicode
      ? { pass: '✓', fail: '✗', warn: '!' }[state]
      : { pass: 'PASS', fail: 'FAIL', warn: 'WARN' }[state];
    return this.#style(({ pass: 'green', fail: 'red', warn: 'yellow' } as const)[state], shape);
  }

  #style(colour: Colour, value: string): string {
    return this.#context.colour && value !== '' ? styleText(colour, value, { validateStream: false }) : value;
  }

  #clean(value: string): string {
    return printable(this.#context.redact(value));
  }
}

/** The body beside the first one, of a request that was sent as several. */
function bodyNote({ comparison }: RunResult): string {
  const body = comparison?.body;
  if (!body || body.kind === 'reference') return '';
  if (body.kind === 'same') return `body as ${body.as}`;
  if (body.differences === undefined) return 'another body';
  return body.differences === 1 ? '1 difference' : `${body.differences}${body.more ? '+' : ''} differences`;
}

function stripped(value: string): string {
  return value.replace(/\u001b\[[0-9;]*m/g, '');
}

/** `302 → 200` would need room; the last answer counts, the hops are in the JSON. */
function statusOf(result: RunResult): string {
  return result.exchange ? String(result.exchange.response.status) : 'not sent';
}

function pathOf(result: RunResult): string {
  const url = result.request?.url.text ?? '';
  return url.replace(/^[a-z]+:\/\/[^/?#]*/i, '') || url;
}
