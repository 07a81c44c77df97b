/** The fixed words of a report: what is and is not proved, how the other side checks, and what the certificate says. */
import type { ParcelState } from '../case/examine.ts';
import type { ReportItem } from './report-item.ts';
import type { ReportProofs } from './report-proofs.ts';

export const NOT_PROVED: readonly string[] = [
  'Who recorded the material, where, when, or that what it shows took place.',
  'That the material was not altered before it was encrypted: by the source, or by a page that somebody else put in the place of ours.',
  'Who the source is. No name, address or precise time of the source was kept. None is in this report, unless a file or its name holds one.',
  'The day of receipt is the word of the server, signed by the key that the key card names. Whoever controlled the server could have given another day; it is not proved against the organisation itself. A proof from the log of receipts with a time stamp of a third party shows that the receipt was there at the time of the stamp, and nothing about how much earlier.',
  'What the server could do: refuse or delay a parcel, know its size and day, give a wrong day, and send the source another page than ours. What it could not do to a parcel that our page made: read it, or change a byte of it without that showing in the signatures of the source.',
  "That the source's key belongs to one person: it proves only that everything under it came from who had that key.",
  'To who cannot decrypt: that the files of the bag are what lies in the encrypted parts. That is the word of the desk, signed; who holds an identity of the organisation can repeat it (How to check).',
  'That no event was taken away from the end of the list of events by who holds the key of the desk. The chain shows events taken away or changed before an event that is there; its last hash, which stands in this report, shows later whether anything up to here was.',
  'Times of events are those of the clock of the desk, which nobody outside confirms.',
  'Times, types and embedded metadata of files are what the files and their names say. They are listed, not judged; a C2PA manifest that is present was not verified.',
  'Anything about a clip that is shown without the rest of its file. For that the desk signs a statement of its own (custody/clip-commitments.note, made by desk bind), and desk prove makes a proof of one clip.',
];

/** What the state of a parcel means. */
export const STATES: Readonly<Record<ParcelState, string>> = {
  complete: 'sealed by the source, and all that it sent is here as its manifest says',
  unfinished: 'not sealed by the source: what is here is not all',
  damaged: 'something is missing, damaged or does not hold: see Gaps and Findings',
  'not-for-us': 'encrypted to keys that this desk does not have',
};

/** What was found of a file. */
export const VERDICTS: Readonly<Record<ReportItem['verdict'], string>> = {
  whole: 'whole: with the hash that the manifest of the source gives it',
  arrived: 'whole, but not proved by a line of the manifest, which is not here',
  'source-could-not-read': "the source's browser could not read all of it; what it could not read is zeros",
  'source-changed': 'changed at the source between two sendings: its bytes are not one version of it',
  differs: 'NOT AS IT SHOULD BE: not what the manifest of the source, or an earlier report, says',
  'not-listed': 'not in the manifest of the source',
  incomplete: 'only a part of it is here',
  missing: 'MISSING: in the manifest or an earlier report, and not here',
};

/** What hashes and signatures prove, and nothing beyond. */
export function proved(facts: {
  proofs: ReportProofs;
  organisation: string;
  items: readonly ReportItem[];
}): readonly string[] {
  const { proofs, organisation, items } = facts;
  const { sealed, received, log, checkpointStamp } = proofs;
  const whole = items.filter(({ verdict }) => verdict === 'whole').length;
  const said: string[] = [];
  if (sealed)
    said.push(
      'Whoever held the key of the source signed the hash of each part that this report names, and sealed the parcel with exactly these parts in this order.',
    );
  else if (proofs.mailbox !== null)
    said.push('Whoever held the key of the source signed the hash of each part that this report names.');
  if (sealed && received !== null)
    said.push(`The server of ${organisation} signed that it received the sealed parcel on the day ${received}.`);
  if (log !== null)
    said.push(
      `That receipt is leaf ${log.index} of the log of receipts that the server signed when it had ${log.size}.`,
    );
  if (checkpointStamp !== null)
    said.push(
      'A time stamp over that state of the log lies beside this report (custody/checkpoint.tsr). Who trusts its authority knows that the receipt existed at the time in it.',
    );
  if (whole > 0)
    said.push(
      `The ${whole.toLocaleString('en')} files that this report calls whole came out of the parts with the hashes that the manifest of the source gives them, and have them still, as the desk signs and anyone can compute.`,
    );
  said.push(
    'This report and its list of events were signed by the desk named in it, for which the root key of the organisation vouches.',
  );
  return said;
}

