/**
 * Keys onto sheets of paper and back. All keys are one age file under a random secret; every sheet carries that file, and either the secret or one of
 * its Shamir shares. Fewer shares than needed fit every secret equally well, so they tell nothing.
 */
import { combine, split } from 'shamir-secret-sharing';
import { decryptWithPassphrase, encryptToPassphrase } from '../../shared/age/passphrase-file.ts';
import { toBase64Url } from '../../shared/bytes/base64.ts';
import { equalBytes } from '../../shared/bytes/equal.ts';
import type { Random } from '../../shared/bytes/random.ts';
import { utf8Decode, utf8Encode } from '../../shared/bytes/utf8.ts';
import { isProblem } from '../../shared/problem/problem.ts';
import { Failure } from '../failure.ts';
import type { KeyContent } from '../keys/key-content.ts';
import { backupText, parseBackup } from './backup-text.ts';
import { linesOf } from './paper-lines.ts';
import type { PaperLine } from './paper-lines.ts';
import { encodeShare, encodeWhole, setName } from './paper-records.ts';
import type { Share, Whole } from './paper-records.ts';

const SECRET_SIZE = 32;
/** The secret is 256 random bits: stretching it would add nothing. */
const WORK = 1;
/** Sheets that are told apart on a table, and asked for at a join. */
export const MOST_SHARES = 16;

/** One sheet: its share, and the lines to print. */
export interface Sheet {
  readonly share: Share;
  readonly shareLines: readonly PaperLine[];
  readonly wholeLines: readonly PaperLine[];
}

/** Sheets of which any `needed` of `total` restore everything. */
export async function makeSheets(
  content: KeyContent,
  { needed, total, random }: { needed: number; total: number; random: Random },
): Promise<readonly Sheet[]> {
  const secret = random(SECRET_SIZE);
  const set = random(4);
  const file = await encryptToPassphrase(utf8Encode(backupText(content)), toBase64Url(secret), WORK);
  const wholeLines = linesOf('W', encodeWhole({ set, file }));
  const shares = needed === 1 ? Array.from({ length: total }, () => secret) : await split(secret, total, needed);
  const sheets = shares.map((share, i) => {
    const record = { set, needed, total, sheet: i + 1, share };
    return { share: record, shareLines: linesOf('S', encodeShare(record)), wholeLines };
  });
  if (needed > 1) secret.fill(0);
  return sheets;
}

/** The keys that these shares and this whole give. Failures `paper-sets`, `paper-shares`, `paper-damaged`. */
export async function joinSheets(shares: readonly Share[], whole: Whole): Promise<KeyContent> {
  const stranger = [...shares, whole].find(({ set }) => !equalBytes(set, whole.set));
  const other =
    stranger ?? shares.find(({ needed, total }) => needed !== shares[0]!.needed || total !== shares[0]!.total);
  if (other !== undefined) throw new Failure('paper-sets', { one: setName(whole.set), other: setName(other.set) });
  const distinct = shares.filter((share, i) => shares.findIndex(({ sheet }) => sheet === share.sheet) === i);
  const needed = distinct[0]?.needed ?? 1;
  if (distinct.length < needed) throw new Failure('paper-shares', { have: distinct.length, needed });
  const secret = needed === 1 ? distinct[0]!.share : await combine(distinct.map(({ share }) => share));
  try {
    const plaintext = await decryptWithPassphrase(whole.file, toBase64Url(secret));
    if (plaintext !== null) return await parseBackup(utf8Decode(plaintext));
  } catch (error) {
    if (!isProblem(error)) throw error;
  }
  throw new Failure('paper-damaged');
}
