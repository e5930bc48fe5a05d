/**
 * Writes a time by a custom format: Day.js tokens (`YYYY-MM-DD`) or .NET tokens (`yyyy-MM-dd`), told apart by the
 * tokens themselves (D1). English names only. It knows no time zones but UTC and the local one.
 */

/** A moment as calendar fields of UTC or of local time. */
export interface CalendarTime {
  readonly year: number;
  /** 1–12. */
  readonly month: number;
  readonly day: number;
  /** 0 = Sunday. */
  readonly weekday: number;
  readonly hour: number;
  readonly minute: number;
  readonly second: number;
  readonly millisecond: number;
  /** Minutes east of UTC. */
  readonly offset: number;
  /** Milliseconds since the epoch. */
  readonly epoch: number;
}

const months = 'January February March April May June July August September October November December'.split(' ');
const weekdays = 'Sunday Monday Tuesday Wednesday Thursday Friday Saturday'.split(' ');

export function toCalendarTime(epoch: number, local: boolean): CalendarTime {
  const date = new Date(epoch);
  const offset = local ? -date.getTimezoneOffset() : 0;
  const shifted = new Date(epoch + offset * 60_000);
  return {
    year: shifted.getUTCFullYear(),
    month: shifted.getUTCMonth() + 1,
    day: shifted.getUTCDate(),
    weekday: shifted.getUTCDay(),
    hour: shifted.getUTCHours(),
    minute: shifted.getUTCMinutes(),
    second: shifted.getUTCSeconds(),
    millisecond: shifted.getUTCMilliseconds(),
    offset,
    epoch,
  };
}

/** Which family of tokens a format uses (D1); undefined where both mean the same. */
export function detectTokens(format: string): 'dayjs' | 'dotnet' | undefined {
  const bare = format.replace(/\[[^\]]*\]|'[^']*'/g, '');
  if (/Y|D|SSS|A|\[/.test(bare) || /\[[^\]]*\]/.test(format)) return 'dayjs';
  if (/y|(?<!d)dd(?!d)|f|tt|K/.test(bare)) return 'dotnet';
  return undefined;
}

/** The time in a custom format. */
export function formatTime(time: CalendarTime, format: string): string {
  return detectTokens(format) === 'dotnet' ? formatDotnet(time, format) : formatDayjs(time, format);
}

function formatDayjs(time: CalendarTime, format: string): string {
  const token = /\[([^\]]*)\]|YYYY|YY|M{1,4}|D{1,2}|d{1,4}|H{1,2}|h{1,2}|a|A|m{1,2}|s{1,2}|SSS|Z{1,2}|X|x|Q/g;
  return format.replace(token, (match: string, literal: string | undefined) => literal ?? dayjsField(time, match));
}

function dayjsField(time: CalendarTime, token: string): string {
  switch (token) {
    case 'YYYY':
      return pad(time.year, 4);
    case 'YY':
      return pad(time.year % 100, 2);
    case 'D':
      return String(time.day);
    case 'DD':
      return pad(time.day, 2);
    case 'd':
      return String(time.weekday);
    case 'dd':
      return weekdayName(time).slice(0, 2);
    case 'A':
      return time.hour < 12 ? 'AM' : 'PM';
    case 'a':
      return time.hour < 12 ? 'am' : 'pm';
    case 'SSS':
      return pad(time.millisecond, 3);
    case 'Z':
      return offsetText(time.offset, ':');
    case 'ZZ':
      return offsetText(time.offset, '');
    case 'X':
      return String(Math.floor(time.epoch / 1000));
    case 'x':
      return String(time.epoch);
    case 'Q':
      return String(Math.ceil(time.month / 3));
    default:
      return commonField(time, token);
  }
}

function formatDotnet(time: CalendarTime, format: string): string {
  const token =
    /'([^']*)'|"([^"]*)"|\\(.)|%|y{1,5}|M{1,4}|d{1,4}|H{1,2}|h{1,2}|m{1,2}|s{1,2}|f{1,7}|F{1,7}|t{1,2}|z{1,3}|K/g;
  return format.replace(token, (match: string, single?: string, double?: string, escaped?: string) => {
    return single ?? double ?? escaped ?? dotnetField(time, match);
  });
}

function dotnetField(time: CalendarTime, token: string): string {
  const kind = token[0]!;
  switch (kind) {
    case '%':
      return '';
    case 'y':
      return token.length <= 2 ? pad(time.year % 100, token.length) : pad(time.year, token.length);
    case 'd':
      if (token.length <= 2) return pad(time.day, token.length);
      return commonField(time, token);
    case 'f':
      return fraction(time, token.length);
    case 'F':
      return fraction(time, token.length).replace(/0+$/, '');
    case 't':
      return (time.hour < 12 ? 'AM' : 'PM').slice(0, token.length);
    case 'z':
      return token.length === 3 ? offsetText(time.offset, ':') : hourOffset(time.offset, token.length);
    case 'K':
      return time.offset === 0 ? 'Z' : offsetText(time.offset, ':');
    default:
      return commonField(time, token);
  }
}

/** The tokens that both families share. */
function commonField(time: CalendarTime, token: string): string {
  switch (token) {
    case 'M':
    case 'MM':
      return pad(time.month, token.length);
    case 'MMM':
      return (months[time.month - 1] ?? '').slice(0, 3);
    case 'MMMM':
      return months[time.month - 1] ?? '';
    case 'ddd':
      return weekdayName(time).slice(0, 3);
    case 'dddd':
      return weekdayName(time);
    case 'H':
    case 'HH':
      return pad(time.hour, token.length);
    case 'h':
    case 'hh':
      return pad(time.hour % 12 === 0 ? 12 : time.hour % 12, token.length);
    case 'm':
    case 'mm':
      return pad(time.minute, token.length);
    case 's':
    case 'ss':
      return pad(time.second, token.length);
    default:
      return token;
  }
}

function weekdayName(time: CalendarTime): string {
  return weekdays[time.weekday] ?? '';
}

function pad(value: number, width: number): string {
  return value < 0 ? `-${String(-value).padStart(width, '0')}` : String(value).padStart(width, '0');
}

function fraction(time: CalendarTime, digits: number): string {
  return `${pad(time.millisecond, 3)}0000`.slice(0, digits);
}

/** `+02:00`. */
export function offsetText(minutes: number, separator: string): string {
  const size = Math.abs(minutes);
  return `${minutes < 0 ? '-' : '+'}${pad(Math.floor(size / 60), 2)}${separator}${pad(size % 60, 2)}`;
}

function hourOffset(minutes: number, width: number): string {
  return `${minutes < 0 ? '-' : '+'}${pad(Math.floor(Math.abs(minutes) / 60), width)}`;
}