/** Commands of stock tools, within the bag; they need nothing of ours but the script. */
export function verifyCommands(
  parcel: string,
  proofs: ReportProofs,
  items: readonly ReportItem[],
): readonly { readonly what: string; readonly command: string }[] {
  const lists = [
    ...(items.some(({ sha512 }) => sha512 !== null)
      ? [{ what: 'The files of the bag, by SHA-512.', command: 'sha512sum --check manifest-sha512.txt' }]
      : []),
    ...(proofs.sealed
      ? [
          {
            what: 'The files of the bag, by SHA-256, against the manifest that the source wrote.',
            command: 'sha256sum --check manifest-sha256.txt',
          },
        ]
      : []),
  ];
  return [
    ...lists.map(({ what, command }, i) => ({ what: i === 0 ? [what, ...remarksOn(items)].join(' ') : what, command })),
    ...(proofs.sealed
      ? [
          {
            what: 'The bag with all its tag files, by any BagIt validator (RFC 8493), for instance:',
            command: 'bagit.py --validate .',
          },
        ]
      : []),
    {
      what: 'The report and the other tag files.',
      command: 'sha256sum --check tagmanifest-sha256.txt',
    },
    {
      what: 'The signatures of organisation, desk, source and server, the proof from the log, the events, and the hashes and sizes in this report, by a script that shares no code with the program that made it.',
      command: 'python3 custody/verify_report.py . --root ROOT-KEY-PUBLISHED-BY-THE-ORGANISATION',
    },
    {
      what: 'The same and the encrypted parts as the server gave them out, with the bundle at hand.',
      command: 'python3 custody/verify_report.py . --root ROOT-KEY-PUBLISHED-BY-THE-ORGANISATION --bundle BUNDLE',
    },
    ...(proofs.sealed
      ? [
          {
            what: 'From the encrypted parts to the files, in an empty folder, by who holds an identity of the organisation.',
            command: `for p in BUNDLE/inbox/${parcel}/*.age; do age -d -i identities.txt "$p"; done | tar x`,
          },
        ]
      : []),
    ...(proofs.checkpointStamp === null
      ? []
      : [
          {
            what: 'The time stamp (RFC 3161) on the state of the log.',
            command:
              'openssl ts -verify -data custody/checkpoint.note -in custody/checkpoint.tsr -CAfile AUTHORITY.pem',
          },
        ]),
    {
      what: 'The time stamp on this report, where custody/report.tsr is there.',
      command: 'openssl ts -verify -data custody/report.note -in custody/report.tsr -CAfile AUTHORITY.pem',
    },
  ];
}

function remarksOn(items: readonly ReportItem[]): readonly string[] {
  const encoded = items.some(({ path }) => /[\r\n%]/.test(path));
  const moved = items.some(({ stored }) => stored !== null);
  return [
    ...(encoded
      ? [
          'Names with % or a line break are percent-encoded in manifests, which a BagIt validator undoes and these programs do not.',
        ]
      : []),
    ...(moved ? ['Files that could not keep their names are not found; this report says how they are called.'] : []),
  ];
}

/** The certificate: a form of words, to be adapted to the law of the place. */
export const CERTIFICATE: readonly string[] = [
  'I am responsible, or act under who is responsible, for the process described here, and am qualified by training or experience to certify its results.',
  'The bag to which this report belongs was produced by a process of digital identification: the files that the report calls whole were decrypted from parts whose hashes and signatures were checked, and each was compared with the hash that the manifest of the source gives it. What is not whole or not proved is said under Gaps. The process is regularly used for this; how anyone can repeat it is said in this report.',
  'The record was made and kept in the course of the regularly conducted activity of the organisation, which did not alter the files.',
  'I certify this to the best of my knowledge. I do not certify who recorded the material, nor what it shows.',
];
