/** Bounds that sender, server and staff agree on. */

/** Most bytes an age header may have: sixteen hybrid recipients are under 32 KiB. */
export const MAX_HEADER_SIZE = 65_536;

/** Most bytes of ciphertext that one part of `partSize` plaintext bytes may have: header, nonce, and a tag for each 64 KiB chunk. */
export function maxPartCiphertext(partSize: number): number {
  return MAX_HEADER_SIZE + 16 + partSize + 16 * Math.max(1, Math.ceil(partSize / 65_536));
}

/** Longest message, in bytes of UTF-8. */
export const MAX_MESSAGE_BYTES = 1_048_576;

/** Most bytes of a JSON request body on the API. */
export const MAX_JSON_BYTES = 262_144;

/** Most bytes of envelope.json: the statements of as many parts as a parcel may have, and room to spare. */
export const MAX_ENVELOPE_BYTES = 67_108_864;

/** Most bytes of one page of a ledger's head, sealed, and most pages: a million files with long names fit. */
export const MAX_LEDGER_PAGE_BYTES = 262_144;
export const MAX_LEDGER_PAGES = 4_096;

/**
 * Most pages that the ledger of a submission of `size` bytes, padding included, can need: a file's entry is shorter than what the stream says of
 * the file besides its content, the head is at most twice as long as its entries or 65,536 bytes, and a page holds a little less than its size.
 */
export function mostLedgerPages(size: number): number {
  return Math.min(MAX_LEDGER_PAGES, Math.ceil((2 * size + 65_536) / (MAX_LEDGER_PAGE_BYTES - 68)));
}

/** Most bytes of a progress record, sealed: it travels in a header, base64, beside the part statement. */
export const MAX_RECORD_BYTES = 8_192;

/** Most times that a parcel may be taken up again. */
export const MAX_WRITER = 1_000_000;

/** Most parcels, and most replies, of one mailbox that an answer shows: the newest. */
export const MAX_MAILBOX_ITEMS = 1_000;

/** The answer about a mailbox is filled up to a multiple of so many bytes. */
export const MAILBOX_PADDING = 32_768;

/** Most plaintext bytes of a reply, padding included: what a browser can be asked to fetch and to keep until it is saved. */
export const MAX_REPLY_SIZE = 4_294_967_296;
