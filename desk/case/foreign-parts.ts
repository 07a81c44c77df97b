/** Looks whether bytes that do not belong to a parcel are a part of another one in the same bundle. Read only when needed; believed for nothing else. */
import { parseEnvelope } from '../../shared/protocol/envelope.ts';
import { unverifiedPartStatement } from '../../shared/statements/part-statement.ts';
import type { FindForeign } from './bad-parts.ts';
import { parcelFolder, readEnvelopeText } from './bundle.ts';
import type { Bundle } from './bundle.ts';

/** A search through all parcels of a bundle but `parcel`. */
export function createForeignSearch(bundle: Bundle, parcel: string): FindForeign {
  let index: Promise<Map<string, { parcel: string; part: number }>> | null = null;

  async function readAll(): Promise<Map<string, { parcel: string; part: number }>> {
    const found = new Map<string, { parcel: string; part: number }>();
    for (const other of bundle.parcels.filter((id) => id !== parcel)) {
      const text = await readEnvelopeText(parcelFolder(bundle, other));
      for (const statement of statementsIn(text)) found.set(statement.sha256, { parcel: other, part: statement.part });
    }
    return found;
  }

  return async (sha256) => (await (index ??= readAll())).get(sha256) ?? null;
}

function* statementsIn(text: string | null): Generator<{ sha256: string; part: number }, void, undefined> {
  try {
    for (const note of parseEnvelope(text ?? '').parts) yield unverifiedPartStatement(note);
  } catch {
    // An envelope that cannot be read names no parts; it is a finding of its own parcel.
  }
}
