/** All that is to happen, drawn beforehand from one seed: what is sent by whom, in what slices, and what goes wrong when. */
import { CRASH_POINTS } from '../../../server/store/crash-points.ts';
import type { CrashPoint } from '../../../server/store/crash-points.ts';
import { createDice } from './dice.ts';
import type { Dice } from './dice.ts';

export interface ChaosCounts {
  readonly uploads: number;
  /** SIGKILL of a server process, at random or at a crash point. */
  readonly kills: number;
  /** SIGKILL of the postmaster. */
  readonly databaseKills: number;
  /** Connections reset in the middle of a body. */
  readonly resets: number;
  /** SIGSTOP of a server process. */
  readonly stops: number;
}

/** `sliced`: our way, in slices over two lanes. `stock`: tus-js-client. `handed`: begun by one browser, claimed and ended by another. */
export type UploadKind = 'sliced' | 'stock' | 'handed';

export interface UploadPlan {
  readonly number: number;
  readonly kind: UploadKind;
  readonly files: readonly { readonly path: string; readonly size: number; readonly seed: number }[];
  readonly message: string | null;
  /** Connections to reset. */
  readonly resets: number;
  /** For what is decided on the way. */
  readonly dice: Dice;
}

export type Fault =
  | { readonly kind: 'database' }
  | {
      readonly kind: 'kill';
      readonly process: number;
      /** Where the process ends itself if it is one that can; it is ended at any place after a while otherwise. */
      readonly point: CrashPoint;
      readonly times: number;
      /** Whether the process that comes after it can. */
      readonly crashing: boolean;
      /** Until the next fault. */
      readonly pause: number;
    };

export interface Stop {
  readonly process: number;
  readonly ms: number;
}

export interface ChaosPlan {
  readonly uploads: readonly UploadPlan[];
  /** One after the other, spread over the whole. */
  readonly faults: readonly Fault[];
  readonly stops: readonly Stop[];
}

/** Points that an upload or a claim comes to by itself. */
const POINTS = CRASH_POINTS.filter((point) => /^(?:blob-|grow-|opening-|seal-|claim-)/.test(point));
/** Rarely reached ones would only make the wait long. */
const RARE = /discard|claim-/;
const FOLDERS = ['', 'камера/', 'a/b c/', 'مقاطع/'];

/** The plan of a seed. */
export function planChaos(counts: ChaosCounts, processes: number, seed: number): ChaosPlan {
  const dice = createDice(seed);
  const uploads = Array.from({ length: counts.uploads }, (_, number): UploadPlan => {
    const own = dice.fork(number);
    const kind = own.pick<UploadKind>(['sliced', 'sliced', 'sliced', 'sliced', 'stock', 'handed', 'handed']);
    const files = Array.from({ length: own.between(1, 4) }, (_, file) => ({
      path: `${own.pick(FOLDERS)}clip ${file}.bin`,
      size: own.between(0, 700_000),
      seed: own.between(1, 2 ** 31),
    }));
    const message = own.chance(0.5) ? `Номер ${number}, ${own.between(0, 1e9)}\n` : null;
    return { number, kind, files, message, resets: 0, dice: own };
  });
  // A stock client makes its own connections.
  const own = uploads.filter(({ kind }) => kind !== 'stock');
  const resets = new Map<number, number>();
  for (let reset = 0; reset < counts.resets; reset++) {
    const { number } = dice.pick(own);
    resets.set(number, (resets.get(number) ?? 0) + 1);
  }
  const kills = Array.from({ length: counts.kills }, (): Fault => ({
    kind: 'kill',
    process: dice.between(0, processes - 1),
    point: dice.pick(POINTS.filter((point) => !RARE.test(point))),
    times: dice.between(1, 3),
    crashing: dice.chance(0.75),
    pause: dice.between(0, 800),
  }));
  const every = Math.max(1, Math.floor(counts.kills / (counts.databaseKills + 1)));
  const faults = [...kills];
  for (let kill = counts.databaseKills; kill > 0; kill--) faults.splice(kill * every, 0, { kind: 'database' });
  return {
    uploads: uploads.map((upload) => ({ ...upload, resets: resets.get(upload.number) ?? 0 })),
    faults,
    stops: Array.from({ length: counts.stops }, () => ({
      process: dice.between(0, processes - 1),
      // Mostly short: 0.2 to 3 s.
      ms: Math.round(200 + 2800 * dice.next() ** 3),
    })),
  };
}
