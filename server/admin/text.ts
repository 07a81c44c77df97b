/** The operator's help, and numbers as people read them. */

export const HELP = `Postern admin: looks after what the server keeps. Runs with the server's settings, beside it or while it is stopped.

  admin stats
      Says in round numbers what there is.

  admin fsck [--rate 50M] [--quick] [--recount]
      Checks all of it: every blob, its hash, every signature. May run beside the server; it
      changes nothing, and names each fault with what to do.
        --rate R     reads no more than so many bytes a second (500k, 50M, 1G)
        --quick      reads no bytes, and compares lengths and signatures only
        --recount    first counts anew what quotas go by

  admin gc [--dry-run]
      Takes away now what the server would at its next look: what was kept for its days, and
      blobs that no row names. --dry-run only says how much that is.

  admin retention [--apply]
      Says what is kept how long, and what goes in the next two weeks; --apply takes away
      what is due now.

  admin courier list
  admin courier add KEY LABEL      (or the line that “courier enrol” prints)
  admin courier remove KEY|LABEL
      Who of the staff may collect: edits couriers.txt. Holds from the next request on; a courier
      that is removed is signed out by it.

  admin log
      Says how the log of receipts stands.
  admin log resume CHECKPOINT
  admin log new
      After a restore nothing is published until you say how to go on: with the log as it is,
      if the newest checkpoint that anybody has (a file of a courier's) is not beyond it; or
      with a new one, which couriers and desks will see, and into which all receipts go again.

  admin backup FOLDER [--rate 50M]
      Brings the backup in a folder up to now, beside a running server: complete, or as it was.
  admin backup --check FOLDER [--rate 50M]
      Reads a backup: every file, every part, every seal. Needs no server and no settings.
  admin restore FOLDER [--damaged]
      Into an empty data folder, database and store, which the settings name. With --damaged all
      that is whole in a backup that is not.
  admin help

  --json   one JSON document on standard output instead of words

Exit codes: 0 all is well; 1 there is something to look at; 2 wrong usage; 3 it cannot be done now.`;

const UNITS = ['B', 'kB', 'MB', 'GB', 'TB', 'PB'] as const;

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

/** `1 parcel`, `3 parcels`. */
export function countInWords(count: number, one: string, many = `${one}s`): string {
  return `${count} ${count === 1 ? one : many}`;
}

/** JSON in one line, in which nothing that somebody else chose steers the terminal; it means the same. */
export function jsonInWords(value: object): string {
  return harmless(JSON.stringify(value));
}

/** Words for the terminal: what would steer it is written out. */
export function harmless(words: string): string {
  return words.replaceAll(/[^\n\P{C}]|[\p{Zl}\p{Zp}]/gu, (each) =>
    Array.from({ length: each.length }, (_, i) => `\\u${each.charCodeAt(i).toString(16).padStart(4, '0')}`).join(''),
  );
}
