/** The receipt key: made by the server at its first start, kept in one file, never shown but for its public half. */
import { link, mkdir, open, readFile, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { fromBase64Url, toBase64Url } from '../../shared/bytes/base64.ts';
import { toHex } from '../../shared/bytes/hex.ts';
import type { Random } from '../../shared/bytes/random.ts';
import { ed25519FromSeed } from '../../shared/crypto/ed25519.ts';
import type { SigningKey } from '../../shared/crypto/ed25519.ts';
import { passOn } from './crash-points.ts';
import type { Reach } from './crash-points.ts';

const SEED_LENGTH = 32;

/** The key in the data folder, made when there is none. Two processes that make it at once agree on one. */
export async function loadReceiptKey(data: string, random: Random, reach = passOn): Promise<SigningKey> {
  const file = join(data, 'receipt.key');
  const text = await readFile(file, 'utf8').catch(() => null);
  if (text === null) await create(data, file, { random, reach });
  return ed25519FromSeed(fromBase64Url((text ?? (await readFile(file, 'utf8'))).trim(), SEED_LENGTH));
}

async function create(data: string, file: string, { random, reach }: { random: Random; reach: Reach }): Promise<void> {
  await mkdir(data, { recursive: true, mode: 0o700 });
  const fresh = `${file}.${toHex(random(8))}`;
  const handle = await open(fresh, 'wx', 0o600);
  await handle.writeFile(`${toBase64Url(random(SEED_LENGTH))}\n`);
  await handle.sync();
  await handle.close();
  reach('key-written');
  await link(fresh, file).catch((error: NodeJS.ErrnoException) => {
    if (error.code !== 'EEXIST') throw error;
  });
  reach('key-linked');
  await rm(fresh);
  const folder = await open(data, 'r');
  await folder.sync();
  await folder.close();
}
