/** Proofs that were tampered with, in every field and every file: both verifiers refuse each, and for the same reason. */
import { spawnSync } from 'node:child_process';
import { cp, mkdir, readFile, rm, symlink, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { createTestLog } from '../kit/log-proof.ts';
import { patternBytes } from '../kit/random-bytes.ts';
import { byDesk, byPython, clipScene, good } from './clip-scene.ts';
import { scratch } from './desk.ts';

type Tamper = (folder: string) => Promise<void>;

const inText =
  (name: string, change: (text: string) => string): Tamper =>
  async (folder) => {
    const text = await readFile(join(folder, name), 'utf8');
    const changed = change(text);
    if (changed === text) throw new Error(`${name} was not changed`);
    await writeFile(join(folder, name), changed);
  };

const inBytes =
  (name: string, change: (bytes: Buffer) => Uint8Array): Tamper =>
  async (folder) => {
    await writeFile(join(folder, name), change(await readFile(join(folder, name))));
  };

/** Another digit in place of the first one after `field`, on its `nth` line. */
const flip =
  (field: string, skip = 0) =>
  (text: string): string =>
    text.replace(
      new RegExp(String.raw`^(${field} .{${skip}})(.)`, 'm'),
      (_, start: string, digit: string) => start + (digit === '1' ? '2' : '1'),
    );

const lines = (change: (lines: string[]) => string[]) => (text: string) => change(text.split('\n')).join('\n');
const linesOf = (text: string, field: string) => text.split('\n').filter((line) => line.startsWith(`${field} `));

const swap = (field: string) => (text: string) => {
  const [first, second] = linesOf(text, field);
  return text.replace(`${first}\n`, '#\n').replace(`${second}\n`, `${first}\n`).replace('#\n', `${second}\n`);
};

const proof = (change: (text: string) => string) => inText('proof.txt', change);

const inLog = (change: (text: string) => string) => inText('receipt.tlog-proof', change);
const otherLetter = (_: string, before: string, letter: string, after: unknown) =>
  before + (letter === 'B' ? 'C' : 'B') + (typeof after === 'string' ? after : '');
/** A sound proof, but for another receipt. */
let otherProof = '';

/** Name, tampering, and what both must say. */
const CORPUS: readonly (readonly [name: string, tamper: Tamper, fault: string])[] = [
  ['the number of the file', proof(flip('index')), 'file'],
  ['a number that no file has', proof((t) => t.replace(/^index .*/m, 'index 999999999')), 'file'],
  ['the size', proof(flip('size')), 'file'],
  ['the size off by one', proof((t) => t.replace(/^size (\d+)/m, (_, n) => `size ${Number(n) + 1}`)), 'file'],
  ['a huge size', proof((t) => t.replace(/^size .*/m, 'size 9007199254740991')), 'file'],
  ['a size beyond all', proof((t) => t.replace(/^size .*/m, 'size 9007199254740992')), 'proof'],
  ['a size of a thousand digits', proof((t) => t.replace(/^size .*/m, `size ${'9'.repeat(1000)}`)), 'proof'],
  ['a size with a zero before it', proof((t) => t.replace(/^size /m, 'size 0')), 'proof'],
  ['a size below zero', proof((t) => t.replace(/^size /m, 'size -')), 'proof'],
  ['a size as a fraction', proof((t) => t.replace(/^(size \d+)/m, '$1.0')), 'proof'],
  ['digits of another script', proof((t) => t.replace(/^size .*/m, 'size ٣')), 'proof'],
  ['the root of the chunks', proof(flip('chunks')), 'file'],
  ['the blinded name', proof(flip('name')), 'file'],
  ['the blinded hash', proof(flip('sha256')), 'file'],
  ['a capital digit', proof((t) => t.replace(/^chunks .*/m, (line) => line.slice(0, 9) + 'A'.repeat(62))), 'proof'],
  ['a hash beside the file', proof(flip('file-beside')), 'file'],
  ['hashes beside the file swapped', proof(swap('file-beside')), 'file'],
  ['a hash beside the file too few', proof((t) => t.replace(/^file-beside .*\n/m, '')), 'file'],
  ['a hash beside the file too many', proof((t) => t.replace(/^(file-beside .*\n)/m, '$1$1')), 'file'],
  ['the path told', proof(flip('open-name', 67)), 'opened'],
  [
    'the path of another file',
    proof((t) => t.replace(Buffer.from('a.mp4').toString('hex'), Buffer.from('b.mp4').toString('hex'))),
    'opened',
  ],
  ['the salt of the path', proof(flip('open-name')), 'opened'],
  ['the hash told', proof(flip('open-sha256', 66)), 'opened'],
  ['the parcel told', proof(flip('open-parcel', 66)), 'opened'],
  ['the seal told', proof(flip('open-seal', 66)), 'opened'],
  ['a path of no bytes', proof((t) => t.replace(/^(open-name .{64}) .*/m, '$1 ')), 'proof'],
  ['a path without end', proof((t) => t.replace(/^(open-name .{64}) .*/m, `$1 ${'61'.repeat(4097)}`)), 'proof'],
  ['three words told', proof((t) => t.replace(/^(open-name .*)/m, '$1 00')), 'proof'],
  [
    'told in another order',
    proof(
      lines((l) => {
        const at = l.findIndex((line) => line.startsWith('open-name'));
        return l.with(at, l[at + 1]!).with(at + 1, l[at]!);
      }),
    ),
    'proof',
  ],
  ['the receipt without its parcel', proof((t) => t.replace(/^open-parcel .*\n/m, '')), 'receipt'],
  ['the receipt without its seal', proof((t) => t.replace(/^open-seal .*\n/m, '')), 'receipt'],
  ['the beginning of the clip', proof((t) => t.replace(/^clip 200000 /m, 'clip 1 ')), 'clips'],
  ['a clip that is empty', proof((t) => t.replace(/^clip 200000 .*/m, 'clip 200000 200000')), 'clips'],
  ['a clip backwards', proof((t) => t.replace(/^clip 200000 (\d+)/m, 'clip $1 200000')), 'clips'],
  ['clips that overlap', proof((t) => t.replace(/^clip 200000 /m, 'clip 9 ')), 'clips'],
  ['clips in another order', proof(swap('clip')), 'clips'],
  ['a clip twice', proof((t) => t.replace(/^(clip 200000 .*\n)/m, '$1$1')), 'clips'],
  ['a clip beyond the end', proof((t) => t.replace(/^clip 200000 .*/m, 'clip 200000 300001')), 'clips'],
  ['a huge clip', proof((t) => t.replace(/^clip 200000 .*/m, 'clip 200000 9007199254740991')), 'clips'],
  ['no clip', proof((t) => t.replaceAll(/^clip .*\n/gm, '')), 'clips'],
  ['nothing shown at all', proof((t) => t.replaceAll(/^(?:clip|salt) .*\n/gm, '')), 'clips'],
  ['a clip without an end', proof((t) => t.replace(/^clip 200000 .*/m, 'clip 200000')), 'proof'],
  ['a salt', proof(flip('salt')), 'bytes'],
  ['salts swapped', proof(swap('salt')), 'bytes'],
  ['a salt too few', proof((t) => t.replace(/^salt .*\n/m, '')), 'clips'],
  ['a salt too many', proof((t) => t.replace(/^(salt .*\n)/m, '$1$1')), 'clips'],
  ['a hash beside the chunks', proof(flip('chunk-beside')), 'bytes'],
  ['hashes beside the chunks swapped', proof(swap('chunk-beside')), 'bytes'],
  ['a hash beside the chunks too few', proof((t) => t.replace(/^chunk-beside .*\n/m, '')), 'bytes'],
  ['a hash beside the chunks too many', proof((t) => `${t}${linesOf(t, 'chunk-beside')[0]}\n`), 'bytes'],
  ['a line behind the end', proof((t) => `${t}note x\n`), 'proof'],
  ['an empty line behind the end', proof((t) => `${t}\n`), 'proof'],
  ['a last line without its end', proof((t) => t.slice(0, -1)), 'proof'],
  ['line ends of Windows', proof((t) => t.replaceAll('\n', '\r\n')), 'proof'],
  ['two spaces', proof((t) => t.replace('size ', 'size  ')), 'proof'],
  ['fields in another order', proof(lines((l) => l.with(1, l[2]!).with(2, l[1]!))), 'proof'],
  ['another context', proof((t) => t.replace('/v1', '/v2')), 'proof'],
  ['an empty proof', proof(() => ''), 'proof'],
  ['bytes that are no text', inBytes('proof.txt', (b) => Buffer.concat([b, Buffer.from([0xff])])), 'proof'],
  ['no proof', (folder) => rm(join(folder, 'proof.txt')), 'missing'],
  [
    'a folder as proof',
    async (folder) => {
      await rm(join(folder, 'proof.txt'));
      await mkdir(join(folder, 'proof.txt'));
    },
    'missing',
  ],
  [
    'a pipe as proof',
    async (folder) => {
      await rm(join(folder, 'proof.txt'));
      spawnSync('mkfifo', [join(folder, 'proof.txt')]);
    },
    'missing',
  ],
  [
    'a link as proof',
    async (folder) => {
      await cp(join(folder, 'proof.txt'), join(folder, 'p'));
      await rm(join(folder, 'proof.txt'));
      await symlink('p', join(folder, 'proof.txt'));
    },
    'missing',
  ],
  ['the first byte shown', inBytes('shown.bin', (b) => b.fill(b[0]! ^ 1, 0, 1)), 'bytes'],
  ['the last byte shown', inBytes('shown.bin', (b) => b.fill(b.at(-1)! ^ 1, b.length - 1)), 'bytes'],
  [
    'chunks swapped',
    inBytes('shown.bin', (b) =>
      Buffer.concat([b.subarray(65_536, 131_072), b.subarray(0, 65_536), b.subarray(131_072)]),
    ),
    'bytes',
  ],
  ['bytes cut off', inBytes('shown.bin', (b) => b.subarray(0, -1)), 'bytes'],
  ['bytes added', inBytes('shown.bin', (b) => Buffer.concat([b, Buffer.alloc(1)])), 'bytes'],
  ['no bytes', (folder) => rm(join(folder, 'shown.bin')), 'bytes'],
  [
    'a pipe as bytes',
    async (folder) => {
      await rm(join(folder, 'shown.bin'));
      spawnSync('mkfifo', [join(folder, 'shown.bin')]);
    },
    'bytes',
  ],
  ...['desk', 'statement'].flatMap((name) => [
    [`${name}: the context`, inText(`${name}.note`, (t) => t.replace('/v1', '/v2')), name] as const,
    [`${name}: a day`, inText(`${name}.note`, (t) => t.replace(/2026-1/, '2026-0')), name] as const,
    [
      `${name}: the signature`,
      inText(`${name}.note`, (t) => t.replace(/(\w)(\w+={0,2}\n)$/, (_, c, rest) => (c === 'A' ? 'B' : 'A') + rest)),
      name,
    ] as const,
    [
      `${name}: bits behind the signature`,
      inText(`${name}.note`, (t) => t.replace(/.=\n$/, (end) => `${end[0] === '9' ? '8' : '9'}=\n`)),
      name,
    ] as const,
    [`${name}: another role`, inText(`${name}.note`, (t) => t.replace('— postern-', '— postern_')), name] as const,
    [`${name}: a line more`, inText(`${name}.note`, (t) => `${t}\n`), name] as const,
    [`${name}: too long`, inText(`${name}.note`, (t) => t + ' '.repeat(65_536)), 'missing'] as const,
    [`${name}: gone`, (folder: string) => rm(join(folder, `${name}.note`)), 'missing'] as const,
  ]),
  ['statement: the tree', inText('statement.note', flip('tree')), 'statement'],
  ['statement: the number of files', inText('statement.note', flip('files')), 'statement'],
  ['statement in place of the desk', (folder) => cp(join(folder, 'statement.note'), join(folder, 'desk.note')), 'desk'],
  ['card without receipt', (folder) => rm(join(folder, 'receipt.note')), 'receipt'],
  ['receipt without card', (folder) => rm(join(folder, 'card.note')), 'receipt'],
  ['the day of the receipt', inText('receipt.note', (t) => t.replace('2026-', '2025-')), 'receipt'],
  ['the receipt key of the card', inText('card.note', flip('receipt-key')), 'receipt'],
  [
    'log without receipt',
    async (folder) => {
      await rm(join(folder, 'receipt.note'));
      await rm(join(folder, 'card.note'));
    },
    'log',
  ],
  ['log: another form', inLog((t) => t.replace('@v1', '@v2')), 'log'],
  ['log: the blinding', inLog((t) => t.replace(/^(extra .{9})(.)/m, otherLetter)), 'log'],
  ['log: bits behind the blinding', inLog((t) => t.replace(/^(extra .{42})./m, '$1/')), 'log'],
  ['log: no blinding', inLog((t) => t.replace(/^extra .*\n/m, '')), 'log'],
  ['log: the place', inLog((t) => t.replace(/^index (\d+)/m, (_, n) => `index ${Number(n) ^ 1}`)), 'log'],
  ['log: a place beyond the end', inLog((t) => t.replace(/^index .*/m, 'index 4096')), 'log'],
  ['log: a place with a zero before it', inLog((t) => t.replace(/^index /m, 'index 0')), 'log'],
  ['log: a hash', inLog((t) => t.replace(/^(index .*\n)(.)/m, otherLetter)), 'log'],
  ['log: a hash too few', inLog((t) => t.replace(/^(index .*\n).*\n/m, '$1')), 'log'],
  ['log: a hash too many', inLog((t) => t.replace(/^(index .*\n)(.*\n)/m, '$1$2$2')), 'log'],
  ['log: hashes of another length', inLog((t) => t.replace(/^(index .*\n).*\n/m, '$1AAAA\n')), 'log'],
  ['log: the origin', inLog((t) => t.replaceAll(/log\/v1\/./g, 'log/v1/g')), 'log'],
  ['log: the size', inLog((t) => t.replace(/^(postern\/log.*\n)(\d+)/m, (_, o, n) => `${o}${Number(n) + 256}`)), 'log'],
  ['log: the root', inLog((t) => t.replace(/^(postern\/log.*\n\d+\n)(.)/m, otherLetter)), 'log'],
  ['log: the signature', inLog((t) => t.replace(/( .{20})(.)(.*\n)$/, otherLetter)), 'log'],
  ['log: a line behind the end', inLog((t) => `${t}x\n`), 'log'],
  ['log: without a checkpoint', inLog((t) => t.slice(0, t.indexOf('\n\n') + 2)), 'log'],
  ['log: too long', inLog((t) => t + '\n'.repeat(4096)), 'log'],
  ['log: bytes that are no text', inBytes('receipt.tlog-proof', (b) => b.fill(0xff, 0, 1)), 'log'],
  ['log: that of another receipt', inText('receipt.tlog-proof', () => otherProof), 'log'],
];

test('every tampering is refused by both verifiers, for the same reason', async () => {
  const { folder, remove } = await scratch();
  try {
    const scene = await clipScene(folder, [
      { path: 'a.mp4', content: patternBytes(300_000) },
      ...['b.mp4', 'c.mp4', 'd.mp4', 'e.mp4'].map((path) => ({ path, content: patternBytes(90_000) })),
    ]);
    const log = createTestLog(scene.drop.receiptKey);
    log.grow(3);
    otherProof = await log.add('another receipt');
    const envelope = await scene.made.envelope();
    await scene.made.writeEnvelope({ ...envelope, version: 2, log: await log.add(envelope.receipt!) });
    const sound = join(folder, 'sound');
    const ranges = ['--from=200000', '--to=240000', '--also=0-10'];
    const told = ['--name', '--hash', '--receipt', scene.drop.bundle];
    const file = join(scene.bag, 'data/files/a.mp4');
    await good(['prove', file, '--keys', scene.drop.keys, '--out', sound, ...ranges, ...told]);
    const folders = [sound];
    for (const [i, [, tamper]] of CORPUS.entries()) {
      const copy = join(folder, `tampered-${i}`);
      await cp(sound, copy, { recursive: true });
      await tamper(copy);
      folders.push(copy);
    }
    const names = ['sound', ...CORPUS.map(([name]) => name)];
    const expected = ['proved', ...CORPUS.map(([, , fault]) => fault)];
    const table = (found: readonly string[]) => names.map((name, i) => `${name}: ${found[i]}`);
    const desk: string[] = [];
    for (const each of folders) desk.push(await byDesk(each, scene.root));
    expect(table(desk)).toEqual(table(expected));
    expect(table(await byPython(folder, folders, scene.root))).toEqual(table(expected));
  } finally {
    await remove();
  }
});
