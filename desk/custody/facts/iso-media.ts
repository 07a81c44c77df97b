/** MP4, QuickTime, HEIF (ISO/IEC 14496-12): boxes walked by their headers, so that neither samples nor their tables are ever read. */
import { addCodec, latin, textOf } from './facts.ts';
import type { Gathering } from './facts.ts';
import { boxAt } from './iso-box.ts';
import { Unreadable } from './source.ts';
import type { Source } from './source.ts';

const MOST_BOXES = 1500;
const MOST_DEPTH = 8;
const MOST_TEXT = 1000;
/** Seconds from 1904 to 1970. */
const EPOCH = 2_082_844_800;
const C2PA = 'd8fec3d61b0e483c92975828877ec481';
const XMP = 'be7acfcb97a942e89c71999491e3afac';

const CONTAINERS = new Set(['moov', 'trak', 'mdia', 'minf', 'stbl', 'udta', 'meta', 'iinf', 'ilst']);
/** Boxes of QuickTime's user data that hold a text, and what it is. */
const USER_DATA: Readonly<Record<string, 'make' | 'model' | 'software' | 'created'>> = {
  '\u00a9mak': 'make',
  '\u00a9mod': 'model',
  '\u00a9swr': 'software',
  '\u00a9day': 'created',
};
const KEYS: Readonly<Record<string, 'make' | 'model' | 'software' | 'created'>> = {
  'com.apple.quicktime.make': 'make',
  'com.apple.quicktime.model': 'model',
  'com.android.model': 'model',
  'com.apple.quicktime.software': 'software',
  'com.apple.quicktime.creationdate': 'created',
  'com.android.manufacturer': 'make',
};
const MOST_KEYS = 100;

export async function readIsoMedia(source: Source, facts: Gathering): Promise<void> {
  let boxes = 0;
  let keys: string[] = [];

  async function walk(from: number, to: number, depth: number, above: string): Promise<void> {
    for (let at = from; at + 8 <= to;) {
      if (++boxes > MOST_BOXES || depth > MOST_DEPTH) throw new Unreadable('too many boxes');
      const { type, start, end, last } = await boxAt(source, at, to);
      // In user data no size ends the list.
      if (last && above === 'udta') return;
      await box(type, start, end, depth, above);
      at = end;
    }
  }

  async function box(type: string, start: number, end: number, depth: number, above: string): Promise<void> {
    if (type === 'uuid') {
      const id = Buffer.from(await source.bytes(start, 16)).toString('hex');
      if (id === C2PA) facts.c2pa = true;
      if (id === XMP) facts.xmp = true;
    } else if (type === 'mvhd') await movieHeader(start);
    else if (type === 'stsd') await sampleDescriptions(start, end);
    else if (type === 'infe') {
      const item = latin(await source.bytes(start, Math.min(60, end - start)));
      if (item.includes('Exif')) facts.exif = true;
      if (item.includes('application/rdf+xml')) facts.xmp = true;
    } else if (type === 'XMP_') facts.xmp = true;
    else if (type === '\u00a9xyz' || type === 'loci') facts.gps = true;
    else if (type === 'keys') await readKeys(start, end);
    else if (above === 'ilst') await value(type, start, end);
    else if (above === 'udta' && Object.hasOwn(USER_DATA, type))
      facts[USER_DATA[type]!] ??= textOf((await source.bytes(start, Math.min(end - start, MOST_TEXT))).subarray(4));
    else if (CONTAINERS.has(type)) await walk(await childrenOf(type, start), end, depth + 1, type);
  }

  /** A `meta` of QuickTime has no version before its boxes, that of ISO has; `iinf` has a count besides. */
  async function childrenOf(type: string, start: number): Promise<number> {
    if (type === 'meta') return latin(await source.bytes(start + 4, 4)) === 'hdlr' ? start : start + 4;
    if (type !== 'iinf') return start;
    return start + ((await source.exactly(start, 1)).getUint8(0) === 0 ? 6 : 8);
  }

  async function movieHeader(start: number): Promise<void> {
    const long = (await source.exactly(start, 1)).getUint8(0) === 1;
    const head = await source.exactly(start + 4, long ? 28 : 16);
    const made = long ? Number(head.getBigUint64(0)) : head.getUint32(0);
    const scale = head.getUint32(long ? 16 : 8);
    const duration = long ? Number(head.getBigUint64(20)) : head.getUint32(12);
    if (scale > 0) facts.duration = Math.round((duration / scale) * 1000) / 1000;
    const date = new Date((made - EPOCH) * 1000);
    if (made > EPOCH && !Number.isNaN(date.getTime())) facts.created ??= date.toISOString();
  }

  async function sampleDescriptions(start: number, end: number): Promise<void> {
    const [first, codec] = [start + 8, await source.bytes(start + 12, 4)];
    if (first + 8 <= end) addCodec(facts, textOf(codec));
  }

  async function readKeys(start: number, end: number): Promise<void> {
    keys = [];
    for (let at = start + 8; at + 8 <= end && keys.length < MOST_KEYS;) {
      const size = (await source.exactly(at, 4)).getUint32(0);
      if (size < 8 || at + size > end) return;
      keys.push(textOf(await source.bytes(at + 8, Math.min(size - 8, MOST_TEXT))) ?? '');
      at += size;
    }
  }

  /** An item of `ilst`: its type is the number of its key; within is a `data` box with 8 bytes before the text. */
  async function value(type: string, start: number, end: number): Promise<void> {
    const number = Buffer.from(type, 'latin1').readUInt32BE(0);
    const key = keys[number - 1];
    if (key === undefined) {
      if (type === '\u00a9too')
        facts.software ??= textOf((await source.bytes(start, Math.min(end - start, MOST_TEXT))).subarray(16));
      return;
    }
    if (key.includes('location')) facts.gps = true;
    if (Object.hasOwn(KEYS, key))
      facts[KEYS[key]!] = textOf((await source.bytes(start, Math.min(end - start, MOST_TEXT))).subarray(16));
  }

  await walk(0, source.size, 0, '');
}
