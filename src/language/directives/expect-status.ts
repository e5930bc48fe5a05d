/**
 * `# @expect-status admin=200 user=403 none=401`: which status a request answers to whom. Ours. The directive and how
 * its value reads; whether an answer fits is judged by the run room.
 */
import type { Directive } from './directive.ts';

export const expectStatusDirectives = [
  {
    name: 'expect-status',
    dialects: ['union'],
    argument: 'expectations',
    repeats: true,
    doc: 'Tests the status by who asks: `admin=200 user=403 none=401`. A status may be `2xx`, or several with a comma.',
    effect: 'expect-status',
  },
] as const satisfies readonly Directive[];

export interface StatusExpectation {
  /** Name of a credential, or `none`. */
  readonly who: string;
  /** `200`, `2xx`: one of them has to fit. */
  readonly statuses: readonly string[];
}

/** The expectations of one directive; a word that is none of them stands in `unread`. */
export function parseExpectations(value: string): {
  readonly expected: readonly StatusExpectation[];
  readonly unread: readonly string[];
} {
  const expected: StatusExpectation[] = [];
  const unread: string[] = [];
  for (const word of value.split(/\s+/)) {
    if (word === '') continue;
    const at = word.lastIndexOf('=');
    const statuses = word
      .slice(at + 1)
      .toLowerCase()
      .split(',');
    if (at > 0 && statuses.every((status) => /^[1-5](?:\d\d|xx)$/.test(status))) {
      expected.push({ who: word.slice(0, at), statuses });
    } else unread.push(word);
  }
  return { expected, unread };
}

export function fitsStatus(status: number, statuses: readonly string[]): boolean {
  const text = String(status);
  return statuses.some((each) => each === text || (each.endsWith('xx') && text.startsWith(each.slice(0, 1))));
}
