/** What comes beside the statement in the Upload-Metadata of a creation: which browser sends, and its progress record. */
import { Problem } from '../../../shared/problem/problem.ts';
import { MAX_RECORD_BYTES, MAX_WRITER } from '../../../shared/protocol/limits.ts';

export interface PartMetadata {
  /** 0 when it is not said: the first browser. */
  readonly writer: number;
  readonly record: Uint8Array | null;
}

/** Reads `writer` and `record`; all else in the header is the tus library's to read. Problems `bad-request`, `limit-exceeded`. */
export function readPartMetadata(header: string | string[] | undefined): PartMetadata {
  const text = typeof header === 'string' ? header : '';
  const writer = Buffer.from(valueOf(text, 'writer') ?? 'MA==', 'base64').toString('latin1');
  if (!/^(?:0|[1-9]\d{0,6})$/.test(writer) || Number(writer) > MAX_WRITER) throw new Problem('bad-request');
  const encoded = valueOf(text, 'record');
  const record = encoded === null ? null : Buffer.from(encoded, 'base64');
  if (record !== null && record.length > MAX_RECORD_BYTES) throw new Problem('limit-exceeded');
  return { writer: Number(writer), record };
}

/** The base64 under a name, or null. */
function valueOf(header: string, name: string): string | null {
  const pair = header.split(',').find((each) => each.startsWith(`${name} `));
  return pair?.slice(name.length + 1) ?? null;
}
