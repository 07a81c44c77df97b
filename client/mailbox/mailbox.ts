/** What a codename opens on the server, as the rest of the client sees it: each answer verified, no token, header or retry to be seen. */
import type { Opening } from '../../shared/statements/opening.ts';
import type { PartStatement } from '../../shared/statements/part-statement.ts';
import type { ReplyOpening } from '../../shared/statements/reply-opening.ts';

/** A submission that was begun and not sealed. */
export interface Unfinished {
  readonly parcel: string;
  /** Signed by the mailbox key. */
  readonly opening: Opening;
  /** How many of its parts the server has whole. */
  readonly finished: number;
  /** Pages of the ledger's head that are there. */
  readonly pages: number;
  /** Which browser goes on with it: claim with one more. */
  readonly writer: number;
}

export interface SealedParcel {
  readonly parcel: string;
  /** The day (YYYY-MM-DD) on which it was sealed, as the server says. */
  readonly day: string;
  readonly collected: boolean;
  /** The receipt note, its signature verified; null once dismissed. */
  readonly receipt: string | null;
}

export interface MailboxLook {
  readonly unfinished: readonly Unfinished[];
  readonly sealed: readonly SealedParcel[];
  /** Only those that the card's reply key signed for this mailbox; by number, then by day, none twice. */
  readonly replies: readonly ReplyOpening[];
  /** How many openings of replies were not: altered, from another key, or for another mailbox. */
  readonly refused: number;
}

/** A part that the server has whole. */
export interface FinishedPart {
  /** Its signature verified. */
  readonly statement: PartStatement;
  /** The sealed progress record that came with it. */
  readonly record: Uint8Array<ArrayBuffer> | null;
}

/**
 * Every call goes on until there is an answer, through outages; it throws the server's Problem when that refuses, and rejects with
 * an AbortError when the link's gate ends. Signs in by itself, again whenever the server asks for it.
 */
export interface Mailbox {
  look(): Promise<MailboxLook>;
  /** From now on the mailbox answers like an unknown one; staff keep what they have or will collect. */
  forget(): Promise<void>;
  /** Deletes an unfinished parcel, or a sealed one. Problem `parcel-collected` when staff have it. */
  withdraw(parcel: string): Promise<void>;
  /** Its receipt is shown no more. */
  dismiss(parcel: string): Promise<void>;
  deleteReply(reply: string): Promise<void>;
  /** `writer` is the current one and 1. Problem `writer-replaced` when another browser was faster, `parcel-sealed`. */
  claim(parcel: string, writer: number): Promise<void>;
  putLedgerPage(parcel: string, page: number, bytes: Uint8Array<ArrayBuffer>): Promise<void>;
  /** Problem `not-found` when the server does not have it, `ledger-damaged` when it is longer than a page. */
  ledgerPage(parcel: string, page: number): Promise<Uint8Array<ArrayBuffer>>;
  /** In order of part, each once. Problems `signature-wrong`, `note-invalid`, `statement-mismatch` when one is not as it must be. */
  finishedParts(parcel: string): Promise<readonly FinishedPart[]>;
  /** Seals a parcel whose parts have all arrived: the last step of a sending that was broken off just before its end. Problem `parts-missing`. */
  seal(unfinished: Unfinished): Promise<void>;
  /** The text of a reply's envelope, nothing in it verified yet. */
  replyEnvelope(reply: string, signal?: AbortSignal): Promise<string>;
  /** The ciphertext of a part: as long as `expected` says and with that hash. Problem `part-damaged` for any other. */
  replyPart(
    reply: string,
    part: number,
    expected: PartStatement,
    signal?: AbortSignal,
  ): Promise<Uint8Array<ArrayBuffer>>;
}
