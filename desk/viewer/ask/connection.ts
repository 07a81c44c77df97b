/** Whether the desk still answers: all requests note it here, the page reads it. */
import { useSyncExternalStore } from 'react';

/** `locked`: it answers, but does not know this page (any more). */
export type Connection = 'there' | 'locked' | 'gone';

let now: Connection = 'there';
const listeners = new Set<() => void>();

function become(next: Connection): void {
  if (next === now) return;
  now = next;
  for (const listener of listeners) listener();
}

/** Nobody listens at the address: on this machine that means the program has ended. */
export function noteSilence(): void {
  become('gone');
}

export function noteAnswer(status: number): void {
  become(status === 401 ? 'locked' : 'there');
}

export function useConnection(): Connection {
  return useSyncExternalStore(subscribe, () => now);
}

function subscribe(listener: () => void): () => void {
  listeners.add(listener);
  return () => listeners.delete(listener);
}
