/** What passes between the desk and the thread that reads files of strangers: the thread has no file and no key, only ranges that it asks for. */
import type { FoundSpan, WantedSpan } from '../../proof/span/span.ts';
import type { Facts } from './facts.ts';

/** What is asked about one file. */
export type Question =
  | { readonly kind: 'facts'; readonly size: number }
  | { readonly kind: 'span'; readonly size: number; readonly wanted: WantedSpan };

export type Answer =
  { readonly kind: 'facts'; readonly facts: Facts } | { readonly kind: 'span'; readonly found: FoundSpan };

export type ToThread = Question | { readonly kind: 'bytes'; readonly bytes: Uint8Array | null };

export type FromThread = Answer | { readonly kind: 'read'; readonly from: number; readonly to: number };
