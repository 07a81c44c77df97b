/** `payload-status.txt`: a letter and LF for each payload file, how the sender's browser fared with it. */
import { MAX_FILES } from './limits.ts';

/**
 * How the sender fared with a file: read to its end; given up, zeros in place of the rest; or changed between two sendings, so that what is
 * in the bag is not one version of it (some of it may be zeros, too).
 */
export type ReadStatus = 'whole' | 'unreadable' | 'changed';

/** The letter of each. */
export const STATUS_LETTER: Readonly<Record<ReadStatus, string>> = { whole: '+', unreadable: '-', changed: '~' };

/** See {@link createPayloadStatus}. */
export interface PayloadStatus {
  /** Bytes of the file, at `offset` in it. */
  push(offset: number, bytes: Uint8Array): void;
  /** What line `index` says; null when it is not here. */
  read(index: number): ReadStatus | null;
  lines(): number;
  /** False once anything in it was not as it must be. */
  sound(): boolean;
}

const STATUS_OF: ReadonlyMap<number, ReadStatus> = new Map(
  (['whole', 'unreadable', 'changed'] as const).map((status) => [STATUS_LETTER[status].charCodeAt(0), status]),
);
const LF = 0x0a;

/** A reader for a payload status of `size` bytes. */
export function createPayloadStatus(size: number): PayloadStatus {
  let sound = size % 2 === 0 && size <= 2 * MAX_FILES;
  const states = new Uint8Array(sound ? size / 2 : 0);
  return {
    push(offset, bytes) {
      for (let i = 0; sound && i < bytes.length; i++) {
        const at = offset + i;
        if (at % 2 === 1) sound = bytes[i] === LF;
        else if (STATUS_OF.has(bytes[i]!)) states[at / 2] = bytes[i]!;
        else sound = false;
      }
    },
    read(index) {
      return sound ? (STATUS_OF.get(states[index] ?? 0) ?? null) : null;
    },
    lines: () => states.length,
    sound: () => sound,
  };
}
