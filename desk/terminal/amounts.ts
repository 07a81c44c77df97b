/** Numbers as people read them. */

const UNITS = ['bytes', 'kB', 'MB', 'GB', 'TB', 'PB'] as const;

/** A size in decimal units: `6.44 GB`. */
export function formatSize(bytes: number): string {
  let unit = 0;
  let value = bytes;
  while (value >= 999.5 && unit < UNITS.length - 1) {
    value /= 1000;
    unit++;
  }
  return `${unit === 0 ? String(bytes) : value.toPrecision(3)} ${UNITS[unit]}`;
}

/** `1 part`, `2 parts`. */
export function count(number: number, one: string, many = `${one}s`): string {
  return `${number.toLocaleString('en')} ${number === 1 ? one : many}`;
}

/** `m:ss` or `h:mm:ss`. */
export function formatSeconds(seconds: number): string {
  const whole = Math.max(0, Math.round(seconds));
  const two = (value: number) => String(value).padStart(2, '0');
  const hours = Math.floor(whole / 3600);
  const minutes = Math.floor(whole / 60) % 60;
  return hours > 0 ? `${hours}:${two(minutes)}:${two(whole % 60)}` : `${minutes}:${two(whole % 60)}`;
}

/** Ranges [from, to], both included, as `0-3, 7`; at most `most` of them are written out. */
export function formatRanges(ranges: readonly (readonly [number, number])[], most = 12): string {
  const shown = ranges.slice(0, most).map(([from, to]) => (from === to ? String(from) : `${from}-${to}`));
  return shown.join(', ') + (ranges.length > most ? ` and ${ranges.length - most} more ranges` : '');
}
