/** Randomness in the browser: the one place that draws it. */
import type { Random } from '../../shared/bytes/random.ts';

/** Bytes from the platform's cryptographic source. */
export const systemRandom: Random = (length) => crypto.getRandomValues(new Uint8Array(length));
