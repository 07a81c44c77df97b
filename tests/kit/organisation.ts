/** An organisation for server tests: its keys, a data folder with card, root key and one enrolled courier. No desk, no courier program. */
import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { loadReceiptKey } from '../../server/store/receipt-key.ts';
import { toBase64Url } from '../../shared/bytes/base64.ts';
import { ed25519FromSeed } from '../../shared/crypto/ed25519.ts';
import type { SigningKey } from '../../shared/crypto/ed25519.ts';
import { signCard } from '../../shared/statements/card.ts';
import type { Card } from '../../shared/statements/card.ts';
import { random } from './random-bytes.ts';
import { testCardOf } from './test-card.ts';

export interface Organisation {
  readonly root: SigningKey;
  readonly receipt: SigningKey;
  readonly courier: SigningKey;
  /** Signs replies. */
  readonly reply: SigningKey;
  /** Signs a card; serial 1 with our receipt key unless said otherwise. */
  card(change?: Partial<Card>): Promise<string>;
}

/** Makes the files in `data` (created if need be). */
export async function makeOrganisation(data: string): Promise<Organisation> {
  await mkdir(join(data, 'blobs'), { recursive: true });
  const receipt = await loadReceiptKey(data, random);
  const [root, reply, courier] = await Promise.all([1, 2, 3].map(() => ed25519FromSeed(random(32))));
  const card: Organisation['card'] = (change) =>
    signCard(testCardOf({ root: root!, reply: reply!, receipt }, change), root!);
  await writeFile(join(data, 'root.pub'), `${toBase64Url(root!.publicKey)}\n`);
  await writeFile(join(data, 'card.note'), await card());
  await writeFile(join(data, 'couriers.txt'), `# staff\n${toBase64Url(courier!.publicKey)} test courier\n`);
  return { root: root!, receipt, courier: courier!, reply: reply!, card };
}
