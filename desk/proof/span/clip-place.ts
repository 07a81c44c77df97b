/** Where a clip begins or ends, as a person writes it: a byte, or a time with a colon in it. */
import { Failure } from '../../failure.ts';
import type { Clip } from '../clip-proof.ts';
import type { WantedSpan } from './span.ts';

const TIME = /^(?:(\d{1,3}):)?(\d{1,3}):(\d{1,2}(?:\.\d{1,6})?)$/;

export type Wanted =
  { readonly kind: 'bytes'; readonly clip: Clip } | { readonly kind: 'time'; readonly span: WantedSpan };

/** Reads `FROM-TO` for a file of `size` bytes. Failure `proof-range`. */
export function parseWanted(text: string, size: number): Wanted {
  const [, from = '', to = ''] = /^([\d:.]{1,20})-([\d:.]{1,20})$/.exec(text) ?? [];
  if (TIME.test(from) && TIME.test(to)) {
    const span = { from: seconds(from), to: seconds(to) };
    if (span.from < span.to) return { kind: 'time', span };
  }
  if (/^\d{1,15}$/.test(from) && /^\d{1,15}$/.test(to)) {
    const clip = { from: Number(from), to: Number(to) };
    if (clip.from < clip.to && clip.to <= size) return { kind: 'bytes', clip };
  }
  throw new Failure('proof-range', { size });
}

function seconds(text: string): number {
  const [, hours = '0', minutes, rest] = TIME.exec(text)!;
  return Number(hours) * 3600 + Number(minutes) * 60 + Number(rest);
}

/** A time as players show it, to the millisecond. */
export function formatTime(time: number): string {
  const whole = Math.max(0, Math.round(time * 1000));
  const two = (value: number) => String(Math.floor(value)).padStart(2, '0');
  const clock = [whole / 3_600_000, (whole / 60_000) % 60, (whole / 1000) % 60].map((value) => two(value)).join(':');
  return `${clock}.${String(whole % 1000).padStart(3, '0')}`;
}
