/** Reads `payload-status.txt`: `+` or `-` and LF for each payload file, whether the sender's browser could read it to its end. */
import { MAX_FILES } from './limits.ts';

/** See {@link createPayloadStatus}. */
export interface PayloadStatus {
  /** Bytes of the file, at `offset` in it. */
  push(offset: number, bytes: Uint8Array): void;
  /** What line `index` says; null when it is not here. */
  read(index: number): boolean | null;
  lines(): number;
  /** False once anything in it was not as it must be. */
  sound(): boolean;
}

const PLUS = 0x2b;
const MINUS = 0x2d;
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
        else if (bytes[i] === PLUS || bytes[i] === MINUS) states[at / 2] = bytes[i]!;
        else sound = false;
      }
    },
    read(index) {
      const state = sound ? states[index] : undefined;
      return state === PLUS ? true : state === MINUS ? false : null;
    },
    lines: () => states.length,
    sound: () => sound,
  };
}
