/** What `desk report` says, and its page of help. */
import { count } from '../terminal/amounts.ts';
import { printable } from '../terminal/printable.ts';

export const REPORT_HELP = `desk report BAG --keys DIR [--timestamp-request] [--role ROLE] [--cases DIR]
desk report BAG --keys DIR --timestamp FILE

For the moment before a bag is handed over. Hashes every file of a bag that desk extract wrote (SHA-256 and SHA-512), holds it against the report that was signed then, and
writes a new report into BAG/custody: report.json, report.html, report.pdf, all signed (report.note), with the list of events. The files of the
source are not touched; an earlier report is kept in custody/earlier. Exit code 1 when a file is not as it was.

  --timestamp-request  write custody/report.tsq too, a request (RFC 3161) to carry to a time-stamping authority
  --timestamp FILE     put the authority's answer beside the report as custody/report.tsr; nothing else is written
  --role ROLE          who acts, as the case log calls it: a role, never a name (default: staff)
  --cases DIR          where the case logs are (default: DIR/cases of the keys)
`;

export function reportedText(
  bag: string,
  { parcel, sha256, changed }: { parcel: string; sha256: string; changed: number },
  stamp: boolean,
): string {
  const lines = [
    `${parcel}  ${changed === 0 ? 'as it was' : `CHANGED: ${count(changed, 'file')} not as they were`}`,
    `  report: ${printable(bag)}/custody/report.pdf (SHA-256 of report.json: ${sha256})`,
    ...(stamp ? [`  carry to a time-stamping authority: ${printable(bag)}/custody/report.tsq`] : []),
  ];
  return `${lines.join('\n')}\n`;
}

export function stampedText(bag: string): string {
  return `The time stamp lies in ${printable(bag)}/custody/report.tsr. Its form is right; whom to trust is for openssl ts -verify.\n`;
}
