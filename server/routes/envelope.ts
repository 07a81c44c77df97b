/** envelope.json as a stream: a hundred thousand part statements are read in pages, never all at once. */
import { toBase64Url } from '../../shared/bytes/base64.ts';
import { formatEnvelope } from '../../shared/protocol/envelope.ts';
import type { Envelope } from '../../shared/protocol/envelope.ts';
import type { Parcel, ParcelsTable } from '../store/parcels.ts';

const PAGE = 2_000;
/** Stands in the text where the part statements go. */
const EMPTY_PARTS = '"parts":[\n';

/**
 * The canonical text of a parcel's envelope, in pieces; only finished parts are in it. `log` is the proof that its receipt is in the log, or
 * null when it is not there yet; left out for replies, of which no receipt goes there.
 */
export async function* envelopeText(
  parcels: ParcelsTable,
  parcel: Parcel,
  log?: string | null,
): AsyncGenerator<string> {
  const { id, mailbox, opening, seal, receipt } = parcel;
  const fields = { parcel: id, mailbox: toBase64Url(mailbox), opening, parts: [], seal, receipt };
  const envelope: Envelope = log === undefined ? { version: 1, ...fields } : { version: 2, ...fields, log };
  const frame = formatEnvelope(envelope);
  const cut = frame.indexOf(EMPTY_PARTS) + EMPTY_PARTS.length;
  yield frame.slice(0, cut);
  let after = -1;
  for (;;) {
    const rows = await parcels.statements(id, after, PAGE);
    if (rows.length === 0) break;
    const lines = rows.map(({ statement }) => JSON.stringify(statement)).join(',\n');
    yield after === -1 ? lines : `,\n${lines}`;
    after = rows.at(-1)!.seq;
  }
  yield frame.slice(cut);
}
