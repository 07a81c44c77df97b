/** The keys of a drop, made by the programs that people use: desk, courier, server. */
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { runNode } from './programs.ts';

export interface DropKeysOptions {
  /** The server's data folder. */
  readonly data: string;
  /** Where the desk's keys are to lie, and the courier's. */
  readonly keys: string;
  readonly courierKey: string;
  readonly settings: Readonly<Record<string, string>>;
  readonly classic?: boolean | undefined;
}

/** Makes the keys; puts root key, card and the courier's key into the data folder. Gives the root key. */
export async function makeDropKeys({ data, keys, courierKey, settings, classic }: DropKeysOptions): Promise<string> {
  const init = ['init', keys, '--organisation', 'Test organisation', ...(classic === true ? ['--classic'] : [])];
  await runNode('desk/main.ts', init);
  const rootKey = await runNode('desk/main.ts', ['root', keys]);
  await writeFile(join(data, 'root.pub'), `${rootKey}\n`);
  await writeFile(join(data, 'couriers.txt'), `${await runNode('courier/main.ts', ['enrol', courierKey])}\n`);
  const receiptKey = await runNode('server/main.ts', ['receipt-key'], { env: settings });
  await runNode('desk/main.ts', ['card', keys, '--receipt-key', receiptKey, '--out', join(data, 'card.note')]);
  return rootKey;
}
