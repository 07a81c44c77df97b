/** age files under a passphrase (age-encryption.org/v1, "scrypt recipient type"): what stock `age -p` writes and `age -d` opens. */
import { Decrypter, Encrypter } from 'age-encryption';
import { Problem } from '../problem/problem.ts';

/** The cost that stock age takes: about a second. */
export const PASSPHRASE_WORK = 18;

/** Encrypts to a passphrase; `work` is the base-2 logarithm of scrypt's N, lower only where the passphrase is itself a random key. */
export async function encryptToPassphrase(
  plaintext: Uint8Array,
  passphrase: string,
  work = PASSPHRASE_WORK,
): Promise<Uint8Array> {
  const encrypter = new Encrypter();
  encrypter.setPassphrase(passphrase);
  encrypter.setScryptWorkFactor(work);
  return encrypter.encrypt(plaintext);
}

/** The plaintext; null when the passphrase is another. Problem `age-header-damaged` when it is no such file, or it is broken. */
export async function decryptWithPassphrase(file: Uint8Array, passphrase: string): Promise<Uint8Array | null> {
  const decrypter = new Decrypter();
  decrypter.addPassphrase(passphrase);
  let isOther = false;
  // Asked only when the header reads well and the passphrase did not open it.
  decrypter.addIdentity({
    unwrapFileKey() {
      isOther = true;
      return null;
    },
  });
  try {
    return await decrypter.decrypt(file);
  } catch {
    if (isOther) return null;
    throw new Problem('age-header-damaged');
  }
}
