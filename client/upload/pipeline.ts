/** All parts of a parcel, one behind the other and several at once: read, hash, seal, send. What is in memory at a time is bounded. */
import { toHex } from '../../shared/bytes/hex.ts';
import type { SigningKey } from '../../shared/crypto/ed25519.ts';
import type { ProgressRecord } from '../../shared/ledger/record-text.ts';
import type { LateName, Layout } from '../../shared/parcel/layout.ts';
import { partCount, partRange } from '../../shared/parcel/parts.ts';
import { maxPartCiphertext } from '../../shared/protocol/limits.ts';
import { partRoute } from '../../shared/protocol/routes.ts';
import { signPartStatement } from '../../shared/statements/part-statement.ts';
import { sizeOf, weighed } from './body.ts';
import type { Body } from './body.ts';
import type { Idle } from './idle.ts';
import type { Exchange, Link } from './link.ts';
import type { PartHashing } from './part-hashing.ts';
import type { PartReader, PlainPart } from './part-reader.ts';
import type { PartsThere } from './parts-there.ts';
import type { Sealing } from './sealing.ts';
import { sendPart } from './send-part.ts';
import { createSlots } from './slots.ts';

export interface PipelineInput {
  readonly layout: Layout;
  readonly partSize: number;
  readonly reader: PartReader;
  readonly hashing: PartHashing;
  readonly sealings: readonly Sealing[];
  readonly recipients: readonly string[];
  readonly mailbox: SigningKey;
  readonly link: Link;
  readonly exchange: () => Exchange;
  /** Parts that are not sent again. */
  readonly there: PartsThere;
  /** So many parts at the beginning are to be safe before any other goes: what is in them, nobody could choose again. */
  readonly foremost: number;
  readonly writer: number;
  /** Seals the record of a part whose ciphertext has this hash; null when there is to be none. */
  readonly sealRecord: (record: ProgressRecord, part: number, sha256: string) => Promise<Uint8Array | null>;
  /** The late files; asked for when all payload files have been hashed. */
  readonly late: () => Promise<Readonly<Record<LateName, Uint8Array>>>;
  /** Is told when nothing needs reading or hashing. */
  readonly idle: Idle;
  /** Called with the plaintext bytes of a part that are safe, whenever that changes. */
  readonly onAcknowledged: (part: number, bytes: number) => void;
}

/** See {@link createPipeline}. */
export interface Pipeline {
  /** Resolves with the SHA-256 of every part once the server has them all. Rejects with the first Problem. */
  run(): Promise<Uint8Array[]>;
  /** Resolves when all that was read so far has been hashed. */
  hashed(): Promise<unknown>;
}

/** Parts in memory beyond those that may be sent at a time: each takes up to twice a part's size. */
const AHEAD = 1;

interface SealedPart {
  readonly file: Body;
  readonly sha256: string;
}

/** Prepares the way; `run` is called once. */
export function createPipeline(input: PipelineInput): Pipeline {
  const { layout, partSize, reader, hashing, link, there, idle } = input;
  const { parcel } = layout;
  const parts = partCount(layout.paddedSize, partSize);
  const partHashes: Uint8Array[] = [];
  /** Memory for a plaintext or a ciphertext, free to be used again: of one size, so that what one is done with serves the other. */
  const spare: ArrayBuffer[] = [];
  const capacity = maxPartCiphertext(Math.min(partSize, layout.paddedSize));
  const sealers = [...input.sealings];
  const takeSealer = createSlots(() => input.sealings.length);
  const takeLane = createSlots(() => link.lanes.count());
  const takePlace = createSlots(() => link.lanes.count() + AHEAD);
  let hashed: Promise<unknown> = Promise.resolve();
  const foremost: Promise<void>[] = [];

  function takeBuffer(): ArrayBuffer {
    return spare.pop() ?? new ArrayBuffer(capacity);
  }

  async function hash(plain: PlainPart): ReturnType<PartHashing['hash']> {
    const done = await hashing.hash(plain);
    if (plain.late.length === 0) return done;
    // All file bytes lie before the late files, in this part or earlier: they have all been hashed.
    const files = await input.late();
    for (const { name, at, from, to } of plain.late) done.bytes.set(files[name].subarray(from, to), at);
    return done;
  }

  async function seal(plaintext: Uint8Array<ArrayBuffer>, part: number): Promise<SealedPart> {
    const giveBack = await takeSealer();
    const sealing = sealers.pop()!;
    try {
      const into = new Uint8Array(takeBuffer());
      const sealed = await sealing(plaintext, input.recipients, into);
      spare.push(...sealed.spare);
      partHashes[part] = sealed.sha256;
      const file = sealed.file instanceof Blob ? weighed(sealed.file) : sealed.file;
      return { file, sha256: toHex(sealed.sha256) };
    } finally {
      sealers.push(sealing);
      giveBack();
    }
  }

  async function send({ file, sha256 }: SealedPart, part: number, progress: ProgressRecord): Promise<void> {
    const size = sizeOf(file);
    const { from, to } = partRange(part, layout.paddedSize, partSize);
    const [statement, record] = await Promise.all([
      signPartStatement({ parcel, part, size, sha256 }, input.mailbox),
      input.sealRecord(progress, part, sha256),
    ]);
    if (part >= input.foremost) await Promise.all(foremost);
    const giveBack = await takeLane();
    try {
      await sendPart(link, input.exchange(), {
        path: partRoute(parcel, part),
        statement,
        writer: input.writer,
        record,
        body: file,
        onOffset: (offset) => input.onAcknowledged(part, Math.floor((offset / size) * (to - from))),
      });
      if (!(file instanceof Blob)) spare.push(file.buffer);
    } finally {
      giveBack();
    }
  }

  /** Reads a part and has it hashed, when all before it are. The promise in the answer settles with the hashing. */
  async function readAndHash(part: number): Promise<{ readonly hashing: ReturnType<PartHashing['hash']> }> {
    const { from, to } = partRange(part, layout.paddedSize, partSize);
    const plain = await reader.read(from, to, takeBuffer());
    if (plain.late.length > 0) idle.end();
    const late = there.has(part) ? [] : plain.late;
    const done = hashed.then(() => hash({ ...plain, late }));
    hashed = done;
    return { hashing: done };
  }

  /** Goes on behind a part that is there, without reading it if that can be. */
  async function passOver(part: number): Promise<void> {
    const found = there.get(part)!;
    partHashes[part] = found.sha256;
    await hashed;
    if (hashing.takeOver(found)) return;
    const { bytes } = await (await readAndHash(part)).hashing;
    spare.push(bytes.buffer);
  }

  return {
    hashed: () => hashed,
    async run() {
      const failed = Promise.withResolvers<never>();
      failed.promise.catch(() => undefined);
      const sent: Promise<void>[] = [];
      for (let part = 0; part < parts; part++) {
        if (there.has(part)) {
          await Promise.race([passOver(part), failed.promise]);
          continue;
        }
        const giveBack = await idle.during(Promise.race([takePlace(), failed.promise]));
        const read = await Promise.race([readAndHash(part), failed.promise]);
        const whole = read.hashing
          .then(async ({ bytes, record }) => send(await seal(bytes, part), part, record))
          .finally(giveBack);
        whole.catch(failed.reject);
        sent.push(whole);
        if (part < input.foremost) foremost.push(whole);
      }
      idle.end();
      await Promise.race([Promise.all(sent), failed.promise]);
      return partHashes;
    },
  };
}
