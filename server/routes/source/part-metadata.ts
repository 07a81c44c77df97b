/** What comes beside the statement in Upload-Metadata: which browser sends, and the progress record of a part that is created. */
import { Problem } from '../../../shared/problem/problem.ts';
import { MAX_RECORD_BYTES, MAX_WRITER } from '../../../shared/protocol/limits.ts';

export interface PartMetadata {
  /** Null when it is not said. */
  readonly writer: number | null;
  readonly record: Uint8Array | null;
}

/** Reads `writer` and `record`; all else in the header is the tus library's to read. Problems `bad-request`, `limit-exceeded`. */
export function readPartMetadata(header: string | string[] | undefined): PartMetadata {
  const text = typeof header === 'string' ? header : '';
  const said = valueOf(text, 'writer');
  const writer = said === null ? null : Buffer.from(said, 'base64').toString('latin1');
  if (writer !== null && !(/^(?:0|[1-9]\d{0,6})$/.test(writer) && Number(writer) <= MAX_WRITER))
    throw new Problem('bad-request');
  const encoded = valueOf(text, 'record');
  const record = encoded === null ? null : Buffer.from(encoded, 'base64');
  if (record !== null && record.length > MAX_RECORD_BYTES) throw new Problem('limit-exceeded');
  return { writer: writer === null ? null : Number(writer), record };
}

/** The base64 under a name, or null. */
function valueOf(header: string, name: string): string | null {
  const pair = header.split(',').find((each) => each.startsWith(`${name} `));
  return pair?.slice(name.length + 1) ?? null;
}
