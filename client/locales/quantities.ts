/** Sizes, days and time left in words of the page's language: rounded so that a person reads them at a glance. */
import { LANGUAGE, t } from './text.ts';

const UNITS = ['byte', 'kilobyte', 'megabyte', 'gigabyte', 'terabyte'] as const;
const MINUTE = 60;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;

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

/** `3 November 2026` for `2026-11-03`. */
export function dayText(day: string): string {
  const date = new Date(`${day}T00:00:00Z`);
  return new Intl.DateTimeFormat('en-GB', { dateStyle: 'long', timeZone: 'UTC' }).format(date);
}

/** `About 3 hours left`: never a figure that jumps about or claims more than is known. `seconds` null when unknown. */
export function timeLeftText(seconds: number | null): string {
  if (seconds === null || !Number.isFinite(seconds)) return t('upload.left-unknown');
  if (seconds < MINUTE) return t('upload.left-moment');
  if (seconds < 10 * MINUTE) return t('upload.left-minutes', { count: Math.round(seconds / MINUTE) });
  if (seconds < 57.5 * MINUTE) return t('upload.left-minutes', { count: Math.round(seconds / MINUTE / 5) * 5 });
  if (seconds < 1.5 * DAY) return t('upload.left-hours', { count: Math.max(1, Math.round(seconds / HOUR)) });
  return t('upload.left-days', { count: Math.round(seconds / DAY) });
}

/** `At most about 10 seconds more`, in steps of five: work that is bounded, at the pace of this computer. */
export function workLeftText(seconds: number): string {
  return t('work.left', { count: Math.max(1, Math.ceil(seconds / 5)) * 5 });
}

/** Whole per cent that have arrived, rounded down: 100 only when all of it has. */
export function percentOf(done: number, total: number): number {
  return total <= 0 ? 0 : Math.min(100, Math.floor((done / total) * 100));
}

/** `45%`, written the language's way. `percent` is whole. */
export function percentText(percent: number): string {
  return new Intl.NumberFormat(LANGUAGE, { style: 'percent' }).format(percent / 100);
}
