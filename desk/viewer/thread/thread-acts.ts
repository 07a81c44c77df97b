/** What can be done from within a conversation; the page does it. */
import type { FileView, SubmissionView } from '../api.ts';

export interface ThreadActs {
  readonly onFiles: (submission: SubmissionView) => void;
  readonly onReply: (submission: SubmissionView) => void;
  readonly onExport: (parcel: string, files: readonly FileView[] | null) => void;
  readonly onVerify: (parcel: string) => void;
  /** Something was marked: lists may differ now. */
  readonly onChanged: () => void;
}
