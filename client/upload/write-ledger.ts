/** Writes the head of the ledger before the first part: what is to be sent, readable to who has the codename and the files. */
import type { CodenameKeys } from '../../shared/codename/derive.ts';
import { sha256 } from '../../shared/crypto/sha256.ts';
import type { ClosingMessage } from '../../shared/ledger/closing.ts';
import type { LedgerFile } from '../../shared/ledger/entry.ts';
import { fileKey } from '../../shared/ledger/file-key.ts';
import type { FileKey } from '../../shared/ledger/file-key.ts';
import { sealHead } from '../../shared/ledger/head.ts';
import { SAMPLED } from '../../shared/ledger/sampling.ts';
import type { FileEntry } from '../../shared/parcel/layout.ts';
import { createMailbox } from '../mailbox/create-mailbox.ts';
import type { Course } from './course.ts';
import { lookAtAll } from './look-at.ts';
import type { PickedFile } from './submission-types.ts';
import { createSlots } from './slots.ts';

export interface LedgerInput {
  readonly keys: CodenameKeys;
  readonly parcel: string;
  readonly day: string;
  /** As the parcel names them, without the message. */
  readonly entries: readonly FileEntry[];
  /** One for each entry. */
  readonly picked: readonly PickedFile[];
  readonly message: ClosingMessage | null;
}

export interface WrittenLedger {
  /** Seals the progress records. */
  readonly listKey: Uint8Array;
  /** Of each entry the hash that the ledger has, null where it has none. */
  readonly hashes: readonly (Uint8Array | null)[];
}

/** How many pages are on their way at a time. */
const PAGES_AT_ONCE = 3;
/** The state is told after so many files. */
const TELL_EACH = 16;

/** Null when there are only words: then there is nothing to go on with. Problem `storage-full`. */
export async function writeLedger(course: Course, input: LedgerInput): Promise<WrittenLedger | null> {
  const { provider, random, clock, link } = course;
  const { keys, parcel, day, message } = input;
  if (input.entries.length === 0) return null;
  const files = await lookAtFiles(course, input);
  const { ledgerKey } = keys;
  const turn = (): Promise<void> => clock.sleep(0, link.gate.ended);
  const { pages, listKey } = await sealHead({ ledgerKey, parcel, day, files, message, random, provider, turn });
  await putPages(course, input, pages);
  return { listKey, hashes: files.map((file) => (file.looked ? file.sha256 : null)) };
}

type Looked = LedgerFile & FileKey & { readonly looked: boolean };

async function lookAtFiles(course: Course, { keys, parcel, entries, picked }: LedgerInput): Promise<Looked[]> {
  const { store, random, link } = course;
  const { ledgerKey } = keys;
  /** For all that cannot be read: the reader will ask what to do about them; nobody can show them again. */
  const unknown = await fileKey({ ledgerKey, parcel, fingerprint: random(32) });
  const files: Looked[] = [];
  const total = entries.length;
  let done = 0;
  store.change({ looking: { done, total } });
  await lookAtAll(
    picked.map(({ file }) => file),
    async (index, look) => {
      const entry = entries[index]!;
      if (look === null) {
        const hash = entry.size > SAMPLED ? null : await sha256(new Uint8Array(entry.size));
        files[index] = { ...entry, ...unknown, sha256: hash, looked: false };
      } else {
        const key = await fileKey({ ledgerKey, parcel, fingerprint: look.fingerprint });
        files[index] = { ...entry, ...key, sha256: look.sha256, looked: true };
      }
      if (++done % TELL_EACH === 0 || done === total) store.change({ looking: { done, total } });
    },
    link.gate.ended,
  );
  return files;
}

async function putPages(
  course: Course,
  { keys, parcel }: LedgerInput,
  pages: Uint8Array<ArrayBuffer>[],
): Promise<void> {
  const { card, link, exchange } = course;
  const mailbox = createMailbox({ key: keys.mailbox, card, link, exchange });
  const takePlace = createSlots(() => PAGES_AT_ONCE);
  // The first alone: it signs in.
  await mailbox.putLedgerPage(parcel, 0, pages[0]!);
  await Promise.all(
    pages.slice(1).map(async (bytes, i) => {
      const giveBack = await takePlace();
      try {
        await mailbox.putLedgerPage(parcel, i + 1, bytes);
      } finally {
        giveBack();
      }
    }),
  );
}
