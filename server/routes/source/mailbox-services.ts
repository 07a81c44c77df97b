/** What the addresses of a mailbox are built from. */
import type { Admission } from '../../guard/admission.ts';
import type { MailboxTokens } from '../../guard/mailbox-tokens.ts';
import type { BlobStore } from '../../store/blob-store.ts';
import type { LedgersTable } from '../../store/ledgers.ts';
import type { MailboxesTable } from '../../store/mailboxes.ts';
import type { ParcelsTable } from '../../store/parcels.ts';
import type { PartsTable } from '../../store/parts.ts';

export interface MailboxServices {
  readonly tokens: MailboxTokens;
  readonly admission: Admission;
  readonly mailboxes: MailboxesTable;
  readonly ledgers: LedgersTable;
  readonly parcels: ParcelsTable;
  readonly parts: PartsTable;
  readonly blobs: BlobStore;
  /** Throws Problem `storage-full` when no more bytes should be taken. */
  readonly checkRoom: () => Promise<void>;
  readonly today: () => string;
  /** Whether a codename shows that staff have collected what was sent. */
  readonly showCollected: boolean;
}
