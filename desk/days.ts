/** Arithmetic on calendar days written `YYYY-MM-DD`, which sort as text. */
import { dayOf } from '../shared/statements/fields.ts';

const DAY_MS = 86_400_000;

/** The day `days` after `day`. */
export function daysAfter(day: string, days: number): string {
  return dayOf(new Date(new Date(`${day}T00:00:00Z`).getTime() + days * DAY_MS));
}

/** The later of two days. */
export function laterDay(a: string, b: string): string {
  return a > b ? a : b;
}

/** The earlier of two days. */
export function earlierDay(a: string, b: string): string {
  return a < b ? a : b;
}
