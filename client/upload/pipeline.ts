/** All parts of a parcel, one behind the other and several at once: read, hash, seal, send. What is in memory at a time is bounded. */
import { fromHex, toHex } from '../../shared/bytes/hex.ts';
import type { SigningKey } from '../../shared/crypto/ed25519.ts';
import { lateBytes } from '../../shared/parcel/late-bytes.ts';
import type { PayloadResult } from '../../shared/parcel/late-bytes.ts';
import type { Layout } from '../../shared/parcel/layout.ts';
import { partCount, partRange } from '../../shared/parcel/parts.ts';
import { maxPartCiphertext } from '../../shared/protocol/limits.ts';
import { partRoute } from '../../shared/protocol/routes.ts';
import { signPartStatement } from '../../shared/statements/part-statement.ts';
import { sizeOf, weighed } from './body.ts';
import type { Body } from './body.ts';
import type { Hashing } from './hashing.ts';
import type { Exchange, Link } from './link.ts';
import type { PartReader, PlainPart } from './part-reader.ts';
import type { Sealing } from './sealing.ts';
import { sendPart } from './send-part.ts';
import { createSlots } from './slots.ts';

export interface PipelineInput {
  readonly layout: Layout;
  readonly partSize: number;
  readonly reader: PartReader;
  readonly hashing: Hashing;
  readonly sealings: readonly Sealing[];
  readonly recipients: readonly string[];
  readonly mailbox: SigningKey;
  readonly link: Link;
  readonly exchange: () => Exchange;
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
/** SHA-256 of nothing: an empty file has no bytes that go by. */
const EMPTY_HASH = fromHex('e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855');

/** Prepares the way; `run` is called once. */
export function createPipeline(input: PipelineInput): Pipeline {
  const { layout, partSize, reader, hashing, link } = input;
  const parts = partCount(layout.paddedSize, partSize);
  const partHashes: Uint8Array[] = [];
  const fileHashes = new Map<number, Uint8Array>();
  /** Memory for a plaintext or a ciphertext, free to be used again: of one size, so that what one is done with serves the other. */
  const spare: ArrayBuffer[] = [];
  const capacity = maxPartCiphertext(Math.min(partSize, layout.paddedSize));
  const sealers = [...input.sealings];
  const takeSealer = createSlots(() => input.sealings.length);
  const takeLane = createSlots(() => link.lanes.count());
  const takePlace = createSlots(() => link.lanes.count() + AHEAD);
  let hashed: Promise<unknown> = Promise.resolve();
  let late: ReturnType<typeof lateBytes> | undefined;

  function takeBuffer(): ArrayBuffer {
    return spare.pop() ?? new ArrayBuffer(capacity);
  }

  async function hash({ bytes, spans, late: lateSpans }: PlainPart): Promise<Uint8Array<ArrayBuffer>> {
    let plaintext = bytes;
    if (spans.length > 0) {
      const done = await hashing.hash(bytes, spans);
      const ended = spans.filter(({ last }) => last);
      for (const [i, { index }] of ended.entries()) fileHashes.set(index, done.hashes[i]!);
      plaintext = done.bytes;
    }
    if (lateSpans.length === 0) return plaintext;
    // All file bytes lie before the late files, in this part or earlier: they have all been hashed.
    late ??= lateBytes(layout, results());
    const files = await late;
    for (const { name, at, from, to } of lateSpans) plaintext.set(files[name].subarray(from, to), at);
    return plaintext;
  }

  function results(): PayloadResult[] {
    return layout.payload.map((_, index) => ({
      sha256: fileHashes.get(index) ?? EMPTY_HASH,
      status: reader.isWhole(index) ? 'whole' : 'unreadable',
    }));
  }

  async function seal(plaintext: Uint8Array<ArrayBuffer>, part: number): Promise<Body> {
    const giveBack = await takeSealer();
    const sealing = sealers.pop()!;
    try {
      const into = new Uint8Array(takeBuffer());
      const sealed = await sealing(plaintext, input.recipients, into);
      spare.push(...sealed.spare);
      partHashes[part] = sealed.sha256;
      return sealed.file instanceof Blob ? weighed(sealed.file) : sealed.file;
    } finally {
      sealers.push(sealing);
      giveBack();
    }
  }

  async function send(file: Body, part: number, plainSize: number): Promise<void> {
    const { parcel } = layout;
    const size = sizeOf(file);
    const statement = await signPartStatement({ parcel, part, size, sha256: toHex(partHashes[part]!) }, input.mailbox);
    const giveBack = await takeLane();
    try {
      await sendPart(link, input.exchange(), {
        path: partRoute(parcel, part),
        statement,
        body: file,
        onOffset: (offset) => input.onAcknowledged(part, Math.floor((offset / size) * plainSize)),
      });
      if (!(file instanceof Blob)) spare.push(file.buffer);
    } finally {
      giveBack();
    }
  }

  return {
    hashed: () => hashed,
    async run() {
      const failed = Promise.withResolvers<never>();
      failed.promise.catch(() => undefined);
      const sent: Promise<void>[] = [];
      for (let part = 0; part < parts; part++) {
        const giveBack = await Promise.race([takePlace(), failed.promise]);
        const { from, to } = partRange(part, layout.paddedSize, partSize);
        const plain = await Promise.race([reader.read(from, to, takeBuffer()), failed.promise]);
        const plaintext = hashed.then(() => hash(plain));
        hashed = plaintext;
        const whole = plaintext
          .then((bytes) => seal(bytes, part))
          .then((file) => send(file, part, to - from))
          .finally(giveBack);
        whole.catch(failed.reject);
        sent.push(whole);
      }
      await Promise.race([Promise.all(sent), failed.promise]);
      return partHashes;
    },
  };
}
