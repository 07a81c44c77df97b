/** A submission from what is prepared to the receipt. All effects come in: tests run it whole, without a browser. */
import { isProblem } from '../../shared/problem/problem.ts';
import type { Course, Effects } from './course.ts';
import { createGate } from './gate.ts';
import type { HeldFiles } from './held-files.ts';
import { createLaneCount } from './lane-count.ts';
import { createExchanges } from './link.ts';
import type { Link } from './link.ts';
import type { Prepared } from './prepared.ts';
import { sendAndSeal } from './send-and-seal.ts';
import { createSlices } from './slices.ts';
import { createStateStore, NO_PACE } from './submission-state.ts';
import type { Submission } from './submission-types.ts';
import { createTelling } from './telling.ts';

export interface Engine extends Submission {
  /** The link is said to be back: whoever waits tries at once. */
  readonly wake: () => void;
  /** Settles when there is nothing more to do: received, refused or stopped. Never rejects. */
  readonly done: Promise<void>;
}

/** Starts at once: what is to be sent comes from `prepare`. */
export function startEngine(effects: Effects, prepare: (course: Course) => Promise<Prepared>): Engine {
  const { clock, random } = effects;
  const store = createStateStore();
  const gate = createGate(clock);
  const lanes = createLaneCount();
  const link: Link = {
    transport: effects.transport,
    clock,
    random,
    gate,
    slices: createSlices(),
    lanes,
    onTrouble: ({ away, code }) => store.change({ away, awayCode: code }),
    onWork: (work) => store.change({ work }),
  };
  const exchange = createExchanges(link);
  const telling = createTelling({ store, lanes, clock, ended: gate.ended });
  let held: HeldFiles | undefined;
  const course: Course = { ...effects, link, exchange, store, telling, onHeldFiles: (files) => (held = files) };

  async function settle(): Promise<void> {
    try {
      const prepared = await prepare(course);
      const receipt = await sendAndSeal(course, prepared);
      store.change({ stage: 'received', receipt: receipt.note, receivedDay: receipt.received });
    } catch (error) {
      if (gate.ended.aborted) return;
      store.change({ stage: 'refused', pace: NO_PACE, refusal: isProblem(error) ? error.code : 'internal' });
    } finally {
      gate.end();
    }
  }

  return {
    done: settle(),
    subscribe: store.subscribe,
    state: store.state,
    pause() {
      gate.pause();
      store.change({ paused: true, pace: NO_PACE });
    },
    resume() {
      telling.restart(store.facts().acknowledged);
      store.change({ paused: false });
      gate.resume();
    },
    wake: gate.wake,
    continueWithout: (path) => held?.continueWithout(path),
    continueWithoutAll: () => held?.continueWithoutAll(),
    tryAgain: () => held?.tryAgain(),
    replaceFile: (path, file) => held?.replaceFile(path, file) ?? false,
    stop: gate.end,
  };
}
