/** What passes between the desk and the thread that reads facts: the thread has no file and no key, only ranges that it asks for. */
import type { Facts } from './facts.ts';

export type ToThread =
  { readonly kind: 'file'; readonly size: number } | { readonly kind: 'bytes'; readonly bytes: Uint8Array | null };

export type FromThread =
  | { readonly kind: 'read'; readonly from: number; readonly to: number }
  | { readonly kind: 'facts'; readonly facts: Facts };
