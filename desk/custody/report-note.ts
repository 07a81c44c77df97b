/** The desk's signature under a report: a signed note with the hashes of its three forms and of the last event that it tells of. */
import { createHash } from 'node:crypto';
import type { SigningKey } from '../../shared/crypto/ed25519.ts';
import { writeFields } from '../../shared/statements/fields.ts';
import { signNote } from '../../shared/statements/note.ts';

/** See docs/protocol.md, "Custody report". */
export function signReport(
  report: { parcel: string; json: Uint8Array; html: Uint8Array; pdf: Uint8Array; lastEvent: string },
  desk: SigningKey,
): Promise<string> {
  const text = writeFields('postern/report/v1', [
    ['parcel', report.parcel],
    ['json', sha256Hex(report.json)],
    ['html', sha256Hex(report.html)],
    ['pdf', sha256Hex(report.pdf)],
    ['last-event', report.lastEvent],
  ]);
  return signNote(text, 'postern-desk', desk);
}

export function sha256Hex(bytes: Uint8Array): string {
  return createHash('sha256').update(bytes).digest('hex');
}
