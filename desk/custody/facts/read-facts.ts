/** The facts of one file, from ranges of it. Never throws for what a file holds: what could not be read is said in `problem`. */
import { noFacts } from './facts.ts';
import type { Facts, Gathering } from './facts.ts';
import { readIsoMedia } from './iso-media.ts';
import { detectedType, HEAD } from './kind.ts';
import { readMatroska } from './matroska.ts';
import { readJpeg, readPng, readRiff } from './pictures.ts';
import { meter, Unreadable } from './source.ts';
import type { Ranges, Source } from './source.ts';
import { readTiff } from './tiff.ts';

const READERS: Readonly<Record<string, (source: Source, facts: Gathering) => Promise<void>>> = {
  'image/jpeg': readJpeg,
  'image/png': readPng,
  'image/webp': readRiff,
  'audio/wav': readRiff,
  'video/x-msvideo': readRiff,
  'image/avif': readIsoMedia,
  'image/heic': readIsoMedia,
  'image/heif': readIsoMedia,
  'audio/mp4': readIsoMedia,
  'video/mp4': readIsoMedia,
  'video/quicktime': readIsoMedia,
  'video/3gpp': readIsoMedia,
  'video/webm': readMatroska,
  'video/x-matroska': readMatroska,
  'image/tiff': (source, facts) => readTiff(source, 0, facts),
};

export async function readFacts(ranges: Ranges): Promise<Facts> {
  const facts = noFacts();
  const source = meter(ranges);
  try {
    facts.detected = detectedType(await source.bytes(0, HEAD));
    await (facts.detected === null ? undefined : READERS[facts.detected]?.(source, facts));
  } catch (error) {
    if (!(error instanceof Unreadable)) throw error;
    facts.problem = error.message;
  }
  return facts;
}
