/** Sizes, days and times in words of the page's language: rounded so that a person reads them at a glance. */
import { LANGUAGE, t } from './text.ts';

const UNITS = ['byte', 'kilobyte', 'megabyte', 'gigabyte', 'terabyte'] as const;

/** `18.2 GB`: decimal units, three figures at most. `bytes` is a whole number. */
export function sizeText(bytes: number): string {
  let value = bytes;
  let unit = 0;
  while (value >= 999.5 && unit < UNITS.length - 1) {
    value /= 1000;
    unit++;
  }
  const digits = unit === 0 || value >= 99.95 ? 0 : 1;
  const style = { style: 'unit', unit: UNITS[unit] ?? 'byte', unitDisplay: unit === 0 ? 'long' : 'short' } as const;
  return new Intl.NumberFormat(LANGUAGE, { ...style, maximumFractionDigits: digits }).format(value);
}

/** `3 November 2026` for `2026-11-03`, or `3 Nov 2026` where there is little room; words for a day that is not known. */
export function dayText(day: string | null, dateStyle: 'long' | 'medium' = 'long'): string {
  if (day === null) return t('day.unknown');
  const date = new Date(`${day}T00:00:00Z`);
  if (Number.isNaN(date.getTime())) return t('day.unknown');
  return new Intl.DateTimeFormat('en-GB', { dateStyle, timeZone: 'UTC' }).format(date);
}

/** Whole per cent, rounded down: 100 only when all of it is done. */
export function percentText(done: number, total: number): string {
  const percent = total <= 0 ? 0 : Math.min(100, Math.floor((done / total) * 100));
  return new Intl.NumberFormat(LANGUAGE, { style: 'percent' }).format(percent / 100);
}

/** `1:02:03.450`: hours only where there are some. Words for a length that no clock shows. */
export function timeText(seconds: number): string {
  if (!Number.isFinite(seconds) || seconds < 0 || seconds > 1_000_000) return t('media.no-length');
  const whole = Math.floor(seconds);
  const two = (value: number): string => String(value).padStart(2, '0');
  const [hours, minutes] = [Math.floor(whole / 3600), Math.floor(whole / 60) % 60];
  const thousandths = String(Math.floor((seconds - whole) * 1000)).padStart(3, '0');
  const head = hours > 0 ? `${hours}:${two(minutes)}` : String(minutes);
  return `${head}:${two(whole % 60)}.${thousandths}`;
}
