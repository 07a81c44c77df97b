/** Keys on paper: any two of three sheets restore everything, one tells nothing, and a slip of the pen is named before anything is joined. */
import { randomBytes } from 'node:crypto';
import { readFile, readdir, stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import fc from 'fast-check';
import { combine } from 'shamir-secret-sharing';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { fromBase32, toBase32 } from '../../desk/ceremony/base32.ts';
import { formatLine, linesOf, parseLine, recordOf } from '../../desk/ceremony/paper-lines.ts';
import { encodeShare, encodeWhole, parseShare, parseWhole } from '../../desk/ceremony/paper-records.ts';
import type { Share } from '../../desk/ceremony/paper-records.ts';
import { readPaper } from '../../desk/ceremony/read-paper.ts';
import { joinSheets } from '../../desk/ceremony/sheets.ts';
import { Failure } from '../../desk/failure.ts';
import { toBase64Url } from '../../shared/bytes/base64.ts';
import { Problem } from '../../shared/problem/problem.ts';
import { makeDrop } from '../kit/make-parcel.ts';
import { desk, deskJson, scratch } from './desk.ts';

const FILES = ['organisation.txt', 'root.key', 'reply.key', 'identities.txt', 'cards.txt'];

let base: Awaited<ReturnType<typeof scratch>>;
let keys: string;
let sheets: string[];
beforeAll(async () => {
  base = await scratch();
  keys = (await makeDrop(base.folder, 'hybrid')).keys;
  sheets = await split('sheets');
});
afterAll(() => base.remove());

/** The three sheets of a set, each as the letters that are printed on it. */
async function split(name: string): Promise<string[]> {
  const out = join(base.folder, name);
  expect((await desk(['split', keys, '--out', out])).exit).toBe(0);
  return Promise.all([1, 2, 3].map(async (n) => lettersOf(await readFile(join(out, `sheet-${n}-of-3.html`), 'utf8'))));
}

function lettersOf(page: string): string {
  return [...page.matchAll(/<pre>([^<]*)<\/pre>/g)].map(([, text]) => text).join('\n');
}

let made = 0;
async function joinFrom(...texts: readonly string[]): Promise<{ folder: string; json: Record<string, unknown> }> {
  const files = await Promise.all(
    texts.map(async (text, i) => {
      const file = join(base.folder, `typed-${++made}-${i}.txt`);
      await writeFile(file, text);
      return file;
    }),
  );
  const folder = join(base.folder, `joined-${made}`);
  const { json } = await deskJson(['join', folder, ...files, '--no-passphrase']);
  return { folder, json };
}

async function contents(folder: string): Promise<string[]> {
  return Promise.all(FILES.map((file) => readFile(join(folder, file), 'utf8')));
}

describe('any two of three sheets', () => {
  test.each([
    [0, 1],
    [2, 1],
    [0, 2],
  ])('restore every file of the folder: %i and %i', async (a, b) => {
    const { folder, json } = await joinFrom(sheets[a]!, sheets[b]!);
    expect(json).toMatchObject({ exit: 0, organisation: 'Example Newsroom', cards: 1 });
    expect(await contents(folder)).toStrictEqual(await contents(keys));
    const words = (await desk(['root', keys, '--fingerprint'])).stdout.split('\n')[1];
    expect(json['words']).toBe(words);
  });

  test('restore it from what a person types, whatever case, spacing and look-alikes they use', async () => {
    const typed = (text: string) =>
      `# from paper\n\n${text
        .split('\n')
        .map(
          (line) =>
            line.slice(0, 4) +
            line.slice(4).toLowerCase().replaceAll('o', '0').replaceAll('i', '1').replaceAll(' ', '  '),
        )
        .join('\r\n')}`;
    const { folder } = await joinFrom(typed(sheets[0]!), typed(sheets[1]!));
    expect(await contents(folder)).toStrictEqual(await contents(keys));
  });

  test('restore it line by line at the terminal, a mistyped line being asked for again', async () => {
    const s = (text: string) => text.split('\n').filter((line) => line.startsWith('S'));
    const w = sheets[0]!.split('\n').filter((line) => line.startsWith('W'));
    const slip = s(sheets[0]!)[1]!.replace(/.$/, (letter) => (letter === 'A' ? 'B' : 'A'));
    const lines = [s(sheets[0]!)[0]!, slip, ...s(sheets[0]!).slice(1), ...s(sheets[2]!), ...w.map((l) => l.slice(5))];
    const folder = join(base.folder, 'typed');
    const result = await desk(
      ['join', folder],
      undefined,
      `${lines.join('\n')}\nnew words\nnew wrods\nnew words\nnew words\n`,
    );
    // What was typed with so much care is not lost by a slip at the end.
    expect(result.warnings).toContain('The two were not the same. Once more:');
    expect(result).toMatchObject({ exit: 0, stderr: '' });
    expect(result.warnings.filter((line) => line.includes('check letters'))).toHaveLength(1);
    const file = join(base.folder, 'new-words');
    await writeFile(file, 'new words\n');
    const opened = await desk(['identities', folder, '--passphrase-file', file]);
    expect(opened.stdout).toBe(await readFile(join(keys, 'identities.txt'), 'utf8'));
  });
});

test('one sheet of desk backup restores everything, and its file is for its owner alone', async () => {
  const out = join(base.folder, 'all.html');
  expect((await desk(['backup', keys, '--out', out])).exit).toBe(0);
  expect((await stat(out)).mode & 0o777).toBe(0o600);
  const { folder } = await joinFrom(lettersOf(await readFile(out, 'utf8')));
  expect(await contents(folder)).toStrictEqual(await contents(keys));
  expect((await deskJson(['backup', keys, '--out', out])).json['error']).toMatchObject({ code: 'out-exists' });
});

describe('one share of three', () => {
  test('is refused, and so is the same sheet twice', async () => {
    for (const texts of [[sheets[0]!], [sheets[0]!, sheets[0]!]]) {
      const { folder, json } = await joinFrom(...texts);
      expect(json).toMatchObject({ exit: 3, error: { code: 'paper-shares' } });
      expect(json['error']).toMatchObject({ sentence: 'sheets needed: 2; here: 1' });
      await expect(readdir(folder)).rejects.toThrow('ENOENT');
    }
  });

  test('fits every secret equally well: for any other secret there is a second share that joins with it to that one', async () => {
    // Each byte lies on a line over GF(256): secret + slope * x. One point and any height at x = 0 make a line, so the point tells nothing of the height.
    const { share } = readPaper([{ name: 'a', text: sheets[0]! }]).shares[0]!;
    const [x, other] = [share.at(-1)!, share.at(-1) === 1 ? 2 : 1];
    await fc.assert(
      fc.asyncProperty(fc.uint8Array({ minLength: 32, maxLength: 32 }), async (secret) => {
        const second = secret.map((height, i) => height ^ times(times(share[i]! ^ height, inverse(x)), other));
        expect(await combine([share, Uint8Array.of(...second, other)])).toStrictEqual(new Uint8Array(secret));
      }),
      { numRuns: 25 },
    );
  });

  test('opens nothing when somebody makes up a second one', async () => {
    const { shares, whole } = readPaper([{ name: 'a', text: sheets[0]! }]);
    const madeUp = { ...shares[0]!, sheet: 2, share: new Uint8Array(randomBytes(32 + 1)) };
    madeUp.share[32] = shares[0]!.share[32] === 1 ? 2 : 1;
    await expect(joinSheets([shares[0]!, madeUp], whole)).rejects.toMatchObject({ code: 'paper-damaged' });
  });
});

describe('what was copied wrongly', () => {
  test('is named by its line, whichever letter it is, and nothing is made of it', async () => {
    const lines = sheets[1]!.split('\n');
    for (const at of [0, 2, 5, lines.length - 1]) {
      const wrong = lines.with(
        at,
        lines[at]!.replace(/[A-Z2-7](?= |$)/, (letter) => (letter === 'A' ? 'C' : 'A')),
      );
      if (wrong[at]!.slice(0, 4) !== lines[at]!.slice(0, 4)) continue;
      const { folder, json } = await joinFrom(sheets[0]!, wrong.join('\n'));
      expect(json['error']).toMatchObject({ code: 'paper-line' });
      expect((json['error'] as { sentence: string }).sentence).toContain(`line ${lines[at]!.slice(0, 4)} in`);
      await expect(readdir(folder)).rejects.toThrow('ENOENT');
    }
  });

  test('every single wrong letter and every swap of neighbours is noticed', () => {
    const line = linesOf('W', new Uint8Array(randomBytes(20)))[0]!;
    const text = formatLine(line);
    fc.assert(
      fc.property(
        fc.nat(text.length - 1),
        fc.constantFrom(...Array.from('ABCDEFGHIJKLMNOPQRSTUVWXYZ234567')),
        (at, letter) => {
          fc.pre(text[at] !== ' ' && text[at] !== letter);
          expect(parseLine(text.slice(0, at) + letter + text.slice(at + 1))).toBeNull();
        },
      ),
    );
    for (let at = 5; at < text.length - 1; at++)
      if (text[at] !== text[at + 1] && text[at] !== ' ' && text[at + 1] !== ' ')
        expect(parseLine(text.slice(0, at) + text[at + 1]! + text[at]! + text.slice(at + 2))).toBeNull();
  });

  test('a line that is missing is named', async () => {
    const without = (text: string) =>
      text
        .split('\n')
        .filter((line) => !line.startsWith('W007'))
        .join('\n');
    const { json } = await joinFrom(without(sheets[0]!), without(sheets[1]!));
    expect(json['error']).toMatchObject({ code: 'paper-missing' });
    expect((json['error'] as { sentence: string }).sentence).toContain('W007');
    const cut = sheets[0]!.split('\n').filter((line) => !line.startsWith('S002'));
    expect((await joinFrom(cut.join('\n'), sheets[1]!)).json['error']).toMatchObject({ code: 'paper-missing' });
  });

  test('sheets of different sets are told apart', async () => {
    const [other] = await split('other-sheets');
    const shareOf = (text: string) =>
      text
        .split('\n')
        .filter((line) => line.startsWith('S'))
        .join('\n');
    expect((await joinFrom(sheets[0]!, shareOf(other!))).json['error']).toMatchObject({ code: 'paper-sets' });
    expect((await joinFrom(sheets[0]!, other!)).json['error']).toMatchObject({ code: 'paper-twice' });
  });

  test('shares that say of one set how many are needed and say it differently are not joined', async () => {
    const { shares, whole } = readPaper([{ name: 'a', text: sheets[0]! }]);
    for (const change of [{ needed: 1 }, { total: 4 }])
      await expect(joinSheets([shares[0]!, { ...shares[0]!, sheet: 2, ...change }], whole)).rejects.toMatchObject({
        code: 'paper-sets',
      });
  });

  test('a folder that holds keys already is not written over', async () => {
    const file = join(base.folder, 'both.txt');
    await writeFile(file, `${sheets[0]}\n${sheets[1]}`);
    expect((await deskJson(['join', keys, file, '--no-passphrase'])).json['error']).toMatchObject({
      code: 'keys-exist',
    });
  });
});

test('more shares needed than there are is used wrongly', async () => {
  const out = join(base.folder, 'none');
  expect(await desk(['split', keys, '--out', out, '--shares', '2', '--needed', '3'])).toMatchObject({ exit: 2 });
  expect(await desk(['split', keys, '--out', out, '--shares', '17'])).toMatchObject({ exit: 2 });
  expect(await desk(['split', keys, '--out', out, '--needed', '1'])).toMatchObject({ exit: 2 });
});

describe('the forms on paper', () => {
  test('come back as they were, and only as they were written', () => {
    const bytes = (size: number) => fc.uint8Array({ minLength: size, maxLength: size });
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 200 }), (data) => {
        expect(fromBase32(toBase32(data))).toStrictEqual(new Uint8Array(data));
      }),
    );
    fc.assert(
      fc.property(bytes(4), bytes(33), fc.integer({ min: 2, max: 16 }), fc.nat(14), (set, share, total, less) => {
        const record: Share = { set, needed: Math.max(2, total - less), total, sheet: 1, share };
        const encoded = encodeShare(record);
        expect(toBase64Url(encodeShare(parseShare(recordOf(linesOf('S', encoded)))))).toBe(toBase64Url(encoded));
        expect(() => parseShare(encoded.subarray(1))).toThrow(Problem);
        expect(() => parseShare(Uint8Array.of(...encoded, 0))).toThrow(Problem);
      }),
    );
    fc.assert(
      fc.property(bytes(4), fc.uint8Array({ minLength: 1, maxLength: 3000 }), (set, file) => {
        const encoded = encodeWhole({ set, file });
        const lines = linesOf('W', encoded).map((line) => parseLine(formatLine(line))!);
        expect(toBase64Url(parseWhole(recordOf(lines)).file)).toBe(toBase64Url(file));
        expect(() => parseWhole(encoded.subarray(0, -1))).toThrow(Problem);
      }),
      { numRuns: 30 },
    );
  });

  test('no text whatever crashes the reader', () => {
    fc.assert(
      fc.property(fc.array(fc.oneof(fc.string(), fc.constantFrom(...sheets[0]!.split('\n')))), (lines) => {
        try {
          readPaper([{ name: 'typed', text: lines.join('\n') }]);
        } catch (error) {
          expect(error).toBeInstanceOf(Failure);
        }
      }),
    );
  });
});

/** Multiplication in the field of AES, written for this test. */
function times(a: number, b: number): number {
  let product = 0;
  for (let bit = 0; bit < 8; bit++) {
    if ((b >> bit) & 1) product ^= a << bit;
  }
  for (let bit = 14; bit >= 8; bit--) if ((product >> bit) & 1) product ^= 0x11b << (bit - 8);
  return product;
}

function inverse(a: number): number {
  for (let b = 1; b < 256; b++) if (times(a, b) === 1) return b;
  throw new Error('zero has no inverse');
}
