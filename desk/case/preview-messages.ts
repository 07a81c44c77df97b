/** What the main thread and those that look into parcels say to each other. */
import type { FailureCode } from '../failure.ts';
import type { Finding, FindingCode } from './findings.ts';
import type { Preview } from './preview.ts';

/** A thread starts with this; identities never leave the process. */
export interface PreviewWorkerData {
  /** Of the bundle. */
  readonly folder: string;
  readonly identities: readonly string[];
  readonly receiptKeys: readonly Uint8Array[];
  /** Bytes of a message that are kept; null when all of it is. */
  readonly start: number | null;
}

/** A preview as it goes from thread to thread. */
export type PlainPreview = Omit<Preview, 'findings'> & {
  readonly findings: {
    readonly list: readonly Finding[];
    readonly counts: Readonly<Partial<Record<FindingCode, number>>>;
  };
};

/** The answer to the id of a parcel. */
export type PreviewAnswer =
  | { readonly parcel: string; readonly preview: PlainPreview }
  | {
      readonly parcel: string;
      readonly failure: { readonly code: FailureCode; readonly values: Readonly<Record<string, string | number>> };
    };
