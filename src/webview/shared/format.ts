/** Numbers, sizes, times and dates in words, by the reader's locale (ux.md H3). Exact values are the caller's hover. Pure. */

const plain = new Intl.NumberFormat();
const oneDigit = new Intl.NumberFormat(undefined, { minimumFractionDigits: 1, maximumFractionDigits: 1 });
const clock = new Intl.DateTimeFormat(undefined, {
  hour: '2-digit',
  minute: '2-digit',
  second: '2-digit',
  hourCycle: 'h23',
});
const day = new Intl.DateTimeFormat(undefined, { day: 'numeric', month: 'short', year: 'numeric' });
const dayAndTime = new Intl.DateTimeFormat(undefined, {
  day: 'numeric',
  month: 'short',
  year: 'numeric',
  hour: '2-digit',
  minute: '2-digit',
  hourCycle: 'h23',
});

export function count(value: number): string {
  return plain.format(value);
}

/** `84 ms`, `1.2 s`, `3 min 5 s`. */
export function duration(ms: number): string {
  if (ms < 999.5) return `${plain.format(Math.round(ms))} ms`;
  if (ms < 60_000) return `${oneDigit.format(ms / 1000)} s`;
  const seconds = Math.round(ms / 1000);
  return `${plain.format(Math.floor(seconds / 60))} min ${String(seconds % 60)} s`;
}

/** For a screen reader: `84 milliseconds`. */
export function spokenDuration(ms: number): string {
  if (ms < 999.5) return many(Math.round(ms), 'millisecond');
  if (ms < 60_000) return `${oneDigit.format(ms / 1000)} seconds`;
  const seconds = Math.round(ms / 1000);
  return `${many(Math.floor(seconds / 60), 'minute')} ${many(seconds % 60, 'second')}`;
}

/** `118 B`, `2.4 kB`, `104 MB`; decimal units. */
export function size(bytes: number): string {
  const [value, unit] = scaled(bytes, ['B', 'kB', 'MB', 'GB']);
  return `${value} ${unit}`;
}

export function spokenSize(bytes: number): string {
  const [value, unit] = scaled(bytes, ['bytes', 'kilobytes', 'megabytes', 'gigabytes']);
  return value === '1' && unit === 'bytes' ? '1 byte' : `${value} ${unit}`;
}

function scaled(bytes: number, units: readonly string[]): [string, string] {
  let value = bytes;
  let unit = 0;
  while (value >= 999.5 && unit < units.length - 1) {
    value /= 1000;
    unit += 1;
  }
  const text = unit === 0 || value >= 99.95 ? plain.format(Math.round(value)) : oneDigit.format(value);
  return [text, units[unit] as string];
}

export function exactBytes(bytes: number): string {
  return many(bytes, 'byte');
}

export function many(value: number, word: string, plural = `${word}s`): string {
  return `${plain.format(value)} ${value === 1 ? word : plural}`;
}

export function time(at: number): string {
  return clock.format(at);
}

export function date(at: number): string {
  return day.format(at);
}

export function dateTime(at: number): string {
  return dayAndTime.format(at);
}

const dayMs = 86_400_000;

/** `40 days`, `1 day`, `5 hours`. */
export function span(ms: number): string {
  if (ms >= 2 * dayMs) return many(Math.floor(ms / dayMs), 'day');
  if (ms >= 3_600_000 * 2) return many(Math.floor(ms / 3_600_000), 'hour');
  return many(Math.max(1, Math.round(ms / 60_000)), 'minute');
}

/** `2 hours ago`, `in 3 days`. */
export function relative(at: number, now: number): string {
  const away = Math.abs(now - at);
  if (away < 60_000) return 'now';
  return at < now ? `${span(away)} ago` : `in ${span(away)}`;
}

/** Milliseconds of a date as APIs write it (RFC 3339), or undefined. */
export function toTimestamp(text: string): number | undefined {
  if (!/^\d{4}-\d\d-\d\dT\d\d:\d\d(:\d\d(\.\d+)?)?(Z|[+-]\d\d:?\d\d)$/.test(text)) return undefined;
  const at = Date.parse(text);
  return Number.isNaN(at) ? undefined : at;
}

/** Cuts the middle out of a path: its end tells most. */
export function middleCut(text: string, limit: number): string {
  if (text.length <= limit) return text;
  const head = Math.ceil((limit - 1) * 0.55);
  return `${text.slice(0, head)}…${text.slice(text.length - (limit - 1 - head))}`;
}
