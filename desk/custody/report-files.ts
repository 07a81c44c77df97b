/** The files of a report, ready to be written into a folder custody/: data, page, print, signature, and what is needed to check them without a network. */
import { utf8Encode } from '../../shared/bytes/utf8.ts';
import type { SigningKey } from '../../shared/crypto/ed25519.ts';
import { printableJson } from '../terminal/printable.ts';
import { asset } from '../assets.ts';
import type { CaseLog } from './case-log.ts';
import type { Report } from './report-data.ts';
import { reportHtml } from './report-html.ts';
import { sha256Hex, signReport } from './report-note.ts';
import { reportPage } from './report-page.ts';

/** The names of what a report consists of; a later report moves those of an earlier one away. */
export const REPORT_FILES = [
  'report.json',
  'report.html',
  'report.pdf',
  'report.note',
  'events.txt',
  'report.tsq',
  'report.tsr',
] as const;

/** By name; and the SHA-256 of report.json. */
export async function reportFiles(
  report: Report,
  input: {
    log: CaseLog;
    desk: SigningKey;
    deskNote: string;
    /** card.note and envelope.json as they lay in the bundle. */
    statements: ReadonlyMap<string, string>;
  },
): Promise<{ files: ReadonlyMap<string, Uint8Array>; sha256: string }> {
  const { log, desk, deskNote, statements } = input;
  const title = `Custody report of ${report.parcel}`;
  const sections = reportPage(report, log.events());
  const json = utf8Encode(`${printableJson(JSON.stringify(report, null, 1))}\n`);
  const html = utf8Encode(reportHtml(title, sections));
  // Loaded only when there is something to set: every other command of the desk starts without it.
  const { reportPdf } = await import('./report-pdf.ts');
  const pdf = await reportPdf(title, sections, new Date(report.made.time));
  const note = await signReport({ parcel: report.parcel, json, html, pdf, lastEvent: report.events.head }, desk);
  const files = new Map<string, Uint8Array>([
    ['report.json', json],
    ['report.html', html],
    ['report.pdf', pdf],
    ['report.note', utf8Encode(note)],
    ['events.txt', utf8Encode(log.openText())],
    ['desk.note', utf8Encode(deskNote)],
    ['verify_report.py', await asset('report-check')],
    ...[...statements].map(([name, text]) => [name, utf8Encode(text)] as const),
  ]);
  return { files, sha256: sha256Hex(json) };
}
