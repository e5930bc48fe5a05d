/**
 * Dynamic variables of time, with offsets (`-1 d`). A bare `$timestamp` is in seconds in every dialect (D3).
 * Source: dialects.md §10.3.
 */
import { plain } from '../tracked.ts';
import { formatTime, offsetText, toCalendarTime } from './date-format.ts';
import { argumentError, type DynamicCall, type DynamicVariable } from './dynamic-variable.ts';

const milliseconds = new Map([
  ['w', 604_800_000],
  ['d', 86_400_000],
  ['h', 3_600_000],
  ['m', 60_000],
  ['s', 1000],
  ['ms', 1],
]);
const monthsIn = new Map([
  ['y', 12],
  ['Q', 3],
  ['M', 1],
]);

const offsetParameters = [
  { name: 'offset', description: 'A whole number, negative for the past.', optional: true },
  { name: 'unit', description: 'y, Q, M, w, d, h, m, s or ms.', optional: true },
] as const;

/** The time moved by `number unit` pairs, in milliseconds since the epoch. */
function shifted(call: DynamicCall, args: readonly string[], local: boolean): number {
  let epoch = call.context.clock.now();
  const pairs = args.flatMap((arg) => /^([+-]?\d+)(\D+)$/.exec(arg)?.slice(1) ?? [arg]);
  if (pairs.length % 2 === 1) throw argumentError(call, 'an offset such as -1 d');
  for (let index = 0; index < pairs.length; index += 2) {
    const amount = Number(pairs[index]);
    const unit = pairs[index + 1]!;
    const size = milliseconds.get(unit);
    const months = monthsIn.get(unit);
    if (!Number.isSafeInteger(amount) || (size === undefined && months === undefined)) {
      throw argumentError(call, 'an offset such as -1 d, in y, Q, M, w, d, h, m, s or ms');
    }
    epoch = months === undefined ? epoch + amount * size! : addMonths(epoch, amount * months, local);
  }
  if (Number.isNaN(new Date(epoch).getTime())) throw argumentError(call, 'an offset within the calendar');
  return epoch;
}

/** The same day of another month, or that month's last day. */
function addMonths(epoch: number, months: number, local: boolean): number {
  const date = new Date(epoch);
  if (local) {
    const day = date.getDate();
    date.setDate(1);
    date.setMonth(date.getMonth() + months);
    date.setDate(Math.min(day, new Date(date.getFullYear(), date.getMonth() + 1, 0).getDate()));
  } else {
    const day = date.getUTCDate();
    date.setUTCDate(1);
    date.setUTCMonth(date.getUTCMonth() + months);
    const last = new Date(Date.UTC(date.getUTCFullYear(), date.getUTCMonth() + 1, 0)).getUTCDate();
    date.setUTCDate(Math.min(day, last));
  }
  return date.getTime();
}

const timestamp: DynamicVariable = {
  name: '$timestamp',
  signature: '$timestamp [offset unit]',
  parameters: offsetParameters,
  documentation: 'Seconds since 1970, now or at an offset such as -1 d. Bare, httpYac gives milliseconds here.',
  value: (call) => plain(String(Math.floor(shifted(call, call.args, false) / 1000))),
};

const isoTimestamp: DynamicVariable = {
  name: '$isoTimestamp',
  signature: '$isoTimestamp [offset unit]',
  parameters: offsetParameters,
  documentation: 'The time in UTC as in 2026-01-31T12:00:00.000Z.',
  value: (call) => plain(new Date(shifted(call, call.args, false)).toISOString()),
};

function datetime(name: string, local: boolean): DynamicVariable {
  return {
    name,
    signature: `${name} [rfc1123 | iso8601 | "format"] [offset unit]`,
    parameters: [
      { name: 'format', description: 'rfc1123, iso8601, or tokens of Day.js or .NET in quotes.', optional: true },
      ...offsetParameters,
    ],
    documentation: `The ${local ? 'local time' : 'time in UTC'}, iso8601 without a format. Tokens: YYYY-MM-DD or yyyy-MM-dd.`,
    value(call) {
      const [first, ...others] = call.args;
      const offsetOnly = first !== undefined && /^[+-]?\d+$/.test(first);
      const epoch = shifted(call, offsetOnly ? call.args : others, local);
      return plain(written(epoch, offsetOnly || first === undefined ? 'iso8601' : first, local));
    },
  };
}

function written(epoch: number, format: string, local: boolean): string {
  const time = toCalendarTime(epoch, local);
  switch (format.toLowerCase()) {
    case 'iso8601':
      return local ? formatTime(time, 'YYYY-MM-DDTHH:mm:ssZ') : new Date(epoch).toISOString();
    case 'rfc1123':
      return local
        ? `${formatTime(time, 'ddd, DD MMM YYYY HH:mm:ss')} ${offsetText(time.offset, '')}`
        : new Date(epoch).toUTCString();
    case 'timestamp':
      return String(Math.floor(epoch / 1000));
    default:
      return formatTime(time, format);
  }
}

const date: DynamicVariable = {
  name: '$date',
  signature: '$date',
  parameters: [],
  documentation: 'The local date as in 2026-01-31.',
  value: ({ context }) => plain(formatTime(toCalendarTime(context.clock.now(), true), 'YYYY-MM-DD')),
};

export const timeVariables: readonly DynamicVariable[] = [
  timestamp,
  isoTimestamp,
  datetime('$datetime', false),
  datetime('$localDatetime', true),
  date,
];
