/** What there is to send: made by a first sending from the person's files, by a later one from the ledger and the files. */
import type { SigningKey } from '../../shared/crypto/ed25519.ts';
import type { Opening } from '../../shared/statements/opening.ts';
import type { ParcelPlan } from './parcel-plan.ts';
import type { PartsThere } from './parts-there.ts';

export interface Prepared {
  readonly plan: ParcelPlan;
  readonly opening: Pick<Opening, 'parcel' | 'partSize'>;
  readonly mailbox: SigningKey;
  /** age recipients. */
  readonly recipients: readonly string[];
  /** 0 for the first sending. */
  readonly writer: number;
  readonly there: PartsThere;
  /** Seals the progress records; null when there is no ledger. */
  readonly listKey: Uint8Array | null;
  /** The hash that the ledger has of a payload file: of the message and of small ones. */
  readonly knownHash: (index: number) => Uint8Array | null;
}
