/** What the server needs of a place for ciphertext: immutable blobs, durable once `finish` resolves. */

export interface BlobRef {
  /** 32 lower-case hex digits, random. */
  readonly name: string;
  readonly length: number;
}

/** A blob that is being written. */
export interface BlobWriter {
  readonly name: string;
  /** Takes the pieces in order; resolves when they need no more memory. */
  write(pieces: readonly Uint8Array[]): Promise<void>;
  /** Resolves when every byte is durable under the blob's name. */
  finish(): Promise<void>;
  /** Gives the blob up and removes what there is of it. */
  discard(): Promise<void>;
}

export interface StoredBlob {
  readonly name: string;
  /** The day written on it, `YYYY-MM-DD`. */
  readonly day: string;
  readonly length: number;
}

export interface BlobStore {
  /** A blob under a new name; or under a given one, whose bytes are then always the same, as when it comes back from a backup. */
  create(parcel: string, name?: string): Promise<BlobWriter>;
  /** The bytes from `from` up to but without `to`. An error of code `ENOENT` where there is no such blob, `ESHORT` where it has fewer. */
  read(parcel: string, name: string, from: number, to: number): AsyncIterable<Uint8Array>;
  /** Removes blobs; those that are gone already are no error. */
  remove(parcel: string, names: readonly string[]): Promise<void>;
  removeParcel(parcel: string): Promise<void>;
  /** Parcels that have a place here. */
  parcels(): Promise<string[]>;
  /** Everything that lies there for a parcel, unfinished writes included. */
  list(parcel: string): Promise<StoredBlob[]>;
  /** Bytes that could still be stored, the reserve not taken off. */
  free(): Promise<number>;
  /** True when the store bears the mark of this instance. One that holds nothing yet and bears no mark is given it. */
  belongsTo(instance: string): Promise<boolean>;
  /**
   * Resolves, soon, when the store answers. Rejects when it does not (an S3 store: Problem `storage-away`), or with a sentence for
   * the operator when the settings cannot be right.
   */
  ready(): Promise<void>;
}
