/** SHA-256 written down from FIPS 180-4, slow and plain: the referee for midstates, which no other library shows. */

/** The first `bits` fraction bits of a root of a prime, as FIPS 180-4 §4.2.2 and §5.3.3 make their constants. */
function fraction(prime: number, root: 2 | 3): number {
  // The integer root of prime * 2^(32 * root) has the 32 fraction bits at its end.
  const target = BigInt(prime) << BigInt(32 * root);
  let low = 0n;
  let high = 1n << 40n;
  while (high - low > 1n) {
    const middle = (low + high) / 2n;
    if (middle ** BigInt(root) <= target) low = middle;
    else high = middle;
  }
  return Number(low & 0xffffffffn);
}

const primes = Array.from({ length: 400 }, (_, n) => n).filter(
  (n) => n > 1 && !Array.from({ length: n }, (_, d) => d).some((d) => d > 1 && n % d === 0),
);
const K = primes.slice(0, 64).map((prime) => fraction(prime, 3));
const START = primes.slice(0, 8).map((prime) => fraction(prime, 2));

function rotate(word: number, bits: number): number {
  return (word >>> bits) | (word << (32 - bits));
}

/** §6.2.2: H(i) from H(i - 1) and a block of 64 bytes. */
function compress(hash: readonly number[], block: Uint8Array): number[] {
  const view = new DataView(block.buffer, block.byteOffset, 64);
  const w: number[] = [];
  for (let t = 0; t < 64; t++) {
    if (t < 16) {
      w.push(view.getUint32(t * 4));
      continue;
    }
    const [a, b] = [w[t - 15]!, w[t - 2]!];
    const s0 = rotate(a, 7) ^ rotate(a, 18) ^ (a >>> 3);
    const s1 = rotate(b, 17) ^ rotate(b, 19) ^ (b >>> 10);
    w.push((s1 + w[t - 7]! + s0 + w[t - 16]!) >>> 0);
  }
  let [a, b, c, d, e, f, g, h] = hash as [number, number, number, number, number, number, number, number];
  for (let t = 0; t < 64; t++) {
    const t1 = h + (rotate(e, 6) ^ rotate(e, 11) ^ rotate(e, 25)) + ((e & f) ^ (~e & g)) + K[t]! + w[t]!;
    const t2 = (rotate(a, 2) ^ rotate(a, 13) ^ rotate(a, 22)) + ((a & b) ^ (a & c) ^ (b & c));
    [h, g, f, e, d, c, b, a] = [g, f, e, (d + t1) >>> 0, c, b, a, (t1 + t2) >>> 0];
  }
  return [a, b, c, d, e, f, g, h].map((word, index) => (word + hash[index]!) >>> 0);
}

/** H after all of `bytes`, a multiple of 64, as eight big-endian words; `from` is H before them. */
export function plainMidstate(bytes: Uint8Array, from?: Uint8Array): Uint8Array {
  let hash: readonly number[] = from === undefined ? START : readWords(from);
  for (let at = 0; at < bytes.length; at += 64) hash = compress(hash, bytes.subarray(at, at + 64));
  const state = new Uint8Array(32);
  hash.forEach((word, index) => new DataView(state.buffer).setUint32(index * 4, word));
  return state;
}

/** §5.1.1 and §6.2: the hash of a message of which `length` bytes led to `state` and `tail` follows. */
export function plainDigest(state: Uint8Array, length: number, tail: Uint8Array): Uint8Array {
  const padded = new Uint8Array(Math.ceil((tail.length + 9) / 64) * 64);
  padded.set(tail);
  padded[tail.length] = 0x80;
  new DataView(padded.buffer).setBigUint64(padded.length - 8, BigInt(length + tail.length) * 8n);
  return plainMidstate(padded, state);
}

function readWords(state: Uint8Array): number[] {
  const view = new DataView(state.buffer, state.byteOffset);
  return [0, 1, 2, 3, 4, 5, 6, 7].map((index) => view.getUint32(index * 4));
}
