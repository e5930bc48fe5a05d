/** Numbers as people read them: `84 ms`, `1.2 s`, `2.1 kB` (ux.md H3). */

export function duration(milliseconds: number): string {
  if (milliseconds < 1000) return `${Math.round(milliseconds)} ms`;
  if (milliseconds < 60_000) return `${(milliseconds / 1000).toFixed(1)} s`;
  return `${Math.floor(milliseconds / 60_000)} min ${Math.round((milliseconds % 60_000) / 1000)} s`;
}

export function bytes(count: number): string {
  if (count < 1000) return `${count} B`;
  const units = ['kB', 'MB', 'GB', 'TB'];
  let value = count;
  let unit = 'B';
  for (const next of units) {
    if (value < 1000) break;
    value /= 1000;
    unit = next;
  }
  return `${value.toFixed(1)} ${unit}`;
}

/** How long from now, at the precision that matters: `52 min`, `2 d`; in words `52 minutes`. */
export function span(milliseconds: number, inWords = false): string {
  const minutes = Math.max(0, Math.round(milliseconds / 60_000));
  const [count, short, word] =
    minutes < 1
      ? [Math.max(0, Math.round(milliseconds / 1000)), 's', 'second']
      : minutes < 120
        ? [minutes, 'min', 'minute']
        : minutes < 48 * 60
          ? [Math.round(minutes / 60), 'h', 'hour']
          : [Math.round(minutes / 1440), 'd', 'day'];
  return inWords ? `${count} ${word}${count === 1 ? '' : 's'}` : `${count} ${short}`;
}
