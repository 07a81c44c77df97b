/** What the viewer's page asks of its server on 127.0.0.1, and the answers: types alone, so that both sides keep to them. */

/** `GET /api/start`: what the page needs before it shows anything. */
export interface Start {
  readonly organisation: string;
  readonly demo: boolean;
  /** Name of the bundle's folder. */
  readonly bundle: string;
  /** The UTC day by this machine's clock, `YYYY-MM-DD`. */
  readonly today: string;
  /** Why the clock cannot be right, as a sentence; null when nothing speaks against it. */
  readonly clock: string | null;
  /** Origin of the content listener, `http://127.0.0.1:PORT`; nothing that a source sent comes from any other. */
  readonly content: string;
  /** Parcels in the bundle. */
  readonly parcels: number;
  /** About the bundle as a whole. */
  readonly findings: readonly FindingView[];
  /** False when a reply could not be written, with the reason as a sentence in `whyNot`. */
  readonly canReply: boolean;
  readonly whyNot: string | null;
  /** The one folder of this machine that files are exported to and attachments taken from; null when the viewer was started without one. */
  readonly exchange?: string | null;
}

export interface FindingView {
  readonly code: string;
  readonly kind: 'damage' | 'foreign' | 'unfinished' | 'remark';
  readonly sentence: string;
}

/** `GET /api/conversations?after=ID&search=TEXT&unseen=1`: a page of at most 200, in the order of the bundle. */
export interface ConversationPage {
  readonly conversations: readonly ConversationSummary[];
  /** For `after` of the next page; null when this was the last. */
  readonly next: string | null;
  /** How many there are in all that match. */
  readonly total: number;
  /** While the bundle is still being looked through: parcels; null when all of it has been. */
  readonly reading?: { readonly done: number; readonly total: number } | null;
}

export interface ConversationSummary {
  /** The mailbox key, or `unproved` for parcels of which it is not proved who opened them. */
  readonly id: string;
  /** Day of the latest entry; null when none is known. */
  readonly day: string | null;
  readonly submissions: number;
  readonly replies: number;
  readonly unseen: number;
  /** Bytes of all submissions, padded. */
  readonly bytes: number;
  /** First line of the source's latest message; null when none can be read. */
  readonly message: string | null;
  /** The gravest state among its submissions. */
  readonly state: SubmissionState;
  readonly labels: readonly string[];
}

export type SubmissionState = 'sealed' | 'unfinished' | 'damaged' | 'not-for-us';

/** `GET /api/conversations/ID`. */
export interface ConversationView {
  readonly id: string;
  readonly entries: readonly EntryView[];
  /** Submissions of it beyond those shown, which are the first in the order of the bundle. */
  readonly more?: number;
}

export type EntryView =
  | { readonly kind: 'submission'; readonly submission: SubmissionView }
  | { readonly kind: 'reply'; readonly reply: ReplyView };

export interface SubmissionView {
  readonly parcel: string;
  readonly state: SubmissionState;
  readonly begun: string | null;
  readonly received: string | null;
  readonly size: number | null;
  readonly parts: { readonly total: number; readonly stated: number };
  /** Files that the bag announces, the message not counted; null when it cannot be read. */
  readonly files: number | null;
  readonly message: { readonly text: string; readonly whole: boolean } | null;
  readonly findings: readonly FindingView[];
  readonly marks: Marks;
}

/** What staff put to a submission; kept in the encrypted case file. */
export interface Marks {
  readonly seen: boolean;
  readonly labels: readonly string[];
  readonly note: string;
}

export interface ReplyView {
  readonly number: number;
  readonly day: string | null;
  /** Null when it cannot be read here. */
  readonly message: string | null;
  readonly files: readonly { readonly name: string; readonly size: number }[] | null;
  readonly inOutbox: boolean;
  /** The day on which the server had it. */
  readonly delivered: string | null;
}

/** `GET /api/parcels/PARCEL/files?after=INDEX&search=TEXT`: a page of at most 1,000, in the order of the archive. */
export interface FilePage {
  readonly files: readonly FileView[];
  readonly next: number | null;
  /** How many match among those found so far. */
  readonly total: number;
  /** While the archive is still being looked through: bytes of it; null when all of it has been. */
  readonly reading: { readonly done: number; readonly total: number } | null;
  /** Why not all files that the archive may hold are here, as a sentence; null when nothing stands in the way. */
  readonly cut?: string | null;
}

/** How a file can be shown, by its own first bytes and never by its name. */
export type FileKind = 'image' | 'video' | 'audio' | 'pdf' | 'text' | 'other';

export interface FileView {
  /** Its number in the archive. */
  readonly index: number;
  /** Path below `data/files/`, as the source's machine had it: it may hold any character. */
  readonly path: string;
  readonly size: number;
  readonly kind: FileKind;
  /** Media type by its first bytes; `application/octet-stream` when unknown. */
  readonly type: string;
  /** False when parts that it lies in are not here. */
  readonly whole: boolean;
  /** Address on the content listener, good until the viewer ends. */
  readonly href: string;
}

/** `POST /api/parcels/PARCEL/marks`: what is given replaces what was; answered with all of it. */
export type MarksChange = Partial<Marks>;

/** `POST /api/parcels/PARCEL/reply`: to the source of this parcel. `attachments` are paths on this machine. */
export interface ReplyDraft {
  readonly message: string;
  readonly attachments: readonly string[];
}

/** `POST /api/parcels/PARCEL/verify|extract`: long work, done one after the other; answered with a Job. */
export interface ExtractOrder {
  /** An existing folder of this machine. */
  readonly out: string;
  /** Numbers of the files; null for the whole bag. */
  readonly files: readonly number[] | null;
}

/** `GET /api/jobs/ID`; `DELETE` stops it. */
export interface Job {
  readonly id: string;
  readonly kind: 'verify' | 'extract';
  readonly parcel: string;
  readonly state: 'waiting' | 'running' | 'done' | 'failed' | 'stopped';
  readonly done: number;
  readonly total: number;
  /** What came of it, in sentences. */
  readonly sentences: readonly string[];
  /** What every byte of the submission was found to be; null until it is done. */
  readonly found: SubmissionState | null;
  readonly folder: string | null;
}

/** Every error: HTTP status of 4xx or 5xx with this. */
export interface Refusal {
  readonly code: string;
  readonly sentence: string;
  readonly hint: string | null;
}
