/** Signs the list of hashes with an SSH key, which stock OpenSSH verifies; the key may lie on a hardware token, and never in the project. */
import { spawnSync } from 'node:child_process';
import { existsSync, realpathSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { ROOT } from './project.mjs';

/** What the signature is for: one that was made for another purpose does not pass. */
const NAMESPACE = 'postern-desk';

/**
 * Writes SHA256SUMS.sig beside SHA256SUMS. Asks for the passphrase of the key, or for a touch of the token, on the terminal.
 * @param {{ dist: string, key: string }} input `key`: private key file, or the public one of a key that an agent holds
 */
export function signSums({ dist, key }) {
  if (!existsSync(key)) throw new Error(`${key} is not there`);
  if (realpathSync(key).startsWith(`${realpathSync(ROOT)}/`))
    throw new Error(`${key} lies in the project: a signing key is kept elsewhere`);
  const list = join(dist, 'SHA256SUMS');
  rmSync(`${list}.sig`, { force: true });
  const { status, error } = spawnSync('ssh-keygen', ['-q', '-Y', 'sign', '-f', key, '-n', NAMESPACE, list], {
    stdio: 'inherit',
  });
  if (status !== 0) throw new Error(`${list} was not signed${error ? `: ${error.message}` : ''}`);
}
