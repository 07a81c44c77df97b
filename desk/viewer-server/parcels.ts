/** The parcels of the bundle as far as they are open: statements checked, stream and index made when first wanted, a few of them at a time. */
import { createFindings } from '../case/findings.ts';
import { parcelFiles, parcelFolder, readEnvelopeText } from '../case/bundle.ts';
import { checkStatements } from '../case/statements.ts';
import { createArchiveIndex } from './archive-index.ts';
import type { ArchiveIndex } from './archive-index.ts';
import { createBoundedCache } from './bounded-cache.ts';
import type { ParcelStream } from './parcel-stream.ts';
import { createParcelStream } from './parcel-stream.ts';
import type { PartStore } from './part-store.ts';

/** Parcels open at once, each with its statements and its index. */
const MOST_OPEN = 3;
/** Bytes of plaintext that are kept. */
const MOST_PLAINTEXT = 6 * 1_048_576;

export interface OpenParcel {
  readonly stream: ParcelStream;
  readonly index: ArchiveIndex;
}

export interface Parcels {
  has(parcel: string): boolean;
  /** Null when nothing of it can be proved. */
  open(parcel: string): Promise<OpenParcel | null>;
}

/** Those of the bundle in `folder`. */
export function createParcels({
  folder,
  ids,
  receiptKeys,
  store,
  report,
}: {
  folder: string;
  ids: readonly string[];
  receiptKeys: readonly Uint8Array[];
  store: PartStore;
  report: (error: unknown) => void;
}): Parcels {
  const known = new Set(ids);
  const chunks = createBoundedCache<Uint8Array>(MOST_PLAINTEXT, (bytes) => bytes.length);
  const open = createBoundedCache<Promise<OpenParcel | null>>(
    MOST_OPEN,
    () => 1,
    (dropped) => void dropped.then((parcel) => parcel?.index.stop()).catch(() => undefined),
  );

  async function openParcel(parcel: string): Promise<OpenParcel | null> {
    const place = parcelFolder({ folder }, parcel);
    const statements = await checkStatements(parcel, await readEnvelopeText(place), receiptKeys, createFindings());
    if (statements === null) return null;
    const names = new Set(await parcelFiles(place));
    const stream = createParcelStream({ statements, folder: place, names, store, chunks });
    return { stream, index: createArchiveIndex(parcel, stream, report) };
  }

  return {
    has: (parcel) => known.has(parcel),
    open(parcel) {
      const before = open.get(parcel);
      if (before !== undefined) return before;
      const opening = openParcel(parcel);
      open.set(parcel, opening);
      opening.catch(() => open.delete(parcel));
      return opening;
    },
  };
}
