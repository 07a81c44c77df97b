/** EXIF, which is a TIFF within another file, and TIFF itself (DNG too): the first directory, and those for EXIF and position. */
import { textOf } from './facts.ts';
import type { Gathering } from './facts.ts';
import { Unreadable } from './source.ts';
import type { Source } from './source.ts';

const MOST_ENTRIES = 512;
const MOST_TEXT = 1024;

/** Reads what lies from `base` on. `Unreadable` when it is no TIFF. */
export async function readTiff(source: Source, base: number, facts: Gathering): Promise<void> {
  const head = await source.exactly(base, 8);
  const order = head.getUint16(0);
  if (order !== 0x4949 && order !== 0x4d4d) throw new Unreadable('byte order');
  const little = order === 0x4949;
  if (head.getUint16(2, little) !== 42) throw new Unreadable('no TIFF');

  async function text(entry: DataView): Promise<string | null> {
    const length = entry.getUint32(4, little);
    const at = length <= 4 ? null : base + entry.getUint32(8, little);
    if (entry.getUint16(2, little) !== 2 || length > MOST_TEXT) return null;
    return textOf(at === null ? bytesOf(entry).subarray(8, 8 + length) : await source.bytes(at, length));
  }

  async function directory(offset: number, take: (tag: number, entry: DataView) => Promise<void>): Promise<void> {
    const count = (await source.exactly(base + offset, 2)).getUint16(0, little);
    if (count > MOST_ENTRIES) throw new Unreadable('directory');
    for (let i = 0; i < count; i++) {
      // A copy: reading elsewhere moves the window.
      const entry = new DataView(bytesOf(await source.exactly(base + offset + 2 + i * 12, 12)).slice().buffer);
      await take(entry.getUint16(0, little), entry);
    }
  }

  await directory(head.getUint32(4, little), async (tag, entry) => {
    if (tag === 0x010f) facts.make = await text(entry);
    else if (tag === 0x0110) facts.model = await text(entry);
    else if (tag === 0x0131) facts.software = await text(entry);
    else if (tag === 0x0132) facts.created ??= await text(entry);
    else if (tag === 0x02bc) facts.xmp = true;
    else if (tag === 0x83bb) facts.iptc = true;
    else if (tag === 0x8825) facts.gps = true;
    else if (tag === 0x8769) {
      facts.exif = true;
      await directory(entry.getUint32(8, little), async (inner, value) => {
        if (inner === 0x9003) facts.created = (await text(value)) ?? facts.created;
      });
    }
  });
}

function bytesOf(view: DataView): Uint8Array {
  return new Uint8Array(view.buffer, view.byteOffset, view.byteLength);
}
