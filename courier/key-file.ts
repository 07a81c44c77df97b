/** The courier's key on disk: one line of text, readable by its owner alone. It signs sign-ins and opens nothing. */
import { chmod, open, readFile, rm } from 'node:fs/promises';
import { dirname } from 'node:path';
import { fromBase64Url, toBase64Url } from '../shared/bytes/base64.ts';
import type { Random } from '../shared/bytes/random.ts';
import { ed25519FromSeed } from '../shared/crypto/ed25519.ts';
import type { SigningKey } from '../shared/crypto/ed25519.ts';
import { diskTrouble, Halt } from './halt.ts';
import { syncFolder } from './durable.ts';

const PREFIX = 'postern-courier-key-1 ';

/** Writes a fresh key to a file that must not be there yet, mode 0600. Null when it is there already. Halt `disk`, `disk-full`. */
export async function createKeyFile(path: string, random: Random): Promise<SigningKey | null> {
  const seed = random(32);
  try {
    const file = await open(path, 'wx', 0o600);
    try {
      await file.writeFile(`${PREFIX}${toBase64Url(seed)}\n`);
      await file.sync();
    } catch (error) {
      await rm(path, { force: true });
      throw error;
    } finally {
      await file.close();
    }
    await chmod(path, 0o600);
    await syncFolder(dirname(path));
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'EEXIST') return null;
    throw diskTrouble(error, path);
  }
  return ed25519FromSeed(seed);
}

/** The key in a file that `createKeyFile` made. Halt `key-file` with what is wrong. */
export async function readKeyFile(path: string): Promise<SigningKey> {
  const text = await readFile(path, 'utf8').catch((error: unknown) => {
    const missing = error instanceof Error && 'code' in error && error.code === 'ENOENT';
    throw new Halt(
      'key-file',
      missing ? `There is no key file ${path}.` : `The key file ${path} cannot be read.`,
      missing ? `Make one with “courier enrol ${path}” and have its line added on the server.` : null,
    );
  });
  try {
    if (!text.startsWith(PREFIX) || !text.endsWith('\n')) throw new Error('form');
    return await ed25519FromSeed(fromBase64Url(text.slice(PREFIX.length, -1), 32));
  } catch {
    throw new Halt('key-file', `${path} is not a courier’s key file.`);
  }
}

/** The line for the server's couriers.txt. */
export function courierLine(key: SigningKey, label: string): string {
  return `${toBase64Url(key.publicKey)} ${label}`;
}
