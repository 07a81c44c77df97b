/** `library-decrypt.ts IDENTITY PART…`: the parts opened one after the other by the `age-encryption` library, as its README shows, to stdout. */
import { once } from 'node:events';
import { readFile } from 'node:fs/promises';
import { Decrypter } from 'age-encryption';

const [identity, ...parts] = process.argv.slice(2);
const lines = (await readFile(identity!, 'utf8')).split('\n');
const decrypter = new Decrypter();
decrypter.addIdentity(lines.find((line) => line.startsWith('AGE-SECRET-KEY-'))!);
for (const part of parts) {
  const plaintext = await decrypter.decrypt(await readFile(part));
  if (!process.stdout.write(plaintext)) await once(process.stdout, 'drain');
}
