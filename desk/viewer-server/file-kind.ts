/** What a file is, by its own first bytes and never by its name: from a short list of what browsers show by themselves, all else is `other`. */
import type { FileKind } from '../viewer/api.ts';

/** Bytes that are looked at. */
export const LOOK = 1_024;

export interface FoundKind {
  readonly kind: FileKind;
  /** What it is said to be. */
  readonly type: string;
  /** As what it is served: nothing that a browser would run or lay out as a page. */
  readonly served: string;
}

const UNKNOWN = 'application/octet-stream';
const TEXT = 'text/plain; charset=utf-8';

const found = (kind: FileKind, type: string, served = kind === 'other' ? UNKNOWN : type): FoundKind => ({
  kind,
  type,
  served,
});

/* oxlint-disable no-control-regex -- these are the bytes of such files */
/** Beginnings, as Latin-1 text; a dot stands for any byte. */
const BEGINNINGS: readonly (readonly [RegExp, FoundKind])[] = [
  [/^\xff\xd8\xff/, found('image', 'image/jpeg')],
  [/^\x89PNG\r\n\x1a\n/, found('image', 'image/png')],
  [/^GIF8[79]a/, found('image', 'image/gif')],
  [/^RIFF....WEBP/s, found('image', 'image/webp')],
  [/^BM....\0\0\0\0/s, found('image', 'image/bmp')],
  [/^....ftypavi[fs]/s, found('image', 'image/avif')],
  [/^....ftyp(?:hei[cmsx]|hev[cx]|mif1|msf1)/s, found('other', 'image/heic')],
  [/^....ftypM4[ABP] /s, found('audio', 'audio/mp4')],
  // The same container; browsers take it under this name.
  [/^....ftypqt {2}/s, found('video', 'video/quicktime', 'video/mp4')],
  [/^....(?:moov|mdat|wide|free)/s, found('video', 'video/quicktime', 'video/mp4')],
  [/^....ftyp/s, found('video', 'video/mp4')],
  [/^\x1a\x45\xdf\xa3.{0,48}webm/s, found('video', 'video/webm')],
  [/^\x1a\x45\xdf\xa3.{0,48}matroska/s, found('video', 'video/x-matroska')],
  [/^RIFF....AVI /s, found('other', 'video/x-msvideo')],
  [/^G.{187}G.{187}G/s, found('other', 'video/mp2t')],
  [/^RIFF....WAVE/s, found('audio', 'audio/wav')],
  [/^fLaC/, found('audio', 'audio/flac')],
  [/^OggS.{24,60}theora/s, found('other', 'video/ogg')],
  [/^OggS/, found('audio', 'audio/ogg')],
  [/^ID3[\x02-\x04]/, found('audio', 'audio/mpeg')],
  [/^\xff[\xf1\xf9]/, found('audio', 'audio/aac')],
  [/^\xff[\xe2\xe3\xf2\xf3\xfa\xfb][^\xf0-\xff]/, found('audio', 'audio/mpeg')],
  [/^%PDF-\d/, found('pdf', 'application/pdf')],
  [/^(?:PK\x03\x04|\x1f\x8b|7z\xbc\xaf|Rar!|\x7fELF|MZ)/, found('other', UNKNOWN)],
];
/* oxlint-enable no-control-regex */

/** Only as an image, in which a browser runs nothing and fetches nothing. */
const SVG =
  /^\uFEFF?\s*(?:<\?xml[^>]*>\s*)?(?:<!--(?:(?!-->)[\s\S])*-->\s*)*(?:<!DOCTYPE svg[^>]*>\s*)?(?:<!--(?:(?!-->)[\s\S])*-->\s*)*<svg[\s>]/;

/** Judges the first bytes of a file: `LOOK` of them, or all there are (`whole`). */
export function kindOf(start: Uint8Array, whole: boolean): FoundKind {
  const look = start.subarray(0, LOOK);
  const latin = Buffer.from(look.buffer, look.byteOffset, look.length).toString('latin1');
  for (const [pattern, kind] of BEGINNINGS) if (pattern.test(latin)) return kind;
  if (look.length === 0 && !whole) return found('other', UNKNOWN);
  const text = asUtf8(look, whole);
  if (text !== null) return SVG.test(text) ? found('image', 'image/svg+xml') : found('text', 'text/plain', TEXT);
  if (latin.startsWith('\xff\xfe') && isUtf16(look.subarray(2), whole))
    return found('text', 'text/plain', 'text/plain; charset=utf-16le');
  return found('other', UNKNOWN);
}

/** The text of UTF-8 without NUL, cut anywhere when it is not whole; null for anything else. */
function asUtf8(bytes: Uint8Array, whole: boolean): string | null {
  if (bytes.includes(0)) return null;
  try {
    return new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(bytes, { stream: !whole });
  } catch {
    return null;
  }
}

function isUtf16(bytes: Uint8Array, whole: boolean): boolean {
  try {
    return !new TextDecoder('utf-16le', { fatal: true }).decode(bytes, { stream: !whole }).includes('\0');
  } catch {
    return false;
  }
}
