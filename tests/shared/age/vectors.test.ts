/** The frozen vectors of age files: by our code with each provider, by plain node:crypto, by age-encryption and by age itself. */
import { execFileSync, spawnSync } from 'node:child_process';
import { createCipheriv, createHash, createHmac, hkdfSync } from 'node:crypto';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Decrypter } from 'age-encryption';
import { describe, expect, test } from 'vitest';
import { decryptFile } from '../../../shared/age/file.ts';
import { decryptPayload, encryptPayload } from '../../../shared/age/payload.ts';
import { payloadSize } from '../../../shared/age/payload-layout.ts';
import { fromBase64 } from '../../../shared/bytes/base64.ts';
import { fromHex } from '../../../shared/bytes/hex.ts';
import { cipherProviders } from '../../kit/cipher-providers.ts';
import fileVectors from '../../vectors/age-files.json' with { type: 'json' };
import payloadVectors from '../../vectors/age-payload.json' with { type: 'json' };

const { files } = fileVectors;
const { payloads } = payloadVectors;

function plaintextOf(size: number): Uint8Array {
  return Uint8Array.from({ length: size }, (_, at) => at * 31 + (at >> 8));
}

function sha256(bytes: Uint8Array): string {
  return createHash('sha256').update(bytes).digest('hex');
}

/** The payload once more, straight from the text of age-encryption.org/v1. */
function encryptByNode(fileKey: Uint8Array, nonce: Uint8Array, plaintext: Uint8Array): Buffer {
  const key = new Uint8Array(hkdfSync('sha256', fileKey, nonce, 'payload', 32));
  const pieces = [Buffer.from(nonce)];
  for (let at = 0, counter = 0; at === 0 || at < plaintext.length; at += 65_536, counter++) {
    const chunkNonce = Buffer.alloc(12);
    chunkNonce.writeUInt32BE(counter, 7);
    chunkNonce[11] = at + 65_536 >= plaintext.length ? 1 : 0;
    const cipher = createCipheriv('chacha20-poly1305', key, chunkNonce, { authTagLength: 16 });
    pieces.push(cipher.update(plaintext.subarray(at, at + 65_536)), cipher.final(), cipher.getAuthTag());
  }
  return Buffer.concat(pieces);
}

describe.each(payloads)('payload of $size bytes', (vector) => {
  const fileKey = fromHex(vector.fileKey);
  const nonce16 = fromHex(vector.nonce);
  const plaintext = plaintextOf(vector.size);
  const byNode = encryptByNode(fileKey, nonce16, plaintext);

  test('is what node:crypto makes by hand', () => {
    expect(byNode.length).toBe(vector.payloadSize);
    expect(sha256(byNode)).toBe(vector.payloadSha256);
    // The short ones are written out.
    const { payload = byNode.toString('hex') } = vector;
    expect(byNode.toString('hex')).toBe(payload);
  });

  test.each(cipherProviders)('is what $name makes, and reads', async (provider) => {
    const out = new Uint8Array(payloadSize(vector.size));
    await encryptPayload({ provider, fileKey, nonce16, plaintext, out });
    expect(sha256(out)).toBe(vector.payloadSha256);
    const back = await decryptPayload({ provider, fileKey, payload: out });
    expect(sha256(back)).toBe(sha256(plaintext));
  });

  test('is what age-encryption reads', async () => {
    // A header without any stanza, and an identity that knows the file key anyway.
    const start = 'age-encryption.org/v1\n---';
    const macKey = new Uint8Array(hkdfSync('sha256', fileKey, new Uint8Array(0), 'header', 32));
    const mac = createHmac('sha256', macKey).update(start).digest('base64').replace('=', '');
    const decrypter = new Decrypter();
    decrypter.addIdentity({ unwrapFileKey: () => fileKey });
    const file = Buffer.concat([Buffer.from(`${start} ${mac}\n`), byNode]);
    expect(sha256(await decrypter.decrypt(new Uint8Array(file)))).toBe(sha256(plaintext));
  });
});

/** Which of the kinds the age program of this machine, if there is one, can open: hybrid files since version 1.3. */
function kindsOfInstalledAge(): string[] {
  const version = /v?(\d+)\.(\d+)/.exec(String(spawnSync('age', ['--version']).stdout));
  if (version === null) return [];
  const [major, minor] = [Number(version[1]), Number(version[2])];
  return major > 1 || minor >= 3 ? ['classic', 'hybrid'] : ['classic'];
}

describe.each(files)('$kind file of $size bytes', ({ kind, size, identity, file: text }) => {
  const file = fromBase64(text);
  const plaintext = plaintextOf(size);

  test.each(cipherProviders)('is read by us with $name', async (provider) => {
    expect(await decryptFile({ file, identities: [identity], provider })).toEqual(plaintext);
  });

  test('is read by age-encryption, and by age where it is installed and new enough', async () => {
    const decrypter = new Decrypter();
    decrypter.addIdentity(identity);
    const readings = [await decrypter.decrypt(file)];
    if (kindsOfInstalledAge().includes(kind)) {
      const folder = mkdtempSync(join(tmpdir(), 'postern-age-'));
      writeFileSync(join(folder, 'identity.txt'), `${identity}\n`, { mode: 0o600 });
      readings.push(new Uint8Array(execFileSync('age', ['-d', '-i', join(folder, 'identity.txt')], { input: file })));
      rmSync(folder, { recursive: true });
    }
    expect(readings).toEqual(readings.map(() => plaintext));
  });
});
