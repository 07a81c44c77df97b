/**
 * Our tus DataStore: one upload is one part, its bytes are immutable blobs, its offset moves by compare-and-set in the database.
 * One store serves one request; the body goes from the socket to the blob without passing through the library's streams.
 */
import { createHash } from 'node:crypto';
import type { Readable } from 'node:stream';
import { DataStore, Upload } from '@tus/server';
import { isProblem, Problem } from '../../shared/problem/problem.ts';
import { maxPartCiphertext } from '../../shared/protocol/limits.ts';
import { openPartStatement } from '../../shared/statements/part-statement.ts';
import { formatBlobs } from './blob-list.ts';
import type { BlobRef, BlobStore, BlobWriter } from './blob-store.ts';
import { passOn } from './crash-points.ts';
import type { Reach } from './crash-points.ts';
import type { PartKey, PartParcel, PartState, PartsTable } from './parts.ts';
import { receive } from './part-writer.ts';
import type { Arrival } from './part-writer.ts';
import type { PartTurns } from './part-turns.ts';

export interface PartServices {
  readonly parts: PartsTable;
  readonly blobs: BlobStore;
  readonly turns: PartTurns;
  /** Throws Problem `storage-full` when no more bytes should be taken. */
  readonly checkRoom: () => Promise<void>;
  /** Today, `YYYY-MM-DD`. */
  readonly today: () => string;
  readonly reach?: Reach;
}

export interface PartRequest extends PartKey {
  /** Which browser sends, or null when it does not say: another than the parcel's writer is refused. */
  readonly writer: number | null;
  /** The sealed progress record that comes with a creation. */
  readonly record: Uint8Array | null;
  /** The request's body, or null when it has none. */
  readonly body: Readable | null;
}

interface Found {
  readonly parcel: PartParcel;
  readonly part: PartState | null;
}

/** A part that lies in so many blobs is written into one with the next bytes: many tiny requests take no more disk than others. */
const MOST_BLOBS = 64;

/** The DataStore of one request. */
export class PartStore extends DataStore {
  override extensions = ['creation', 'creation-with-upload'];
  readonly #services: PartServices;
  readonly #request: PartRequest;
  /** The part as this request found it; null before it is begun. */
  #found: PartState | null = null;
  /** The part as this request wants it, before its own bytes. */
  #wanted: PartState | null = null;
  /** True when this is a creation of a part that has bytes already: whence the body would go on, only the client can know. */
  #repeated = false;
  /** Bytes that the quotas leave for the parcel, as far as this request knows; null: any number. */
  #room: number | null = null;
  /** The writer for whom this request does what it does. */
  #writer = 0;

  constructor(services: PartServices, request: PartRequest) {
    super();
    this.#services = services;
    this.#request = request;
  }

  /** The offset that is durable, as far as this request knows; null before the part has been looked up. */
  get offset(): number | null {
    return this.#found?.received ?? null;
  }

  /** tus creation: the statement in the metadata is checked against the parcel; without a body the part's row is made at once. */
  override async create(upload: Upload): Promise<Upload> {
    const { direction, parcel, part, body } = this.#request;
    const statement = upload.metadata?.['statement'];
    if (typeof statement !== 'string') throw new Problem('bad-request');
    await this.#services.turns.yield(this.#turn());
    const there = await this.#lookUnsealed();
    const { sender, partSize, parts } = there.parcel;
    const spoken = await openPartStatement(statement, sender, direction);
    const fits = spoken.parcel === parcel && spoken.part === part && part < parts && spoken.size === upload.size;
    if (!fits || spoken.size === 0) throw new Problem('statement-mismatch');
    if (spoken.size > maxPartCiphertext(partSize)) throw new Problem('limit-exceeded');
    // A sender that has never heard of writers is the first one.
    this.#checkWriter(there.parcel, 0);

    this.#found = there.part;
    if (there.part !== null && there.part.sha256 === spoken.sha256 && there.part.size === spoken.size) {
      this.#wanted = there.part;
      this.#repeated = there.part.received > 0;
      return upload;
    }
    if (there.part !== null && isFinished(there.part)) throw new Problem('part-finished');
    this.#wanted = { statement, sha256: spoken.sha256, size: spoken.size, received: 0, blobs: [] };
    if (body === null) {
      await this.#services.checkRoom();
      await this.#begin(this.#wanted);
    }
    return upload;
  }

