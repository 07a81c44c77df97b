/** What all requests of one submission share: the way out, the gate, the estimate of the link, and word of trouble. */
import type { Random } from '../../shared/bytes/random.ts';
import type { ProblemCode } from '../../shared/problem/codes.ts';
import { backoff } from './backoff.ts';
import type { Clock } from './clock.ts';
import type { Gate } from './gate.ts';
import type { LaneCount } from './lane-count.ts';
import type { Slices } from './slices.ts';
import type { Transport } from './transport.ts';
import type { WorkState } from '../work/solve-work.ts';

export interface Link {
  readonly transport: Transport;
  readonly clock: Clock;
  readonly random: Random;
  readonly gate: Gate;
  readonly slices: Slices;
  readonly lanes: LaneCount;
  /** Called when the number of exchanges under way, or of those in trouble, changes. */
  readonly onTrouble: (trouble: Trouble) => void;
  /** Called while this computer works for its place, and with null when that is over. */
  readonly onWork: (state: WorkState | null) => void;
}

export interface Trouble {
  /** True when there are exchanges and none of them gets through. */
  readonly away: boolean;
  /** What the server said of it, if it said anything. */
  readonly code: ProblemCode | null;
}

/** One exchange with the server, of as many requests as it takes. See {@link createExchanges}. */
export interface Exchange {
  /** A request failed in a way that may pass: waits, longer each time in a row, and at least `least` milliseconds. */
  failed(code: ProblemCode | null, least?: number): Promise<void>;
  /** A request succeeded. */
  succeeded(): void;
  end(): void;
}

/** Counts exchanges, and waits for those in trouble. */
export function createExchanges(link: Link): () => Exchange {
  const running = new Set<symbol>();
  const troubled = new Map<symbol, ProblemCode | null>();

  function tell(): void {
    const away = troubled.size > 0 && troubled.size === running.size;
    link.onTrouble({ away, code: away ? ([...troubled.values()].findLast((code) => code !== null) ?? null) : null });
  }

  return () => {
    const me = Symbol('exchange');
    let failures = 0;
    running.add(me);
    return {
      async failed(code, least = 0) {
        failures += 1;
        troubled.set(me, code);
        tell();
        await link.gate.rest(Math.max(least, backoff(failures, link.random)));
      },
      succeeded() {
        failures = 0;
        if (troubled.delete(me)) tell();
      },
      end() {
        running.delete(me);
        troubled.delete(me);
        tell();
      },
    };
  };
}
