/**
 * Padmé: a padded size that tells only O(log log size) bits of the true one, at a cost of at most 12 %.
 * K. Nikitin, L. Barman and others, "Reducing Metadata Leakage from Encrypted Files and Communication with PURBs" (PETS 2019), section 4.
 */

/** The least size a stream is padded to, in bytes. */
export const MIN_PADDED_SIZE = 16_384;

/** The Padmé size for `length` bytes, exact for every length from 0 to 2^53. Whole numbers only, no logarithm of a float. */
export function padme(length: number): number {
  if (length < 2) return length;
  const exponent = highestBit(length);
  const unit = 2 ** (exponent - (highestBit(exponent) + 1));
  if (unit < 2) return length;
  const over = length % unit;
  return over === 0 ? length : length - over + unit;
}

/** The size a tar stream of `tarSize` bytes is padded to with zeros. */
export function paddedSize(tarSize: number): number {
  return padme(Math.max(tarSize, MIN_PADDED_SIZE));
}

/** Index of the highest bit that is set (0 for 1), for whole numbers from 1 to 2^53. */
function highestBit(value: number): number {
  const high = Math.floor(value / 2 ** 32);
  return high > 0 ? 63 - Math.clz32(high) : 31 - Math.clz32(value);
}
