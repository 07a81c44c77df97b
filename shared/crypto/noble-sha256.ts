/** Streaming SHA-256 (FIPS 180-4) in plain JavaScript, for browsers without WebAssembly. */
import { _SHA256 } from '@noble/hashes/sha2.js';
import { Problem } from '../problem/problem.ts';
import { checkMidstate, SHA256_BLOCK } from './streaming-sha256.ts';
import type { CreateSha256, Midstate } from './streaming-sha256.ts';

/** noble keeps its eight words to itself; a subclass is the way it leaves open to reach them. */
class ResumableSha256 extends _SHA256 {
  load({ state, length }: Midstate): void {
    const view = new DataView(state.buffer, state.byteOffset);
    const word = (index: number): number => view.getUint32(index * 4);
    this.set(word(0), word(1), word(2), word(3), word(4), word(5), word(6), word(7));
    this.length = length;
  }

  save(): Midstate {
    if (this.length % SHA256_BLOCK !== 0) throw new Problem('internal');
    const state = new Uint8Array(32);
    const view = new DataView(state.buffer);
    this.get().forEach((word, index) => view.setUint32(index * 4, word));
    return { state, length: this.length };
  }
}

/** A hash by noble, from the start or from a midstate. */
export const createNobleSha256: CreateSha256 = (from) => {
  let hash: ResumableSha256 | null = new ResumableSha256();
  if (from !== undefined) {
    checkMidstate(from);
    hash.load(from);
  }

  function running(): ResumableSha256 {
    if (hash === null) throw new Problem('internal');
    return hash;
  }

  return {
    update: (bytes) => void running().update(bytes),
    digest() {
      const digest = running().digest();
      hash = null;
      return digest;
    },
    save: () => running().save(),
  };
};
