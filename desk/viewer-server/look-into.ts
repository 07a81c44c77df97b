/** Looks into single parcels for the lists: their first part alone, proved as all parts are, and kept for a while. */
import { createBeginningReader } from '../case/beginning.ts';
import type { Bundle } from '../case/bundle.ts';
import { previewParcel } from '../case/preview.ts';
import type { Preview } from '../case/preview.ts';
import type { PartJob, PartVerdict } from '../case/part-messages.ts';
import { CHUNK_SIZE } from '../../shared/age/payload-layout.ts';
import { createBoundedCache } from './bounded-cache.ts';
import type { PartStore } from './part-store.ts';
import { createTurns } from './turns.ts';

/** Letters of messages, and what stands around them, that are kept. */
const MOST_LETTERS = 8 * 1_048_576;
const AROUND = 2_000;
/** Chunks decrypted at once. */
const RUN = 16;

export interface Looks {
  /** With `whole` the message is read to its end. */
  into(parcel: string, whole: boolean): Promise<Preview>;
}

/** Looks by way of `store`. */
export function createLooks(bundle: Bundle, receiptKeys: readonly Uint8Array[], store: PartStore): Looks {
  const kept = createBoundedCache<Preview>(MOST_LETTERS, ({ message }) => AROUND + (message?.text.length ?? 0));
  const readBeginning = createBeginningReader((job) => openInto(store, job));
  // The reader uses its memory again: one at a time.
  const inTurn = createTurns(1);
  return {
    into(parcel, whole) {
      const place = `${parcel} ${whole}`;
      const known = kept.get(place);
      if (known !== undefined) return Promise.resolve(known);
      return inTurn(async () => {
        const again = kept.get(place);
        if (again !== undefined) return again;
        const preview = await previewParcel(parcel, { bundle, receiptKeys, readBeginning, whole });
        kept.set(place, preview);
        return preview;
      });
    },
  };
}

/** Opens a part whole into the memory of the job. */
async function openInto(store: PartStore, job: PartJob): Promise<PartVerdict> {
  const proved = await store.prove(job);
  if (proved.kind !== 'proved') return proved;
  const into = new Uint8Array(job.into, 0, job.plaintextSize);
  const last = Math.max(1, Math.ceil(job.plaintextSize / CHUNK_SIZE)) - 1;
  for (let first = 0; first <= last; first += RUN) {
    const bytes = await store.readChunks(proved, first, Math.min(last, first + RUN - 1));
    if (bytes === null) return { kind: 'undecryptable', code: 'age-payload-damaged' };
    into.set(bytes, first * CHUNK_SIZE);
  }
  return { kind: 'plaintext' };
}
