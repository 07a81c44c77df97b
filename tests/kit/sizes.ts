/** Sizes on a command line: `96M`, `6G`, powers of 1000. */

const UNITS: Readonly<Record<string, number>> = { '': 1, k: 1e3, M: 1e6, G: 1e9 };

/** Bytes. Throws on anything else than a number and one of k, M, G. */
export function parseSize(text: string): number {
  const [, number, unit] = /^(\d+(?:\.\d+)?)([kMG]?)B?$/.exec(text) ?? [];
  if (number === undefined) throw new Error(`“${text}” is no size; write 96M or 6G`);
  return Math.round(Number(number) * UNITS[unit ?? '']!);
}
