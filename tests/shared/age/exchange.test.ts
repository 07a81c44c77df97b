/** Files go both ways between our providers and age-encryption itself. With SLOW=1 ten thousand of them. */
import { Decrypter, Encrypter } from 'age-encryption';
import { describe, expect, test } from 'vitest';
import { decryptFile, encryptedSize, encryptFile, openFile } from '../../../shared/age/file.ts';
import { headerSize } from '../../../shared/age/header.ts';
import { generateIdentity, recipientOf } from '../../../shared/age/identity.ts';
import { cipherProviders } from '../../kit/cipher-providers.ts';
import { patternBytes, random } from '../../kit/random-bytes.ts';

const CHUNK = 65_536;
const SIZES = [0, 1, CHUNK - 1, CHUNK, CHUNK + 1, 2 * CHUNK, 150_000];
const kinds = ['hybrid', 'classic'] as const;
const keys = {
  hybrid: await pair('hybrid'),
  classic: await pair('classic'),
};

async function pair(kind: 'hybrid' | 'classic') {
  const identity = await generateIdentity(kind);
  return { identity, recipient: await recipientOf(identity) };
}

async function decryptByLibrary(file: Uint8Array, identity: string): Promise<Uint8Array> {
  const decrypter = new Decrypter();
  decrypter.addIdentity(identity);
  return decrypter.decrypt(file);
}

async function encryptByLibrary(plaintext: Uint8Array, recipient: string): Promise<Uint8Array> {
  const encrypter = new Encrypter();
  encrypter.addRecipient(recipient);
  return encrypter.encrypt(plaintext);
}

describe.each(kinds)('%s', (kind) => {
  const { identity, recipient } = keys[kind];

  test.each(cipherProviders)('$name writes what age-encryption reads', async (provider) => {
    for (const size of SIZES) {
      const file = await encryptFile({ plaintext: patternBytes(size), recipients: [recipient], provider, random });
      expect(file.length).toBe(encryptedSize(size, headerSize(kind, 1)));
      expect(Buffer.compare(await decryptByLibrary(file, identity), patternBytes(size))).toBe(0);
    }
  });

  test.each(cipherProviders)('$name reads what age-encryption writes', async (provider) => {
    for (const size of SIZES) {
      const file = await encryptByLibrary(patternBytes(size), recipient);
      const plaintext = await decryptFile({ file, identities: [identity], provider });
      expect(Buffer.compare(plaintext!, patternBytes(size))).toBe(0);
    }
  });

  test('a buffer that is given is used, and not when it is too small', async () => {
    const provider = cipherProviders[0]!;
    const plaintext = patternBytes(1000);
    const base = { plaintext, recipients: [recipient], provider, random };
    const into = new Uint8Array(encryptedSize(1000, headerSize(kind, 1)) + 10);
    const file = await encryptFile({ ...base, into });
    expect(file.buffer).toBe(into.buffer);
    expect(await decryptFile({ file, identities: [identity], provider })).toEqual(plaintext);
    const other = await encryptFile({ ...base, into: into.subarray(0, 50) });
    expect(other.buffer).not.toBe(into.buffer);
  });

  test('for others: null, however it is opened', async () => {
    const provider = cipherProviders[0]!;
    const file = await encryptFile({ plaintext: new Uint8Array(5), recipients: [recipient], provider, random });
    const other = (await pair(kind)).identity;
    expect(await decryptFile({ file, identities: [other], provider })).toBeNull();
    expect(await openFile(file, [other], provider)).toBeNull();
    expect(await decryptFile({ file, identities: [], provider })).toBeNull();
    expect(await decryptFile({ file, identities: [other, identity], provider })).toHaveLength(5);
  });
});

const COUNT = process.env['SLOW'] === '1' ? 10_000 : 60;

test(`${COUNT} random files: written by one, read by another, by age-encryption, and by seeking`, async () => {
  for (let run = 0; run < COUNT; run++) {
    const [a = 0, b = 0, c = 0, d = 0, e = 0] = new Uint32Array(random(20).buffer);
    const kind = a % 8 === 0 ? 'hybrid' : 'classic';
    const { identity, recipient } = keys[kind];
    const writer = cipherProviders[a % 3]!;
    const reader = cipherProviders[b % 3]!;
    const size = c % 5 === 0 ? (d % 4) * CHUNK : d % (c % 2 === 0 ? 400 : 3 * CHUNK);
    const plaintext = patternBytes(size, e);
    const file =
      c % 7 === 0
        ? await encryptByLibrary(plaintext, recipient)
        : await encryptFile({ plaintext, recipients: [recipient], provider: writer, random });
    const whole = await decryptFile({ file, identities: [identity], provider: reader });
    expect(Buffer.compare(whole!, plaintext)).toBe(0);
    expect(Buffer.compare(await decryptByLibrary(file, identity), plaintext)).toBe(0);
    const [from, to] = [d % (size + 1), e % (size + 1)].sort((x, y) => x - y) as [number, number];
    const opened = await openFile(file, [identity], reader);
    expect(Buffer.compare(await opened!.read(from, to), plaintext.subarray(from, to))).toBe(0);
  }
}, 3_600_000);
