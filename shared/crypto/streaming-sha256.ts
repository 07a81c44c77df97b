/** SHA-256 (FIPS 180-4) of a stream, that can be stopped at a block boundary and taken up again later, elsewhere. */
import { Problem } from '../problem/problem.ts';

/** Bytes of a block: a midstate exists only between two of them. */
export const SHA256_BLOCK = 64;

/** A hash after whole blocks: H(i) of FIPS 180-4 §6.2.2 as eight big-endian 32-bit words, and how many bytes went in. */
export interface Midstate {
  readonly state: Uint8Array;
  readonly length: number;
}

/** One running hash. After `digest` it must not be used any more. */
export interface StreamingSha256 {
  update(bytes: Uint8Array): void;
  /** The 32 bytes of the hash of all that went in. */
  digest(): Uint8Array;
  /** Where it stands. Only when the bytes so far are a multiple of 64; otherwise Problem `internal`. The hash goes on after it. */
  save(): Midstate;
}

/** Starts a hash, or goes on from a midstate of any engine. Problem `encoding-invalid` when that cannot be one. */
export type CreateSha256 = (from?: Midstate) => StreamingSha256;

/** Refuses a midstate of the wrong form. Problem `encoding-invalid`. */
export function checkMidstate({ state, length }: Midstate): void {
  if (state.length !== 32 || !Number.isSafeInteger(length) || length < 0 || length % SHA256_BLOCK !== 0)
    throw new Problem('encoding-invalid');
}
