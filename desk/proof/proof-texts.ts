/** What `desk prove` and `desk verify-clip` say, and the text that goes with every proof. */
import { count, formatSize } from '../terminal/amounts.ts';
import { printable } from '../terminal/printable.ts';
import { CLIP_FAULTS } from './clip-fault.ts';
import type { ClipFaultCode } from './clip-fault.ts';
import type { Clip } from './clip-proof.ts';
import type { FoundReceipt } from './find-receipt.ts';
import { formatTime } from './span/clip-place.ts';
import type { Span } from './span/span.ts';
import type { ProvedClip } from './verify-clip.ts';

export const BIND_HELP = `desk bind BAG --keys DIR

Signs for every file of a bag that extract wrote, so that desk prove can show a clip of one later: reads each file once and writes
custody/clip-commitments.note, which shows nothing but how many files there are. Have it time-stamped, or publish its SHA-256,
before you publish footage.
`;

export const PROVE_HELP = `desk prove FILE --keys DIR --from PLACE --to PLACE --out OUT [--also FROM-TO]... [--name] [--hash] [--receipt BUNDLE]
           [--cases DIR] [--role NAME]

Proves that a clip is part of a file that was received, without showing the rest. FILE lies in a bag that extract
wrote and desk bind signed for. OUT, which must not exist, gets the bytes, the proof, and verify_clip.py, by which
anybody can check it with Python and openssl.

  --from, --to      times of a film or a recording (MP4, QuickTime, WebM, Matroska), as 01:05.2 or 1:02:03; or bytes,
                    as 12345: the first of the clip, and the one after its last
  --also FROM-TO    another range, of times or of bytes, in the same proof; may be given several times
  --name            tell the path of the file too
  --hash            tell the SHA-256 of the whole file too
  --receipt BUNDLE  tell the parcel, and add the server's receipt from BUNDLE, which gives the day it came, with the proof
                    that it stands in the server's log where there is one. Somebody who has the source's codename can
                    find the parcel by that
  --cases DIR       folder of the logs in which each act at this desk is noted, encrypted (default: KEYS/cases)
  --role NAME       who acts, for that log (default: staff)

Of times are shown: pictures and sound from the last key picture at or before --from to the picture at --to, and the head
of the file without which nothing plays. The head holds what the camera wrote there, often its make, the day, and the
place; and the length of the whole film. Up to 64 KiB on either side of each range is shown with it, for the proof speaks
of whole chunks. The size of the file and the number of files in its parcel are shown always.
`;

export const VERIFY_CLIP_HELP = `desk verify-clip FOLDER --root KEY [--write FILE]

Checks a proof that desk prove wrote. Needs no keys but the public root key of the organisation, which must come from the
organisation itself. Exit code 1 when the proof does not hold.

  --root KEY    as desk root prints it
  --write FILE  write the proved bytes to the new file FILE: one range as it is; of several, each at its place in a file
                as large as the original, with zeros between: a film plays there over the times that were proved
`;

/** `spans`: the times of the clip, where it was found by time. */
export function proofReadme(spans: readonly Span[]): string {
  return `A clip, and the proof that it is part of a file which an organisation received

shown.bin       the bytes that are shown: whole chunks of 64 KiB, in their order
proof.txt       which bytes of the file they are, and the hashes that tie them to the statement
statement.note  what the desk of the organisation signed about all files of the parcel, on the day it names
desk.note       the organisation's root key names the desk
card.note, receipt.note
                if they are here: the server's signed word of the day on which it had the parcel, encrypted
receipt.tlog-proof
                if it is here: the proof that this receipt stands in the server's public log (c2sp.org/tlog-proof)

To check it, take the root key and verify_clip.py from the organisation itself or from the releases of Postern, not from whoever gave
you this folder, and run
    python3 verify_clip.py FOLDER --root KEY --write CLIP

If that says "proved", then
- these bytes are those from the first to the last named one of a file of the named size, unchanged and in one piece;
- the desk that the root key names has signed for that file, by its own clock on the named day. A time stamp of statement.note, or its
  publication, proves that this was no later;
- with a receipt: the server had a sealed parcel of this number, with this root over its encrypted parts, on the named day. Where its place
  in the server's log is proved, and somebody outside has kept a checkpoint of that log, it was there no later than that.
${spans.length === 0 ? '' : PLAYS + spans.map((span) => `    ${timesOf(span)}\n`).join('')}
It does not show who made the footage, when, or that what it shows is true. That the file came out of that parcel is the word of the desk:
only who can decrypt the parcel can check that. Nothing is proved about bytes that are not shown.
`;
}

