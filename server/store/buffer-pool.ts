/** Memory for bodies that must be whole before they can be stored: so much and no more for all of this process, in pieces that are used again. */
import { Problem } from '../../shared/problem/problem.ts';
import { maxPartCiphertext } from '../../shared/protocol/limits.ts';

/** Small enough that many slow senders find a place. */
const CHUNK = 262_144;
/** What the largest part takes. So much is kept for one buffer at a time, which can thus be filled to its end whatever the others do. */
const LANE = Math.ceil(maxPartCiphertext(16_777_216) / CHUNK);

export interface PooledBuffer {
  /**
   * Copies a piece; waits for memory while others hold it. Problem `server-busy` after waiting too long, or when its memory was given to
   * another meanwhile, because so long nothing came.
   */
  append(piece: Uint8Array): Promise<void>;
  /** What is in it, in order. Good until `release`: from now on nobody takes it away. Problem `server-busy` as above. */
  contents(): readonly Uint8Array[];
  /** Gives the memory back; may be called again. */
  release(): void;
}

export interface BufferPool {
  open(): PooledBuffer;
}

interface Holder {
  /** How many buffers were opened before: the oldest is served first, so that some come to their end early. */
  readonly age: number;
  readonly chunks: Uint8Array[];
  length: number;
  /** When a piece came last. */
  moved: number;
  state: 'open' | 'leaving' | 'taken' | 'released';
}

interface Waiter {
  readonly holder: Holder;
  /** Ends the waiting: with memory, or with an error. */
  readonly end: (error: Error | null) => void;
}

export interface PoolLimits {
  /** Longest wait for memory in milliseconds. */
  readonly patience: number;
  /** Who brought nothing for so many milliseconds gives up what it holds, when another waits: else a few that stop half-way keep all others out. */
  readonly quiet: number;
}

/** A pool of `bytes` (never less than the largest part takes). `clock` is in milliseconds and only ever rises. */
export function createBufferPool(bytes: number, { patience, quiet }: PoolLimits, clock: () => number): BufferPool {
  const spare: Uint8Array[] = [];
  let free = Math.max(LANE, Math.floor(bytes / CHUNK));
  let opened = 0;
  let lane: { readonly holder: Holder; used: number } | null = null;
  const waiting: Waiter[] = [];
  /** Those that hold memory, the one that brought nothing for the longest time first. */
  const holders = new Set<Holder>();

  const take = (holder: Holder): boolean => {
    if (free <= LANE - (lane?.used ?? 0)) {
      if (lane !== null && lane.holder !== holder) return false;
      lane ??= { holder, used: 0 };
      lane.used++;
    }
    free--;
    holder.chunks.push(spare.pop() ?? Buffer.allocUnsafeSlow(CHUNK));
    return true;
  };
  const give = (holder: Holder, state: 'taken' | 'released'): void => {
    if (holder.state !== 'taken') holder.state = state;
    holders.delete(holder);
    spare.push(...holder.chunks);
    free += holder.chunks.length;
    holder.chunks.length = 0;
    if (lane?.holder === holder) lane = null;
    serve();
  };
  const takeFromQuiet = (): void => {
    const [quietest] = [...holders].filter(({ state, chunks }) => state === 'open' && chunks.length > 0);
    if (quietest !== undefined && clock() - quietest.moved >= quiet) give(quietest, 'taken');
  };
  const serve = (): void => {
    while (waiting[0] !== undefined && take(waiting[0].holder)) waiting[0].end(null);
  };
  const wait = (holder: Holder): Promise<void> =>
    new Promise((resolve, reject) => {
      const end = (error: Error | null): void => {
        clearTimeout(timer);
        waiting.splice(waiting.indexOf(waiter), 1);
        if (error === null) resolve();
        else reject(error);
      };
      const waiter: Waiter = { holder, end };
      const timer = setTimeout(() => end(new Problem('server-busy')), patience);
      const younger = waiting.findIndex((other) => other.holder.age > holder.age);
      waiting.splice(younger < 0 ? waiting.length : younger, 0, waiter);
    });

  return {
    open() {
      const holder: Holder = { age: opened++, chunks: [], length: 0, moved: clock(), state: 'open' };
      const check = (): void => {
        if (holder.state === 'taken') throw new Problem('server-busy');
        if (holder.state === 'released') throw new Error('The buffer was given back.');
      };
      return {
        async append(piece) {
          holder.moved = clock();
          holders.delete(holder);
          holders.add(holder);
          for (let at = 0; at < piece.length;) {
            check();
            if (holder.length === holder.chunks.length * CHUNK) {
              if (holder.chunks.length === LANE) throw new Error('More than a part.');
              if (!take(holder)) {
                takeFromQuiet();
                if (!take(holder)) await wait(holder);
              }
            }
            const start = holder.length % CHUNK;
            const slice = piece.subarray(at, at + CHUNK - start);
            holder.chunks.at(-1)!.set(slice, start);
            holder.length += slice.length;
            at += slice.length;
          }
        },
        contents() {
          check();
          holder.state = 'leaving';
          return holder.chunks.map((chunk, index) => chunk.subarray(0, Math.min(CHUNK, holder.length - index * CHUNK)));
        },
        release() {
          waiting.find((waiter) => waiter.holder === holder)?.end(new Error('The buffer was given back.'));
          give(holder, 'released');
        },
      };
    },
  };
}
