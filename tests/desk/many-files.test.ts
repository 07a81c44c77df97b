/** A parcel of too many tiny files is refused at the limit, in bounded memory, and long before its end. */
import { afterAll, beforeAll, expect, test } from 'vitest';
import { utf8Encode } from '../../shared/bytes/utf8.ts';
import { BAGIT_TEXT, encodeBagInfo } from '../../shared/parcel/bag.ts';
import { MAX_FILES } from '../../shared/parcel/limits.ts';
import { paddedSize } from '../../shared/parcel/padme.ts';
import { encodeHeader } from '../../shared/parcel/tar-header.ts';
import { makeDrop, makeParcel } from '../kit/make-parcel.ts';
import type { Drop } from '../kit/make-parcel.ts';
import { deskJson, scratch } from './desk.ts';
import { TEST_SENDER } from '../kit/test-mailbox.ts';

const PARCEL = 'ab'.repeat(16);
const BLOCK = 512;
/** As many as the archive claims to hold; only the parts around the limit are sent. */
const ENTRIES = 10_000_000;

let base: Awaited<ReturnType<typeof scratch>>;
let drop: Drop;
beforeAll(async () => {
  base = await scratch();
  drop = await makeDrop(base.folder);
});
afterAll(() => base.remove());

test('ten million tiny entries', async () => {
  const start = beginning();
  const size = paddedSize(start.length + (ENTRIES + 2) * BLOCK);
  const partSize = 16 * 1_048_576;
  const parts = Math.ceil((start.length + (MAX_FILES + 2) * BLOCK) / partSize);
  await makeParcel(drop, {
    parcel: PARCEL,
    size,
    partSize,
    only: [...Array(parts).keys()],
    read: (from, to) => stretch(start, from, to),
  });
  const before = process.memoryUsage().rss;
  const { exit, json } = await deskJson(['verify', drop.bundle, '--keys', drop.keys]);
  expect(exit).toBe(1);
  const [report] = json['parcels'] as { state: string; findings: { code: string }[] }[];
  expect(report!.state).toBe('damaged');
  expect(report!.findings.map(({ code }) => code)).toContain('archive-too-many-files');
  // Its parts are more than 512 MiB: held whole, they would take as much.
  expect(process.memoryUsage().rss - before).toBeLessThan(480 * 1_048_576);
}, 120_000);

/** `bagit.txt` and `bag-info.txt` of such a parcel. */
function beginning(): Uint8Array {
  const info = encodeBagInfo({
    day: '2026-11-24',
    payloadBytes: 0,
    payloadFiles: MAX_FILES,
    parcel: PARCEL,
    sender: TEST_SENDER,
    replyRecipient: null,
  });
  return Buffer.concat(
    [BAGIT_TEXT, info].flatMap((text, ordinal) => {
      const bytes = utf8Encode(text);
      const path = `${PARCEL}/${ordinal === 0 ? 'bagit.txt' : 'bag-info.txt'}`;
      return [
        encodeHeader({ path, size: bytes.length, modified: 0 }, ordinal),
        bytes,
        new Uint8Array((BLOCK - (bytes.length % BLOCK)) % BLOCK),
      ];
    }),
  );
}

/** Bytes `from` to `to` of a stream that goes on with one empty file after the other. */
function stretch(start: Uint8Array, from: number, to: number): Uint8Array {
  const bytes = new Uint8Array(to - from);
  if (from < start.length) bytes.set(start.subarray(from, to));
  const header = encodeHeader({ path: `${PARCEL}/data/files/0000000`, size: 0, modified: 0 }, 2);
  const sum = Number.parseInt(Buffer.from(header.subarray(148, 154)).toString(), 8);
  for (let at = Math.max(from, start.length); at < to; at += BLOCK) {
    let checksum = sum;
    for (let i = 6, rest = (at - start.length) / BLOCK; i >= 0; i--, rest = Math.floor(rest / 10)) {
      header[PARCEL.length + 12 + i] = 0x30 + (rest % 10);
      checksum += rest % 10;
    }
    for (let i = 5; i >= 0; i--, checksum >>= 3) header[148 + i] = 0x30 + (checksum & 7);
    bytes.set(header, at - from);
  }
  return bytes;
}
