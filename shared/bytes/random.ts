/** Randomness as a parameter: the core never draws it by itself. */

/** Gives `length` bytes from a cryptographically secure source. */
export type Random = (length: number) => Uint8Array;
