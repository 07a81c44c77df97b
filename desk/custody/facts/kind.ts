/** The type of a file twice: as its name claims, and as its first bytes show. */
import { latin } from './facts.ts';

/** Bytes from the beginning that are looked at. */
export const HEAD = 4096;

const BY_NAME: Readonly<Record<string, string>> = {
  '3gp': 'video/3gpp',
  avi: 'video/x-msvideo',
  avif: 'image/avif',
  bmp: 'image/bmp',
  csv: 'text/csv',
  dng: 'image/x-adobe-dng',
  doc: 'application/msword',
  flac: 'audio/flac',
  gif: 'image/gif',
  gz: 'application/gzip',
  docx: 'application/vnd.openxmlformats-officedocument.wordprocessingml.document',
  heic: 'image/heic',
  heif: 'image/heif',
  htm: 'text/html',
  html: 'text/html',
  jpeg: 'image/jpeg',
  jpg: 'image/jpeg',
  json: 'application/json',
  m4a: 'audio/mp4',
  m4v: 'video/mp4',
  mkv: 'video/x-matroska',
  mov: 'video/quicktime',
  mp3: 'audio/mpeg',
  mp4: 'video/mp4',
  mts: 'video/mp2t',
  odt: 'application/vnd.oasis.opendocument.text',
  oga: 'audio/ogg',
  ogg: 'application/ogg',
  ogv: 'video/ogg',
  opus: 'audio/ogg',
  pdf: 'application/pdf',
  png: 'image/png',
  ppt: 'application/vnd.ms-powerpoint',
  rar: 'application/vnd.rar',
  rtf: 'application/rtf',
  svg: 'image/svg+xml',
  tar: 'application/x-tar',
  tif: 'image/tiff',
  tiff: 'image/tiff',
  ts: 'video/mp2t',
  txt: 'text/plain',
  wav: 'audio/wav',
  webm: 'video/webm',
  webp: 'image/webp',
  xls: 'application/vnd.ms-excel',
  xlsx: 'application/vnd.openxmlformats-officedocument.spreadsheetml.sheet',
  xml: 'application/xml',
  zip: 'application/zip',
  '7z': 'application/x-7z-compressed',
};

/** What the name claims; null when it ends in nothing known. */
export function claimedType(path: string): string | null {
  const ending = /\.([A-Za-z0-9]{1,5})$/.exec(path)?.[1]?.toLowerCase();
  return ending !== undefined && Object.hasOwn(BY_NAME, ending) ? BY_NAME[ending]! : null;
}

const BY_START: readonly (readonly [start: string, type: string])[] = [
  ['\u00ff\u00d8\u00ff', 'image/jpeg'],
  ['\u0089PNG\r\n\u001a\n', 'image/png'],
  ['GIF87a', 'image/gif'],
  ['GIF89a', 'image/gif'],
  ['II*\0', 'image/tiff'],
  ['MM\0*', 'image/tiff'],
  ['BM', 'image/bmp'],
  ['%PDF-', 'application/pdf'],
  ['PK\u0003\u0004', 'application/zip'],
  ['PK\u0005\u0006', 'application/zip'],
  ['Rar!\u001a\u0007', 'application/vnd.rar'],
  ['7z\u00bc\u00af\u0027\u001c', 'application/x-7z-compressed'],
  ['\u001f\u008b', 'application/gzip'],
  ['OggS', 'application/ogg'],
  ['fLaC', 'audio/flac'],
  ['ID3', 'audio/mpeg'],
  ['\u00ff\u00fb', 'audio/mpeg'],
  ['\u00ff\u00f3', 'audio/mpeg'],
  ['{\\rtf', 'application/rtf'],
  ['\u00d0\u00cf\u0011\u00e0\u00a1\u00b1\u001a\u00e1', 'application/x-ole-storage'],
];

const BRANDS: Readonly<Record<string, string>> = {
  avif: 'image/avif',
  avis: 'image/avif',
  heic: 'image/heic',
  heix: 'image/heic',
  mif1: 'image/heif',
  'M4A ': 'audio/mp4',
  'qt  ': 'video/quicktime',
  '3gp4': 'video/3gpp',
  '3gp5': 'video/3gpp',
};

const RIFF: Readonly<Record<string, string>> = { WEBP: 'image/webp', WAVE: 'audio/wav', 'AVI ': 'video/x-msvideo' };

/** What the first bytes show; null when they are of no kind that is known here. */
export function detectedType(head: Uint8Array): string | null {
  const start = latin(head.subarray(0, 16));
  if (start.startsWith('RIFF')) return RIFF[start.slice(8, 12)] ?? null;
  const box = start.slice(4, 8);
  if (box === 'ftyp') return BRANDS[start.slice(8, 12)] ?? 'video/mp4';
  if (box === 'moov' || box === 'mdat' || box === 'wide') return 'video/quicktime';
  if (start.startsWith('\u001aE\u00df\u00a3'))
    return latin(head.subarray(0, 100)).includes('webm') ? 'video/webm' : 'video/x-matroska';
  const known = BY_START.find(([bytes]) => start.startsWith(bytes));
  if (known !== undefined) return known[1];
  if (latin(head.subarray(257, 262)) === 'ustar') return 'application/x-tar';
  return detectedText(head);
}

function detectedText(head: Uint8Array): string | null {
  if (head.length === 0) return null;
  let text: string;
  try {
    // Where a character was cut in two by the end of what is looked at, up to three bytes are let go.
    text = new TextDecoder('utf-8', { fatal: true }).decode(head.length < HEAD ? head : wholeCharacters(head));
  } catch {
    return null;
  }
  // oxlint-disable-next-line no-control-regex -- a text has none of these
  if (/[\u0000-\u0008\u000e-\u001a\u001c-\u001f]/.test(text)) return null;
  const start = text.slice(0, 1000).trimStart().toLowerCase();
  if (/^<!doctype html|^<html|^<script/.test(start)) return 'text/html';
  if (start.includes('<svg')) return 'image/svg+xml';
  return start.startsWith('<?xml') ? 'application/xml' : 'text/plain';
}

function wholeCharacters(bytes: Uint8Array): Uint8Array {
  let end = bytes.length;
  while (end > bytes.length - 3 && (bytes[end - 1]! & 0xc0) === 0x80) end--;
  return (bytes[end - 1]! & 0xc0) === 0xc0 ? bytes.subarray(0, end - 1) : bytes;
}
