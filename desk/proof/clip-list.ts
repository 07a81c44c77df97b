/** The desk's own list of what it bound, kept in the bag beside the statement. It is for the desk alone: a proof never holds it. */
import { fromHex } from '../../shared/bytes/hex.ts';
import { Problem } from '../../shared/problem/problem.ts';
import { parseNumber } from '../../shared/statements/fields.ts';
import type { ClipFile } from './clip-file.ts';

export interface ClipList {
  readonly parcel: string;
  /** Root of the seal in hex; null when the parcel was not sealed. */
  readonly seal: string | null;
  readonly files: readonly ClipFile[];
}

const FIRST = 'postern/clip-list/v1';
const LINE = /^([0-9a-f]{64}) ([0-9a-f]{64}) (\d{1,16}) (data\/.+)$/s;

/** The text of a list; in paths, CR, LF and % are escaped as in a BagIt manifest. */
export function formatClipList({ parcel, seal, files }: ClipList): string {
  const lines = files.map(
    ({ chunks, sha256, size, path }) =>
      `${chunks} ${sha256} ${size} ${path.replaceAll(/[%\r\n]/g, encodeURIComponent)}\n`,
  );
  return `${FIRST}\nparcel ${parcel}\nseal ${seal ?? 'none'}\n${lines.join('')}`;
}

/** Reads a list. Problems `encoding-invalid`, `note-invalid`. */
export function parseClipList(text: string): ClipList {
  const [first, parcelLine, sealLine, ...lines] = text.split('\n');
  const parcel = /^parcel ([0-9a-f]{32})$/.exec(parcelLine ?? '')?.[1];
  const seal = /^seal (none|[0-9a-f]{64})$/.exec(sealLine ?? '')?.[1];
  if (first !== FIRST || parcel === undefined || seal === undefined || lines.pop() !== '')
    throw new Problem('encoding-invalid');
  const files = lines.map((line) => {
    const match = LINE.exec(line);
    if (match === null) throw new Problem('encoding-invalid');
    const [, chunks, sha256, size, path] = match;
    fromHex(chunks!, 32);
    return {
      chunks: chunks!,
      sha256: sha256!,
      size: parseNumber(size!),
      path: path!.replaceAll(/%(25|0D|0A)/g, (escape) => decodeURIComponent(escape)),
    };
  });
  return { parcel, seal: seal === 'none' ? null : seal, files };
}
