/** Brings one part to the server, whatever happens on the way. What was acknowledged is never sent again; the rest is, without end. */
import { Problem } from '../../shared/problem/problem.ts';
import { sizeOf, sliceOf } from './body.ts';
import type { Body } from './body.ts';
import type { Exchange, Link } from './link.ts';
import { meaningOf, requestOf } from './part-exchange.ts';
import type { Step } from './part-exchange.ts';

export interface PartToSend {
  readonly path: string;
  /** The signed part statement. */
  readonly statement: string;
  readonly writer: number;
  readonly record: Uint8Array | null;
  /** The ciphertext: kept until all of it is acknowledged. */
  readonly body: Body;
  /** Called with the number of bytes that the server has acknowledged, each time it says so. */
  readonly onOffset: (offset: number) => void;
}

/** Resolves when the server has all of the part. Throws the server's Problem when it refuses; rejects with an AbortError at the end. */
export async function sendPart(link: Link, exchange: Exchange, part: PartToSend): Promise<void> {
  const size = sizeOf(part.body);
  let step: Step = { kind: 'create' };
  try {
    for (;;) {
      const signal = await link.gate.pass();
      const from: number = step.kind === 'append' ? step.offset : 0;
      const length: number = step.kind === 'ask' ? 0 : link.slices.next(size - from);
      const slice = sliceOf(part.body, from, from + length);
      const started = link.clock.ticks();
      const request = requestOf(step, { ...part, size }, slice);
      const answer = await link.transport({ ...request, path: part.path, signal });
      if (answer === null && signal.aborted) {
        // Paused in the middle: what had arrived is kept, and how much that is only the server knows.
        step = { kind: 'ask' };
        continue;
      }
      const meaning = meaningOf(step, answer, { ...part, size });
      if (answer === null) {
        link.slices.broke();
        link.lanes.broke(link.clock.ticks());
      }
      switch (meaning.kind) {
        case 'offset':
          if (step.kind === 'append' && meaning.offset <= from) {
            // Taken, it says, and yet nothing moved: no server of ours, or one in trouble. Asking on at once would never end.
            await exchange.failed(null);
            step = { kind: 'ask' };
            break;
          }
          if (meaning.taken && meaning.offset === from + length)
            link.slices.answered(length, link.clock.ticks() - started);
          exchange.succeeded();
          part.onOffset(meaning.offset);
          if (meaning.offset === size) return;
          step = { kind: 'append', offset: meaning.offset };
          break;
        case 'turn':
          step = meaning.next;
          break;
        case 'trouble':
          await exchange.failed(meaning.code);
          step = meaning.next;
          break;
        case 'refused':
          throw new Problem(meaning.code);
      }
    }
  } finally {
    exchange.end();
  }
}
