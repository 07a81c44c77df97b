/** The texts of a BagIt 1.0 bag (RFC 8493) as parcels hold them, each in one canonical spelling. */
import { Problem } from '../problem/problem.ts';
import { fromHex, toHex } from '../bytes/hex.ts';

/** `bagit.txt` (RFC 8493 §2.1.1). */
export const BAGIT_TEXT = 'BagIt-Version: 1.0\nTag-File-Character-Encoding: UTF-8\n';
/** The tag files that the tag manifest lists, in its order, which is that of the archive. */
export const LISTED_TAG_FILES = ['bagit.txt', 'bag-info.txt', 'payload-status.txt', 'manifest-sha256.txt'] as const;
export const TAG_MANIFEST = 'tagmanifest-sha256.txt';
export const MESSAGE_PATH = 'data/message.txt';
export const FILES_FOLDER = 'data/files/';

/** What `bag-info.txt` says (RFC 8493 §2.2.2). `day` is YYYY-MM-DD; `replyRecipient` is null in a reply, which asks for none. */
export interface BagInfo {
  readonly day: string;
  readonly payloadBytes: number;
  readonly payloadFiles: number;
  readonly parcel: string;
  /** The public key (base64url) that must have signed all statements about the parcel: inside, where nobody on the way can change it. */
  readonly sender: string;
  readonly replyRecipient: string | null;
}

const SOFTWARE = 'Postern/1';
const BAG_INFO =
  /^Bag-Software-Agent: Postern\/1\nBagging-Date: (\d{4}-\d{2}-\d{2})\nPayload-Oxum: (\d{1,16})\.(\d{1,7})\nPostern-Parcel: ([0-9a-f]{32})\nPostern-Sender-Key: ([A-Za-z0-9_-]{43})\n(?:Postern-Reply-Recipient: (age1[02-9ac-hj-np-z]{1,4000}|age1pq1[02-9ac-hj-np-z]{1,4000})\n)?$/;
const LINE = /^([0-9a-f]{64}) {2}([^\r\n]+)$/;

/** The text of `bag-info.txt`. Problem `bag-damaged` when a field cannot be written so that it reads back. */
export function encodeBagInfo(info: BagInfo): string {
  const text =
    `Bag-Software-Agent: ${SOFTWARE}\nBagging-Date: ${info.day}\nPayload-Oxum: ${info.payloadBytes}.${info.payloadFiles}\n` +
    `Postern-Parcel: ${info.parcel}\nPostern-Sender-Key: ${info.sender}\n` +
    (info.replyRecipient === null ? '' : `Postern-Reply-Recipient: ${info.replyRecipient}\n`);
  parseBagInfo(text);
  return text;
}

/** Reads `bag-info.txt`. Problem `bag-damaged` for anything but what {@link encodeBagInfo} writes. */
export function parseBagInfo(text: string): BagInfo {
  const match = BAG_INFO.exec(text);
  if (match === null) throw new Problem('bag-damaged', { reason: 'bag-info' });
  const info: BagInfo = {
    day: match[1]!,
    payloadBytes: Number(match[2]),
    payloadFiles: Number(match[3]),
    parcel: match[4]!,
    sender: match[5]!,
    replyRecipient: match[6] ?? null,
  };
  const oxum = `${info.payloadBytes}.${info.payloadFiles}`;
  if (oxum !== `${match[2]!}.${match[3]!}` || !Number.isSafeInteger(info.payloadBytes) || !isDay(info.day)) {
    throw new Problem('bag-damaged', { reason: 'bag-info' });
  }
  return info;
}

/** Midnight UTC of a day YYYY-MM-DD in milliseconds since 1970. Problem `bag-damaged` when there is no such day. */
export function startOfDay(day: string): number {
  if (!isDay(day)) throw new Problem('bag-damaged', { reason: 'day' });
  return Date.parse(`${day}T00:00:00.000Z`);
}

function isDay(day: string): boolean {
  if (!/^\d{4}-\d{2}-\d{2}$/.test(day)) return false;
  const time = Date.parse(`${day}T00:00:00.000Z`);
  return !Number.isNaN(time) && new Date(time).toISOString().slice(0, 10) === day;
}

/** A path as a manifest spells it: CR, LF and `%` percent-encoded, these and nothing else (RFC 8493 §2.1.3). */
export function encodeManifestPath(path: string): string {
  return path.replaceAll('%', '%25').replaceAll('\r', '%0D').replaceAll('\n', '%0A');
}

/** The path that a manifest spells so. Problem `bag-damaged` when {@link encodeManifestPath} would not have spelt it this way. */
export function decodeManifestPath(text: string): string {
  const path = text.replaceAll(/%(0A|0D|25)/g, (_, code: string) =>
    code === '0A' ? '\n' : code === '0D' ? '\r' : '%',
  );
  if (encodeManifestPath(path) !== text) throw new Problem('bag-damaged', { reason: 'manifest' });
  return path;
}

/** One line of a manifest or tag manifest: 64 hexadecimal digits, two spaces, the path, LF. `sha256sum -c` reads the same. */
export function manifestLine(sha256: Uint8Array, path: string): string {
  return `${toHex(sha256)}  ${encodeManifestPath(path)}\n`;
}

/** Reads one line, without its LF. Problem `bag-damaged`. */
export function parseManifestLine(line: string): { readonly sha256: Uint8Array; readonly path: string } {
  const match = LINE.exec(line);
  if (match === null) throw new Problem('bag-damaged', { reason: 'manifest' });
  return { sha256: fromHex(match[1]!), path: decodeManifestPath(match[2]!) };
}
