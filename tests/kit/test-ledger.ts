/** Heads of ledgers for tests: files whose content nobody knows, sealed under the codename of the vectors. */
import { fromHex } from '../../shared/bytes/hex.ts';
import { nobleProvider } from '../../shared/crypto/noble-provider.ts';
import type { ClosingMessage } from '../../shared/ledger/closing.ts';
import type { LedgerFile } from '../../shared/ledger/entry.ts';
import { fileKey } from '../../shared/ledger/file-key.ts';
import type { FileKey } from '../../shared/ledger/file-key.ts';
import type { Head } from '../../shared/ledger/head-text.ts';
import { openHead, sealHead } from '../../shared/ledger/head.ts';
import { SAMPLED } from '../../shared/ledger/sampling.ts';
import vector from '../vectors/ledger-head.json' with { type: 'json' };
import { random } from './random-bytes.ts';

export const ledgerKey = fromHex(vector.ledgerKey);
export const { parcel, day } = vector;
const place = { ledgerKey, parcel, provider: nobleProvider };

/** A file of any content. */
export async function ledgerFile(path: string, size = 7, modified = 0): Promise<LedgerFile & FileKey> {
  const keys = await fileKey({ ledgerKey, parcel, fingerprint: random(32) });
  return { path, size, modified, sha256: size <= SAMPLED ? random(32) : null, ...keys };
}

export function seal(
  files: readonly (LedgerFile & FileKey)[],
  message: ClosingMessage | null = null,
): ReturnType<typeof sealHead> {
  return sealHead({ ...place, day, files, message, random });
}

/** Opens pages, for `other` in place of the right parcel or key. */
export function open(pages: readonly Uint8Array[], other: Partial<typeof place> = {}): Promise<Head> {
  return openHead({ ...place, pages, ...other });
}
