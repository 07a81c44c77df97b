/** What is to be sent, fixed before the first byte goes: the layout, and which file of the person's each payload file is. */
import { toHex } from '../../shared/bytes/hex.ts';
import type { Random } from '../../shared/bytes/random.ts';
import { utf8Encode } from '../../shared/bytes/utf8.ts';
import { startOfDay } from '../../shared/parcel/bag.ts';
import { createLayout } from '../../shared/parcel/layout.ts';
import type { FileEntry, Layout } from '../../shared/parcel/layout.ts';
import type { Chosen } from './held-files.ts';
import type { PickedFile } from './submission-types.ts';

export interface ParcelPlan {
  readonly layout: Layout;
  /** One for each of `layout.payload`; null for what is not here any more. */
  readonly files: readonly (Blob | null)[];
  /** How many payload files come before those that the person chose: 1 with a message, otherwise 0. */
  readonly before: number;
  /** The path of a payload file as the person gave it. */
  readonly path: (index: number) => string;
  /** A payload file as it was chosen last. Only for those that are here. */
  readonly chosen: (index: number) => Chosen;
}

export interface ParcelPlanInput {
  readonly parcel: string;
  /** As the parcel names them, which need not be as they were chosen. */
  readonly entries: readonly FileEntry[];
  /** One for each entry; null for one that is not here any more. */
  readonly picked: readonly (PickedFile | null)[];
  /** Or the number of its UTF-8 bytes, when it is not here any more. */
  readonly message: string | number | null;
  /** Public key of the mailbox, base64url. */
  readonly sender: string;
  readonly replyRecipient: string;
  /** YYYY-MM-DD. */
  readonly day: string;
}

/** Problems as of `createLayout`. */
export function planParcel(input: ParcelPlanInput): ParcelPlan {
  const { parcel, entries, picked, message, sender, replyRecipient, day } = input;
  // The newsroom learns the day of a message and no more.
  const messageModified = startOfDay(day);
  const layout = createLayout({ parcel, day, sender, replyRecipient, message, messageModified, files: entries });
  const first = message === null ? [] : [typeof message === 'string' ? new Blob([utf8Encode(message)]) : null];
  const files = [...first, ...picked.map((pick) => pick?.file ?? null)];
  const path = (index: number): string => entries[index - first.length]?.path ?? layout.payload[index]!.path;
  return {
    layout,
    files,
    before: first.length,
    path,
    chosen(index) {
      const { size, modified } = layout.payload[index]!;
      const file = files[index]!;
      return { path: path(index), size, modified: file instanceof File ? file.lastModified : modified, file };
    },
  };
}

/** The number of a new parcel. */
export function drawParcel(random: Random): string {
  return toHex(random(16));
}

/** What a parcel says of files as they were chosen. */
export function entriesOf(files: readonly PickedFile[]): FileEntry[] {
  return files.map(({ path, file }) => ({ path, size: file.size, modified: file.lastModified }));
}
