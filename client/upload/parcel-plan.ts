/** What is to be sent, fixed before the first byte goes: the layout, and which file of the person's each payload file is. */
import { toHex } from '../../shared/bytes/hex.ts';
import type { Random } from '../../shared/bytes/random.ts';
import { utf8Encode } from '../../shared/bytes/utf8.ts';
import { startOfDay } from '../../shared/parcel/bag.ts';
import { createLayout } from '../../shared/parcel/layout.ts';
import type { Layout } from '../../shared/parcel/layout.ts';
import type { Chosen } from './held-files.ts';
import type { PickedFile } from './submission-types.ts';

export interface ParcelPlan {
  readonly layout: Layout;
  /** One for each of `layout.payload`. */
  readonly files: readonly Blob[];
  /** A payload file as the person chose it. */
  readonly chosen: (index: number) => Chosen;
}

export interface ParcelPlanInput {
  readonly files: readonly PickedFile[];
  readonly message: string | null;
  /** Public key of the mailbox, base64url. */
  readonly sender: string;
  readonly replyRecipient: string;
  /** YYYY-MM-DD. */
  readonly day: string;
  readonly random: Random;
}

/** Problems as of `createLayout`. */
export function planParcel({ files, message, sender, replyRecipient, day, random }: ParcelPlanInput): ParcelPlan {
  const layout = createLayout({
    parcel: toHex(random(16)),
    day,
    sender,
    replyRecipient,
    message,
    // The newsroom learns the day of a message and no more.
    messageModified: startOfDay(day),
    files: files.map(({ path, file }) => ({ path, size: file.size, modified: file.lastModified })),
  });
  const first = message === null ? [] : [new Blob([utf8Encode(message)])];
  const blobs = [...first, ...files.map(({ file }) => file)];
  return {
    layout,
    files: blobs,
    chosen(index) {
      const { path, size, modified } = layout.payload[index]!;
      return { path: files[index - first.length]?.path ?? path, size, modified, file: blobs[index]! };
    },
  };
}
