/** The finished parts of a parcel of ours, believed only as far as our own signatures go. */
import { fromBase64 } from '../../shared/bytes/base64.ts';
import { Problem } from '../../shared/problem/problem.ts';
import type { FinishedParts } from '../../shared/protocol/messages.ts';
import { openPartStatement } from '../../shared/statements/part-statement.ts';
import type { FinishedPart } from './mailbox.ts';

/** Signatures checked at the same time. */
const AT_ONCE = 64;

/** One page of the list: parts above `after`, by rising number. Problems `signature-wrong`, `note-invalid`, `statement-mismatch`, `encoding-invalid`. */
export async function verifyFinished(
  parts: FinishedParts['parts'],
  { parcel, key, after }: { readonly parcel: string; readonly key: Uint8Array; readonly after: number },
): Promise<FinishedPart[]> {
  const all: FinishedPart[] = [];
  for (let first = 0; first < parts.length; first += AT_ONCE) {
    const batch = parts.slice(first, first + AT_ONCE);
    const statements = await Promise.all(batch.map(({ statement }) => openPartStatement(statement, key)));
    for (const [i, statement] of statements.entries()) {
      const last = all.at(-1)?.statement.part ?? after;
      if (statement.parcel !== parcel || statement.part <= last) throw new Problem('statement-mismatch');
      const { record } = batch[i]!;
      all.push({ statement, record: record === null ? null : fromBase64(record) });
    }
  }
  return all;
}
