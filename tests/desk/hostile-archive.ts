/** Archives that no client of ours would make: one header in the middle of an otherwise proper parcel says something it must not. */
import { BAGIT_TEXT, encodeBagInfo } from '../../shared/parcel/bag.ts';
import { utf8Encode } from '../../shared/bytes/utf8.ts';
import { paddedSize } from '../../shared/parcel/padme.ts';
import { encodeHeader } from '../../shared/parcel/tar-header.ts';
import { TEST_SENDER } from '../kit/test-mailbox.ts';

/** Fields of the header to be changed. */
export interface Forged {
  readonly name?: string;
  readonly type?: string;
  readonly size?: number;
  readonly link?: string;
}

/** A padded stream with `bagit.txt`, `bag-info.txt`, one good file and then the forged one with a block of data. */
export function hostileStream(parcel: string, forged: Forged): Uint8Array {
  const info = encodeBagInfo({
    day: '2026-11-24',
    payloadBytes: 8,
    payloadFiles: 2,
    parcel,
    sender: TEST_SENDER,
    replyRecipient: null,
  });
  const blocks = [
    ...plainFile(`${parcel}/bagit.txt`, utf8Encode(BAGIT_TEXT), 0),
    ...plainFile(`${parcel}/bag-info.txt`, utf8Encode(info), 1),
    ...plainFile(`${parcel}/data/files/good.txt`, utf8Encode('good'), 2),
    forgedHeader(`${parcel}/data/files/bad.txt`, forged),
    filled(utf8Encode('evil')),
    new Uint8Array(1024),
  ];
  const tar = Buffer.concat(blocks);
  const stream = new Uint8Array(paddedSize(tar.length));
  stream.set(tar);
  return stream;
}

function plainFile(path: string, content: Uint8Array, ordinal: number): Uint8Array[] {
  return [encodeHeader({ path, size: content.length, modified: 0 }, ordinal), filled(content)];
}

function filled(content: Uint8Array): Uint8Array {
  const blocks = new Uint8Array(Math.ceil(content.length / 512) * 512);
  blocks.set(content);
  return blocks;
}

function forgedHeader(path: string, { name, type, size, link }: Forged): Uint8Array {
  const header = encodeHeader({ path, size: 4, modified: 0 }, 3);
  if (name !== undefined) {
    header.fill(0, 0, 100);
    header.set(utf8Encode(name));
  }
  if (type !== undefined) header[156] = type.charCodeAt(0);
  if (size !== undefined) header.set(utf8Encode(size.toString(8).padStart(11, '0')), 124);
  if (link !== undefined) header.set(utf8Encode(link), 157);
  writeChecksum(header);
  return header;
}

function writeChecksum(header: Uint8Array): void {
  header.fill(0x20, 148, 156);
  const sum = header.reduce((total, byte) => total + byte, 0);
  header.set(utf8Encode(`${sum.toString(8).padStart(6, '0')}\0 `), 148);
}

/** Archives that are not what a client of ours makes, sealed and signed as if all were well. */
export const ARCHIVES: Readonly<
  Record<string, { readonly code: string; readonly stream: (parcel: string) => Uint8Array }>
> = {
  'a name that climbs out': {
    code: 'archive-path-unsafe',
    stream: (parcel) => hostileStream(parcel, { name: `${parcel}/data/files/../../../evil.txt` }),
  },
  'an absolute name': {
    code: 'archive-path-unsafe',
    stream: (parcel) => hostileStream(parcel, { name: '/tmp/evil.txt' }),
  },
  'a drive letter': {
    code: 'archive-path-unsafe',
    stream: (parcel) => hostileStream(parcel, { name: `${parcel}/data/files/C:/evil.txt` }),
  },
  'a backslash way out': {
    code: 'archive-path-unsafe',
    stream: (parcel) => hostileStream(parcel, { name: `${parcel}/data/files/..\\..\\evil.txt` }),
  },
  'a file outside of the payload': {
    code: 'archive-not-a-bag',
    stream: (parcel) => hostileStream(parcel, { name: `${parcel}/fetch.txt` }),
  },
  'a symbolic link': {
    code: 'archive-entry-refused',
    stream: (parcel) => hostileStream(parcel, { type: '2', size: 0, link: '/etc/passwd' }),
  },
  'a hard link': { code: 'archive-entry-refused', stream: (parcel) => hostileStream(parcel, { type: '1', link: 'x' }) },
  'a folder': { code: 'archive-entry-refused', stream: (parcel) => hostileStream(parcel, { type: '5', size: 0 }) },
  'a device': { code: 'archive-entry-refused', stream: (parcel) => hostileStream(parcel, { type: '3', size: 0 }) },
  'a size beyond the stream': {
    code: 'archive-too-large',
    stream: (parcel) => hostileStream(parcel, { size: 8 ** 11 - 1 }),
  },
  'the same name twice': {
    code: 'archive-damaged',
    stream: (parcel) => hostileStream(parcel, { name: `${parcel}/data/files/good.txt` }),
  },
};
