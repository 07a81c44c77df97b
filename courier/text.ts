/** The courier's help, and numbers as people read them. */

export const HELP = `Postern courier: carries ciphertext from the server to a bundle for the desk. It can open none of it.

  courier enrol FILE [--label NAME]
      Makes a key for this machine in FILE and prints the line that the server's operator
      adds to couriers.txt. If FILE is there already, prints its line again.

  courier pull BUNDLE --server URL --key FILE
      Fetches into the folder BUNDLE what is new or was unfinished. May be stopped or cut off
      at any moment; run it again and it goes on where it was.
        --server URL    the staff address; or POSTERN_STAFF_URL
        --key FILE      made by enrol; or POSTERN_COURIER_KEY
        --lanes N       downloads at once, 1 to 16 (4)
        --patience S    seconds to keep trying while the server is away (600)
      A sealed parcel that is whole in BUNDLE then counts as collected on the server.

  courier push BUNDLE --server URL --key FILE
      Brings the replies that the desk put into BUNDLE to the server. May be stopped or cut off
      as well; what is there already is not sent again. Options as for pull.

  courier checkpoint BUNDLE --server URL --key FILE [--root KEY]
      Fetches the server's newest signed word on its log of receipts, holds it against the last
      one in BUNDLE, and keeps it in checkpoints/ with a request for a time stamp (RFC 3161).
        --root KEY      the public root key that the card in BUNDLE must be signed by
  courier checkpoint BUNDLE --answer FILE
      Keeps what a time-stamping authority answered beside the checkpoint that it is about.

  courier status --server URL --key FILE
      Says how much the server holds.

  courier delete PARCEL… --server URL --key FILE [--yes]
      Deletes parcels, or replies, from the server for good. PARCEL is an id, or at least the
      first 8 digits of one. Asks first; --yes answers, and is needed where nobody can.

  courier help

  --json   one JSON document on standard output instead of words

Exit codes: 0 all is well; 1 there is something to look at: not as it was signed, not whole, not there;
2 wrong usage; 3 it cannot be done now (server away, disk full, key refused).`;

const UNITS = ['B', 'kB', 'MB', 'GB', 'TB'] as const;

/** `6.0 GB`, `312 kB`: powers of 1000, as disks are sold. */
export function bytesInWords(bytes: number): string {
  let value = bytes;
  let unit = 0;
  while (value >= 999.5 && unit < UNITS.length - 1) {
    value /= 1000;
    unit++;
  }
  return `${unit === 0 || value >= 99.95 ? Math.round(value) : value.toFixed(1)} ${UNITS[unit]}`;
}

/** `0:41`, `2:07:15`. */
export function durationInWords(seconds: number): string {
  const whole = Math.max(0, Math.round(seconds));
  const two = (value: number) => String(value).padStart(2, '0');
  const hours = Math.floor(whole / 3600);
  const minutes = Math.floor(whole / 60) % 60;
  return hours > 0 ? `${hours}:${two(minutes)}:${two(whole % 60)}` : `${minutes}:${two(whole % 60)}`;
}

/** `1 parcel`, `3 parcels`. */
export function countInWords(count: number, one: string, many = `${one}s`): string {
  return `${count} ${count === 1 ? one : many}`;
}

// oxlint-disable-next-line no-control-regex -- these are exactly what must not reach a terminal
const UNSAFE = /[\u0000-\u001f\u007f-\u009f\p{C}\p{Zl}\p{Zp}\\]/gu;

/** A name that somebody else chose, safe for a terminal: what would steer it stands there as `\u{1b}`. */
export function nameInWords(name: string): string {
  const safe = name.slice(0, 300).replaceAll(UNSAFE, (each) => `\\u{${each.codePointAt(0)!.toString(16)}}`);
  return safe.length > 100 ? `${safe.slice(0, 99)}…` : safe;
}

/** JSON in one line, in which such names steer nothing either; it means the same. */
export function jsonInWords(value: object): string {
  return JSON.stringify(value).replaceAll(/[\u007f-\u009f\p{C}\p{Zl}\p{Zp}]/gu, (each) =>
    Array.from({ length: each.length }, (_, i) => `\\u${each.charCodeAt(i).toString(16).padStart(4, '0')}`).join(''),
  );
}
