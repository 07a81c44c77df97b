/** The fixed words of a report: what is and is not proved, how the other side checks, and what the certificate says. */
import type { ParcelState } from '../case/examine.ts';
import type { ReportItem } from './report-item.ts';

export const NOT_PROVED: readonly string[] = [
  'Who recorded the material, where, when, or that what it shows took place.',
  'That the material was not altered before the source sent it.',
  'Who the source is. No name, address or precise time of the source was kept, and none is in this report.',
  'The day of receipt is the word of the server, signed by the key that the key card names. Whoever controlled the server could have given another day; the day alone is not proved against the organisation itself unless a receipt log or a time stamp of a third party is among the proofs.',
  'What the server could do: refuse or delay a parcel, know its size and day, and give a wrong day. What it could not do: read it, or change a byte of it without that showing in the signatures of the source.',
  "That the source's key belongs to one person: it proves only that everything under it came from who had that key.",
  'That no event was taken away from the end of the list of events by who holds the key of the desk. The chain shows events taken away or changed before an event that is there; its last hash, which stands in this report, shows later whether anything up to here was.',
  'Times, types and embedded metadata of files are what the files and their names say. They are listed, not judged; a C2PA manifest that is present was not verified.',
];

/** What the hashes and signatures prove, and nothing beyond. */
export function proved(facts: {
  sealed: boolean;
  received: string | null;
  organisation: string;
  items: readonly ReportItem[];
  state: ParcelState;
}): readonly string[] {
  const { sealed, received, organisation, items, state } = facts;
  const whole = items.filter(({ verdict }) => verdict === 'whole').length;
  const said: string[] = [];
  if (sealed)
    said.push(
      'The parts of the parcel are those that were sealed by whoever held the key of the source, in this number and order; a single changed byte would show.',
    );
  if (sealed && received !== null && whole > 0 && state !== 'not-for-us')
    said.push(
      `The bytes of the ${whole.toLocaleString('en')} files that this report calls whole existed, unchanged since, on the day ${received} at the server of ${organisation}, as its signed receipt says.`,
    );
  else if (whole > 0)
    said.push(
      `The bytes of the ${whole.toLocaleString('en')} files that this report calls whole are those that the source put into the parcel.`,
    );
  said.push(
    'This report and its list of events were signed by the desk named in it, for which the root key of the organisation vouches.',
  );
  return said;
}

/** Commands of stock tools; they need nothing of ours. */
export function verifyCommands(
  parcel: string,
  items: readonly ReportItem[],
): readonly { readonly what: string; readonly command: string }[] {
  const sha512 = items.some((item) => item.sha512 !== null);
  const encoded = items.some(({ path }) => /[\r\n%]/.test(path));
  return [
    {
      what: `The files of the bag, by ${sha512 ? 'SHA-512 and ' : ''}SHA-256${encoded ? ' (names with % or a line break are percent-encoded in manifests, which a BagIt validator undoes and these programs do not)' : ''}.`,
      command: `${sha512 ? 'sha512sum --check manifest-sha512.txt && ' : ''}sha256sum --check manifest-sha256.txt`,
    },
    {
      what: 'The bag with all its tag files, by any BagIt validator, for instance:',
      command: `bagit.py --validate ${parcel}`,
    },
    { what: 'The tag files alone.', command: 'sha256sum --check tagmanifest-sha256.txt' },
    {
      what: 'The signatures of organisation, desk, source and server, the events and every claim of this report, by a script that shares no code with the program that made it.',
      command: `python3 custody/verify_report.py . --root ROOT-KEY-PUBLISHED-BY-THE-ORGANISATION`,
    },
    {
      what: 'The encrypted parts as the server gave them out, with the bundle at hand.',
      command: `python3 custody/verify_report.py . --bundle BUNDLE`,
    },
    {
      what: 'From the encrypted parts to the bag, by who holds an identity of the organisation.',
      command: `cd BUNDLE/inbox/${parcel} && for p in *.age; do age -d -i identities.txt "$p"; done | tar x`,
    },
    {
      what: 'A time stamp, where there is one (RFC 3161).',
      command: 'openssl ts -verify -queryfile custody/report.tsq -in custody/report.tsr -CAfile AUTHORITY.pem',
    },
  ];
}

/** The certificate: a form of words, to be adapted to the law of the place. */
export const CERTIFICATE: readonly string[] = [
  'I am responsible, or act under who is responsible, for the process described here, and am qualified by training or experience to certify its results.',
  'The bag to which this report belongs was produced by a process of digital identification: the files were decrypted from parts whose hashes and signatures were checked, and each was compared with its recorded hash value. The process is regularly used for this and gives an accurate result; how anyone can repeat it is said in this report.',
  'The record was made and kept in the course of the regularly conducted activity of the organisation. The files were not altered.',
  'I certify this to the best of my knowledge. I do not certify who recorded the material, nor what it shows.',
];
