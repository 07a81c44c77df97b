/** Bech32 (BIP 173) as age uses it for recipients and identities: any length, no version byte, upper case for secrets. */
import { Problem } from '../problem/problem.ts';

const DIGITS = 'qpzry9x8gf2tvdw0s3jn54khce6mua7l';
const VALUES: ReadonlyMap<string, number> = new Map(Array.from(DIGITS, (digit, value) => [digit, value]));
const GENERATOR = [0x3b6a57b2, 0x26508e6d, 0x1ea119fa, 0x3d4233dd, 0x2a1462b3] as const;
/** Five-bit groups of the checksum. */
const CHECKSUM_SIZE = 6;

/** The text of `bytes` under a lower-case `prefix`, in lower case. */
export function toBech32(prefix: string, bytes: Uint8Array): string {
  const data = regroup(bytes, 8, 5, true);
  const sum = polymod([...expandPrefix(prefix), ...data, 0, 0, 0, 0, 0, 0]) ^ 1;
  const checksum = Array.from({ length: CHECKSUM_SIZE }, (_, index) => (sum >>> (5 * (5 - index))) & 31);
  return `${prefix}1${[...data, ...checksum].map((digit) => DIGITS[digit]).join('')}`;
}

/** The bytes of a text in lower case under exactly this `prefix`. Problem `encoding-invalid` on anything that is not canonical. */
export function fromBech32(prefix: string, text: string): Uint8Array<ArrayBuffer> {
  const head = `${prefix}1`;
  if (!text.startsWith(head)) throw new Problem('encoding-invalid');
  const digits = Array.from(text.slice(head.length), (digit) => VALUES.get(digit) ?? -1);
  if (digits.length < CHECKSUM_SIZE || digits.includes(-1)) throw new Problem('encoding-invalid');
  if (polymod([...expandPrefix(prefix), ...digits]) !== 1) throw new Problem('encoding-invalid');
  return Uint8Array.from(regroup(digits.slice(0, -CHECKSUM_SIZE), 5, 8, false));
}

/** The checksum's polynomial remainder (BIP 173, "Checksum"). */
function polymod(values: readonly number[]): number {
  let sum = 1;
  for (const value of values) {
    const top = sum >>> 25;
    sum = ((sum & 0x1ffffff) << 5) ^ value;
    for (let bit = 0; bit < 5; bit++) sum ^= (top >>> bit) & 1 ? GENERATOR[bit]! : 0;
  }
  return sum;
}

function expandPrefix(prefix: string): number[] {
  const codes = Array.from(prefix, (letter) => letter.charCodeAt(0));
  return [...codes.map((code) => code >>> 5), 0, ...codes.map((code) => code & 31)];
}

/** Cuts a bit string anew; the padding of the last group is zeros, and when reading it must be short and zero. */
function regroup(groups: Iterable<number>, from: number, to: number, pad: boolean): number[] {
  const result: number[] = [];
  let bits = 0;
  let value = 0;
  for (const group of groups) {
    value = ((value << from) | group) & 0xfff;
    bits += from;
    while (bits >= to) result.push((value >>> (bits -= to)) & ((1 << to) - 1));
  }
  const rest = (value << (to - bits)) & ((1 << to) - 1);
  if (pad && bits > 0) result.push(rest);
  if (!pad && (bits >= from || rest !== 0)) throw new Problem('encoding-invalid');
  return result;
}
