/** What is signed about a parcel by others than the desk, as far as it holds: a part of every report. */
import type { LogPlace } from '../case/log-place.ts';
import type { CheckpointStamp } from './checkpoint-stamp.ts';

export interface ReportProofs {
  readonly mailbox: string | null;
  readonly sealed: boolean;
  readonly root: string | null;
  readonly received: string | null;
  readonly receiptKeys: readonly string[];
  /** Where the receipt stands in the public log of the server, when that is proved. */
  readonly log: LogPlace | null;
  /** The checkpoint of that proof with a time stamp of a third party, in custody/checkpoint.note and .tsr; its form was checked, not whose it is. */
  readonly checkpointStamp: CheckpointStamp | null;
}