  /** The part's size and durable offset (tus HEAD, PATCH). */
  override async getUpload(id: string): Promise<Upload> {
    await this.#services.turns.yield(this.#turn());
    const { parcel, part } = await this.#lookUnsealed();
    this.#checkWriter(parcel, parcel.writer);
    if (part === null) throw new Problem('not-found');
    this.#found = this.#wanted = part;
    const { size, received, statement } = part;
    return new Upload({ id, size, offset: received, metadata: { statement } });
  }

  /** Takes the body at the part's offset; resolves with the offset after it, once that is durable. */
  override async write(): Promise<number> {
    const { body } = this.#request;
    const wanted = this.#wanted;
    if (wanted === null) throw new Error('There was no create or getUpload before.');
    if (body === null || this.#repeated || isFinished(wanted)) return wanted.received;
    // A part that does not fit as a whole is not begun; the transaction that counts the bytes looks again.
    if (this.#room !== null && wanted.size - (this.#found?.received ?? 0) > this.#room)
      throw new Problem('quota-reached');
    await this.#services.checkRoom();
    const turn = this.#services.turns.begin(this.#turn());
    try {
      return await this.#take(body, wanted, turn.signal);
    } catch (error) {
      if (isFull(error)) throw new Problem('storage-full');
      throw isAbsent(error) ? await this.#refusal(error) : error;
    } finally {
      turn.end();
    }
  }

  async #take(body: Readable, wanted: PartState, signal: AbortSignal): Promise<number> {
    const writer = await this.#services.blobs.create(this.#request.parcel);
    const merged = wanted.blobs.length >= MOST_BLOBS ? wanted.blobs : [];
    const arrival = await this.#store(body, writer, { wanted, merged, signal });
    if (arrival.length === 0) {
      await writer.discard();
      await this.#begin(wanted);
      return wanted.received;
    }
    const received = wanted.received + arrival.length;
    const blobs =
      merged.length > 0
        ? [{ name: writer.name, length: received }]
        : [...wanted.blobs, { name: writer.name, length: arrival.length }];
    const after = { ...wanted, received, blobs };
    const isRight = !isFinished(after) || (await this.#hash(after, arrival, writer)) === wanted.sha256;
    if (!isRight) {
      await this.#change({ ...wanted, received: 0, blobs: [] });
      await writer.discard();
      throw new Problem('part-damaged');
    }
    try {
      // When the database stays away the outcome is unknown: the blob is left, for the row or for the sweeper.
      if (await this.#change(after)) return after.received;
    } catch (error) {
      if (isProblem(error, 'quota-reached') || isProblem(error, 'storage-full')) await writer.discard();
      throw error;
    }
    await writer.discard();
    throw await this.#refusal();
  }

  /**
   * Why a change was not made, or blobs were not there, as things are now: `fault` when nothing has moved meanwhile. Problem
   * `parcel-unknown` when even the parcel is gone.
   */
  async #refusal(fault: Error = new Problem('offset-conflict')): Promise<Error> {
    const { parcel, part } = await this.#look();
    const before = this.#found;
    this.#found = part;
    if (parcel.writer !== this.#writer) return new Problem('writer-replaced');
    if (part === null) return before === null ? fault : new Problem('not-found');
    return before !== null && isSame(before, part) ? fault : new Problem('offset-conflict');
  }

  /** Problem `writer-replaced` when another browser goes on with the parcel than the one that sends, which is `unsaid` unless it says. */
  #checkWriter({ writer }: PartParcel, unsaid: number): void {
    this.#writer = this.#request.writer ?? unsaid;
    if (writer !== this.#writer) throw new Problem('writer-replaced');
  }

  /** Parcel and part as they are now. Problem `parcel-unknown`. */
  async #look(): Promise<Found> {
    const there = await this.#services.parts.find(this.#request);
    if (there === null) throw new Problem('parcel-unknown');
    this.#room = there.parcel.room;
    return there;
  }

  /**
   * The same. Problem `parcel-sealed` for a submission: a codename leads to its number, and is not to learn from that what a
   * statement tells of a part, its size and hash.
   */
  async #lookUnsealed(): Promise<Found> {
    const there = await this.#look();
    if (there.parcel.sealed && this.#request.direction === 'submission') throw new Problem('parcel-sealed');
    return there;
  }

  /** Writes the body durably, behind the bytes of `merged` blobs; leaves nothing behind when that fails. */
  async #store(
    body: Readable,
    writer: BlobWriter,
    { wanted, merged, signal }: { wanted: PartState; merged: readonly BlobRef[]; signal: AbortSignal },
  ): Promise<Arrival> {
    try {
      for await (const piece of this.#read(merged)) await writer.write([piece]);
      if (merged.length > 0) this.#reach('merge-copied');
      const arrival = await receive(body, writer, wanted.size - wanted.received, signal);
      if (arrival.length > 0) await writer.finish();
      return arrival;
    } catch (error) {
      await writer.discard();
      throw error;
    }
  }

  async *#read(blobs: readonly BlobRef[]): AsyncGenerator<Uint8Array> {
    for (const { name, length } of blobs) yield* this.#services.blobs.read(this.#request.parcel, name, 0, length);
  }

  /** SHA-256 of the whole part, in hex; read again from the blobs only when it came in more than one request. */
  async #hash({ blobs, received }: PartState, arrival: Arrival, writer: BlobWriter): Promise<string> {
    if (arrival.length === received) return arrival.sha256;
    const hash = createHash('sha256');
    try {
      for await (const piece of this.#read(blobs)) hash.update(piece);
    } catch (error) {
      await writer.discard();
      throw error;
    }
    return hash.digest('hex');
  }

  /** Makes the row of a part that has no bytes yet, unless it stands so already. */
  async #begin(wanted: PartState): Promise<void> {
    if (this.#found === wanted || (await this.#change(wanted))) return;
    const refusal = await this.#refusal();
    if (this.#found?.sha256 !== wanted.sha256) throw refusal;
  }

  /** Moves the part from the state found to `after`; blobs that only the old state knew are removed. */
  async #change(after: PartState): Promise<boolean> {
    const { parts, blobs, today } = this.#services;
    const { parcel, record } = this.#request;
    const before = this.#found;
    const kind = kindOf(before, after);
    this.#reach(`${kind}-before-commit`);
    if (!(await parts.change(this.#request, { before, after, writer: this.#writer, record, day: today() })))
      return false;
    this.#reach(`${kind}-committed`);
    const kept = new Set(after.blobs.map(({ name }) => name));
    this.#found = after;
    const forgotten = (before?.blobs ?? []).map(({ name }) => name).filter((name) => !kept.has(name));
    // The part stands as it should: a blob that cannot be removed is an orphan, and the sweeper finds those.
    await blobs.remove(parcel, forgotten).catch(() => undefined);
    return true;
  }

  get #reach(): Reach {
    return this.#services.reach ?? passOn;
  }

  #turn(): string {
    return `${this.#request.parcel}/${this.#request.part}`;
  }
}

function isFinished({ received, size }: PartState): boolean {
  return received === size;
}

function isSame(one: PartState, other: PartState): boolean {
  return one.sha256 === other.sha256 && formatBlobs(one.blobs) === formatBlobs(other.blobs);
}

/** What a change makes of a part's row, as the crash points name it. */
function kindOf(before: PartState | null, after: PartState): 'begin' | 'grow' | 'merge' | 'reset' | 'replace' {
  if (before !== null && before.sha256 !== after.sha256) return 'replace';
  if (after.received === 0) return before === null ? 'begin' : 'reset';
  return (before?.blobs.length ?? 0) >= after.blobs.length ? 'merge' : 'grow';
}

/** ENOENT: a blob, or its parcel's place, was taken away, as a claim or a withdrawal does. */
function isAbsent(error: unknown): error is Error {
  return error instanceof Error && 'code' in error && error.code === 'ENOENT';
}

/** ENOSPC and EDQUOT: no room, wherever it was noticed. */
function isFull(error: unknown): boolean {
  return error instanceof Error && 'code' in error && (error.code === 'ENOSPC' || error.code === 'EDQUOT');
}
