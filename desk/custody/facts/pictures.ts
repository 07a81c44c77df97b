/** JPEG segments, PNG chunks and RIFF chunks (WebP, WAV, AVI): which of them hold metadata. Picture data is jumped over. */
import { latin } from './facts.ts';
import type { Gathering } from './facts.ts';
import { Unreadable } from './source.ts';
import type { Source } from './source.ts';
import { readTiff } from './tiff.ts';

const MOST_PIECES = 1000;
const XMP = 'http://ns.adobe.com/x';

/** JPEG (ISO/IEC 10918-1): the segments before the picture data. */
export async function readJpeg(source: Source, facts: Gathering): Promise<void> {
  let at = 2;
  for (let i = 0; i < MOST_PIECES; i++) {
    const head = await source.exactly(at, 4);
    const marker = head.getUint16(0);
    if (marker === 0xffff) {
      at++;
      continue;
    }
    if (marker < 0xffc0) throw new Unreadable('segment');
    // Start of scan, end of image: what follows is no metadata that programs look for.
    if (marker === 0xffda || marker === 0xffd9) return;
    const length = head.getUint16(2);
    if (length < 2) throw new Unreadable('segment');
    const start = latin(await source.bytes(at + 4, Math.min(length - 2, 100)));
    if (marker === 0xffe1 && start.startsWith('Exif\0\0')) {
      facts.exif = true;
      await readTiff(source, at + 10, facts);
    } else if (marker === 0xffe1 && start.startsWith(XMP)) facts.xmp = true;
    else if (marker === 0xffed && start.startsWith('Photoshop 3.0')) facts.iptc = true;
    else if (marker === 0xffeb && start.startsWith('JP') && start.includes('c2pa')) facts.c2pa = true;
    at += 2 + length;
  }
  throw new Unreadable('too many segments');
}

/** PNG (W3C, third edition). */
export async function readPng(source: Source, facts: Gathering): Promise<void> {
  let at = 8;
  for (let i = 0; i < MOST_PIECES && at < source.size; i++) {
    const head = await source.exactly(at, 8);
    const length = head.getUint32(0);
    const type = latin(new Uint8Array(head.buffer, head.byteOffset + 4, 4));
    if (type === 'IEND') return;
    if (type === 'eXIf') {
      facts.exif = true;
      await readTiff(source, at + 8, facts);
    } else if (type === 'caBX') facts.c2pa = true;
    else if (type === 'iTXt' && latin(await source.bytes(at + 8, 20)).startsWith('XML:com.adobe.xmp')) facts.xmp = true;
    at += 12 + length;
  }
}

/** RIFF: the chunks of its top level. */
export async function readRiff(source: Source, facts: Gathering): Promise<void> {
  let at = 12;
  for (let i = 0; i < MOST_PIECES && at + 8 <= source.size; i++) {
    const head = await source.exactly(at, 8);
    const type = latin(new Uint8Array(head.buffer, head.byteOffset, 4));
    const length = head.getUint32(4, true);
    if (type === 'EXIF') {
      facts.exif = true;
      const prefixed = latin(await source.bytes(at + 8, 6)) === 'Exif\0\0';
      await readTiff(source, at + (prefixed ? 14 : 8), facts);
    } else if (type === 'XMP ' || type === '_PMX') facts.xmp = true;
    else if (type === 'C2PA') facts.c2pa = true;
    at += 8 + length + (length % 2);
  }
}
