/** The beginning of a parcel, proved part by part against the statements: bag-info.txt and the message, without reading the rest. */
import { join } from 'node:path';
import { toBase64Url } from '../../shared/bytes/base64.ts';
import { parseBagInfo } from '../../shared/parcel/bag.ts';
import type { BagInfo } from '../../shared/parcel/bag.ts';
import { MAX_BAG_INFO_SIZE } from '../../shared/parcel/limits.ts';
import { partRange } from '../../shared/parcel/parts.ts';
import { createTarReader } from '../../shared/parcel/tar-reader.ts';
import { isProblem } from '../../shared/problem/problem.ts';
import { MAX_MESSAGE_BYTES, maxPartCiphertext } from '../../shared/protocol/limits.ts';
import { partName } from '../../shared/protocol/part-name.ts';
import { openedParts } from '../../shared/statements/opening.ts';
import type { createPartOpener } from './open-part.ts';
import type { PartVerdict } from './part-messages.ts';
import type { Statements } from './statements.ts';

/** What the beginning tells. */
export interface Beginning {
  /** What came of part 0; null when the sender has not stated it. Nothing below is known unless it is `plaintext`. */
  readonly verdict: PartVerdict | null;
  /** Null also when it is not well formed. */
  readonly info: BagInfo | null;
  /** True when bag-info.txt, which stands inside the encryption, names this parcel and the key that signed its statements. */
  readonly proved: boolean;
  readonly message: { readonly text: string; readonly whole: boolean } | null;
}

/** Parts that a message may reach into: it has at most 1 MiB, as the smallest parts have. */
const PARTS = 3;

/** Bytes of a message that are kept when not all of it is asked for: there may be very many parcels. */
export const MESSAGE_START = 8_192;

/** A reader that uses its memory again for one parcel after the other; call it for one at a time. With `whole` it reads on to the end of the message, and else keeps `start` bytes of it. */
export function createBeginningReader(
  open: ReturnType<typeof createPartOpener>,
  start = MESSAGE_START,
): (statements: Statements, folder: string, whole: boolean) => Promise<Beginning> {
  let into = new ArrayBuffer(0);

  async function openPart({ opening, parts }: Statements, folder: string, part: number): Promise<PartVerdict | null> {
    const statement = parts.get(part);
    if (statement === undefined) return null;
    const { from, to } = partRange(part, opening.size, opening.partSize);
    if (into.byteLength < to - from) into = new ArrayBuffer(opening.partSize);
    return open({
      ...statement,
      path: join(folder, partName(part)),
      plaintextSize: to - from,
      maxSize: maxPartCiphertext(opening.partSize),
      into,
    });
  }

  return async (statements, folder, whole) => {
    const { opening } = statements;
    const texts = createTexts(statements, whole ? MAX_MESSAGE_BYTES : start);
    let first: PartVerdict | null = null;
    for (let part = 0; part < Math.min(whole ? PARTS : 1, openedParts(opening)); part++) {
      const verdict = await openPart(statements, folder, part);
      if (part === 0) first = verdict;
      if (verdict?.kind !== 'plaintext') break;
      const { from, to } = partRange(part, opening.size, opening.partSize);
      if (texts.push(from, new Uint8Array(into, 0, to - from))) break;
    }
    const { info, message } = texts.read();
    const proved = info !== null && info.parcel === opening.parcel && info.sender === toBase64Url(opening.mailbox);
    return { verdict: first, info, proved, message };
  };
}

/** Picks bag-info.txt and the message out of the archive. */
function createTexts({ opening }: Statements, most: number) {
  const reader = createTarReader({ parcel: opening.parcel, limits: { streamSize: opening.size } });
  const texts = new Map<string, { bytes: Uint8Array; have: number; whole: boolean }>();
  let done = false;

  function take(offset: number, bytes: Uint8Array): void {
    for (const event of reader.push(offset, bytes)) {
      const { place, size } = event.entry;
      done ||= place !== 'bagit' && place !== 'bag-info' && place !== 'message';
      if (place !== 'bag-info' && place !== 'message') continue;
      if (event.kind === 'entry')
        texts.set(place, {
          bytes: new Uint8Array(Math.min(size, place === 'message' ? most : MAX_BAG_INFO_SIZE)),
          have: 0,
          whole: false,
        });
      const text = texts.get(place);
      if (text === undefined) continue;
      if (event.kind === 'data') {
        const fitting = event.bytes.subarray(0, text.bytes.length - text.have);
        text.bytes.set(fitting, text.have);
        text.have += fitting.length;
      } else if (event.kind === 'end') text.whole = event.complete && text.have === size;
    }
  }

  function textOf(place: string): { text: string; whole: boolean } | null {
    const found = texts.get(place);
    if (found === undefined) return null;
    // What is cut may end within a character, which is then left out.
    const decoder = new TextDecoder('utf-8', { ignoreBOM: true });
    const text = decoder.decode(found.bytes.subarray(0, found.have), { stream: !found.whole });
    return { text, whole: found.whole };
  }

  return {
    /** True when there is no more to be picked out. */
    push(offset: number, bytes: Uint8Array): boolean {
      try {
        take(offset, bytes);
        return done;
      } catch (error) {
        if (!isProblem(error)) throw error;
        return true;
      }
    },
    read() {
      let info: BagInfo | null = null;
      try {
        info = parseBagInfo(textOf('bag-info')?.text ?? '');
      } catch (error) {
        if (!isProblem(error)) throw error;
      }
      return { info, message: textOf('message') };
    },
  };
}