const PLAYS = `
CLIP is then a film as long as the whole one, with nothing in it but the pictures and the sound of these times. Players show them when
told to begin there (ffplay -ss TIME CLIP):
`;

function timesOf({ first, last }: Span): string {
  return `${formatTime(first)} to ${formatTime(last)}`;
}

export function boundText(statement: string, sha256: string): string {
  return `Signed for all files: ${printable(statement)}
Its SHA-256: ${sha256}
It names no file and no parcel. Have it time-stamped, or publish the hash, before you publish footage.
`;
}

export function provedText(
  out: string,
  {
    clips,
    spans,
    shown,
    size,
    open,
    receipt,
  }: {
    clips: readonly Clip[];
    spans: readonly Span[];
    shown: number;
    size: number;
    open: readonly string[];
    receipt: FoundReceipt | null;
  },
): string {
  const ranges = clips.map(({ from, to }) => `  bytes ${from} to ${to} (${formatSize(to - from)})\n`).join('');
  const told = open.length === 0 ? '' : ` Told besides: ${open.join(', ')}.`;
  const times = spans.map((span) => `They show pictures or sound from ${timesOf(span)}.\n`).join('');
  const head = 'With them goes the head of the file: what the camera wrote there, and the length of the whole.\n';
  const log = receipt === null || receipt.log !== null ? '' : NO_LOG;
  return `Wrote a proof of ${count(clips.length, 'range')} to ${printable(out)}:
${ranges}of a file of ${size} bytes. With them, ${formatSize(shown)} in whole chunks can be seen.${told}
${times === '' ? '' : times + head}${log}Look at shown.bin before you give the folder away. README.txt in it tells how to check it.
`;
}

const NO_LOG = `The bundle has no proof that holds that the receipt stands in the server's log; a later pull may bring one.
`;

export function clipHoldsText(clip: ProvedClip): string {
  const lines = [
    ...clip.clips.map(({ from, to }) => `Proved: bytes ${from} to ${to} of a file of ${clip.size} bytes.`),
    `The desk ${printable(clip.desk)} of the organisation signed for the file on ${clip.day}.`,
    ...(clip.name === null ? [] : [`Its name: ${printable(clip.name)}`]),
    ...(clip.sha256 === null ? [] : [`Its SHA-256: ${clip.sha256}`]),
    ...(clip.parcel === null ? [] : [`Its parcel: ${clip.parcel}`]),
    ...(clip.seal === null ? [] : [`Root of the seal: ${clip.seal}`]),
    ...(clip.received === null
      ? []
      : [
          `The server had the parcel on ${clip.received}.`,
          clip.logged === null ? NOT_LOGGED : loggedText(clip.logged),
        ]),
  ];
  return `${lines.join('\n')}\n`;
}

const NOT_LOGGED = "It is not proved here that this receipt stands in the server's public log.";

function loggedText({ origin, index, size, root }: NonNullable<ProvedClip['logged']>): string {
  return `Its receipt is leaf ${index} of the server's log ${origin}, of ${size} leaves under the root ${root}.`;
}

export function clipFaultText(code: ClipFaultCode): string {
  return `Not proved (${code}): ${CLIP_FAULTS[code]}.\n`;
}
