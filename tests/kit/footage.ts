/** A folder of footage as a source might drop it: many small files of every kind of name, and one big one. */
import { createCipheriv } from 'node:crypto';
import { open } from 'node:fs/promises';
import { mkdir, utimes, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';

export interface Footage {
  /** The folder to choose in the browser. */
  readonly folder: string;
  /** Relative paths, '/'-separated. */
  readonly paths: readonly string[];
  readonly bytes: number;
}

export interface FootageOptions {
  /** Small files in nested folders. */
  readonly small?: number;
  /** Bytes of the big file; none when 0. */
  readonly big?: number;
  /** Different seeds give different bytes. */
  readonly seed?: number;
  /** Put into the name and the content of a file each, to be searched for later. */
  readonly canaries?: readonly { readonly name: string; readonly content: string }[];
}

const FOLDERS = ['', 'camera 1', 'camera 1/кадры', 'مقاطع/الأولى', '📹 нощ', 'a/b/c/d/e/f'];
const NAMES = ['clip', 'кадр', 'لقطة', '🎥👩🏽‍🚒 сцена', "it's a “quote”; $HOME & *", 'ünïcödé'];

/** Makes the folder `<parent>/<name>`: `small` files, an empty one, two of one name, 200-character names, the big one. */
export async function makeFootage(parent: string, name: string, options: FootageOptions = {}): Promise<Footage> {
  const { small = 300, big = 0, seed = 1, canaries = [] } = options;
  const folder = join(parent, name);
  const paths: string[] = [];
  let bytes = 0;
  const add = async (path: string, content: Uint8Array | string) => {
    const at = join(folder, path);
    await mkdir(dirname(at), { recursive: true });
    await writeFile(at, content);
    await setModified(at, paths.length);
    paths.push(path);
    bytes += Buffer.byteLength(content);
  };
  await add('empty.txt', '');
  await add('one/interview.mov', randomLooking(3000, seed + 1));
  await add('two/interview.mov', randomLooking(3001, seed + 2));
  await add(`${'n'.repeat(196)}.mp4`, randomLooking(700, seed + 3));
  await add(`long/${'д'.repeat(123)}.mp4`, randomLooking(700, seed + 4));
  await add(`${'deep folder name '.repeat(6).trim()}/${'ع'.repeat(100)}/${'x'.repeat(200)}`, 'deep\n');
  for (const canary of canaries) {
    await add(`notes/${canary.name} кадр.txt`, `${canary.content} is what this file says.\n`.repeat(50));
  }
  for (let i = paths.length; i < small; i++) {
    const [where, what] = [FOLDERS[i % FOLDERS.length]!, NAMES[i % NAMES.length]!];
    await add(join(where, `${what} ${i}.bin`), randomLooking((i * i * 37) % 40_000, seed + 10 + i));
  }
  if (big > 0) {
    await writeBig(join(folder, 'night.mov'), big, seed);
    await setModified(join(folder, 'night.mov'), paths.length);
    paths.push('night.mov');
    bytes += big;
  }
  return { folder, paths, bytes };
}

/** Writes `size` bytes that look random: AES-256-CTR over zeros, so the same seed gives the same file. */
export async function writeBig(path: string, size: number, seed = 1): Promise<void> {
  const cipher = keyStream(seed);
  const zeros = new Uint8Array(4 * 1024 * 1024);
  const file = await open(path, 'w');
  try {
    for (let at = 0; at < size; at += zeros.length) {
      await file.write(cipher.update(zeros.subarray(0, Math.min(zeros.length, size - at))));
    }
  } finally {
    await file.close();
  }
}

/** `size` bytes that look random, the same for the same seed. */
export function randomLooking(size: number, seed: number): Uint8Array {
  return keyStream(seed).update(new Uint8Array(size));
}

function keyStream(seed: number) {
  const key = Buffer.alloc(32);
  key.writeUInt32LE(seed);
  return createCipheriv('aes-256-ctr', key, Buffer.alloc(16));
}

/** A time with milliseconds, all different, not quite at a whole one, as file systems keep them. */
function setModified(path: string, index: number): Promise<void> {
  const ms = Date.UTC(2024, 4, 17, 3, 0, 0) + index * 86_413_377 + 123;
  return utimes(path, (ms + 0.3) / 1000, (ms + 0.3) / 1000);
}
