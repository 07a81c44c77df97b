/** The age vectors of C2SP's CCTV, all that concern what is implemented, with each cipher provider, whole and by seeking. */
import { createHash } from 'node:crypto';
import { inflateSync } from 'node:zlib';
import * as files from 'cctv-age';
import { describe, expect, test } from 'vitest';
import { decryptFile, openFile } from '../../../shared/age/file.ts';
import { Problem } from '../../../shared/problem/problem.ts';
import { cipherProviders } from '../../kit/cipher-providers.ts';

interface Vector {
  readonly name: string;
  readonly expect: string;
  readonly payload: string | undefined;
  readonly identities: readonly string[];
  readonly notImplemented: boolean;
  readonly file: Uint8Array;
}

/** Passphrases and ASCII armor are no part of Postern; every other vector must run. */
const NOT_IMPLEMENTED = ['passphrase', 'armored'];
const KNOWN = ['expect', 'payload', 'identity', 'file key', 'comment', 'compressed'];

function readVector([name, bytes]: [string, Uint8Array]): Vector {
  const end = Buffer.from(bytes).indexOf('\n\n');
  const lines = Buffer.from(bytes.subarray(0, end)).toString().split('\n');
  const fields = lines.map((line) => line.split(': ', 2) as [string, string]);
  const all = (key: string) => fields.filter((field) => field[0] === key).map((field) => field[1]);
  const unknown = fields.map(([key]) => key).filter((key) => ![...KNOWN, ...NOT_IMPLEMENTED].includes(key));
  expect(unknown).toEqual([]);
  const body = bytes.subarray(end + 2);
  return {
    name,
    expect: all('expect')[0] ?? '',
    payload: all('payload')[0],
    identities: all('identity'),
    notImplemented: NOT_IMPLEMENTED.some((key) => all(key).length > 0),
    file: all('compressed')[0] === 'zlib' ? new Uint8Array(inflateSync(body)) : body,
  };
}

const entries = Object.entries(files).filter((entry) => entry[1] instanceof Uint8Array);
const vectors = entries.map(readVector);
const implemented = vectors.filter((vector) => !vector.notImplemented);

test('how many there are, and how many of them run', () => {
  expect({ all: vectors.length, run: implemented.length }).toEqual({ all: 143, run: 85 });
});

/** What a vector's `expect` is called here; all of a success is its plaintext's hash. */
function expectedOutcome(vector: Vector): string {
  switch (vector.expect) {
    case 'success':
      return vector.payload ?? 'no hash given';
    case 'no match':
      return 'not for me';
    case 'header failure':
    case 'HMAC failure':
      return 'age-header-damaged';
    case 'payload failure':
      return 'age-payload-damaged';
    default:
      return 'an outcome that is not known';
  }
}

async function outcomeOf(decrypting: Promise<Uint8Array | null | undefined>): Promise<string> {
  try {
    const plaintext = await decrypting;
    return plaintext ? createHash('sha256').update(plaintext).digest('hex') : 'not for me';
  } catch (error) {
    return error instanceof Problem ? error.code : String(error);
  }
}

describe.each(cipherProviders)('with $name', (provider) => {
  test.each(implemented)('$name: $expect', async (vector) => {
    const { file, identities } = vector;
    expect(await outcomeOf(decryptFile({ file, identities, provider }))).toBe(expectedOutcome(vector));
    const opened = openFile(file, identities, provider);
    expect(await outcomeOf(opened.then((reader) => reader?.read(0, reader.size)))).toBe(expectedOutcome(vector));
  });
});
