/** Extracting a parcel at the desk, against what a person without this program does: age for each part, piped into tar. Same bytes, same disk, one after the other. */
import { spawn } from 'node:child_process';
import { createCipheriv, createHash } from 'node:crypto';
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { lateBytes } from '../shared/parcel/late-bytes.ts';
import { createLayout } from '../shared/parcel/layout.ts';
import { DEFAULT_PART_SIZE } from '../shared/parcel/parts.ts';
import { makeDrop, makeParcel } from '../tests/kit/make-parcel.ts';
import type { Drop, MadeParcel } from '../tests/kit/make-parcel.ts';
import { TEST_SENDER } from '../tests/kit/test-mailbox.ts';

/** One line of the table: our figure, theirs, and ours in theirs. */
export interface Row {
  readonly what: string;
  readonly ours: number;
  readonly theirs: number;
  readonly unit: string;
  readonly ratio: number;
}

export interface DeskExtractOptions {
  /** A folder on the disk to measure; needs three times `bytes` of room. */
  readonly folder: string;
  /** Bytes of the one big file. */
  readonly bytes: number;
  /** Times that each is run, in turns; the best counts. */
  readonly rounds?: number;
}

/** Measures `desk extract` against `age -d | tar x` with a classic card. Without `age` installed, no rows. */
export async function benchDeskExtract({ folder, bytes, rounds = 2 }: DeskExtractOptions): Promise<Row[]> {
  if ((await run('age', ['--version'])).code !== 0) return [];
  const work = await mkdtemp(join(folder, 'desk-extract-'));
  try {
    const drop = await makeDrop(work, 'classic');
    const parcel = await makeBigParcel(drop, bytes);
    const { stdout } = await desk(['identities', drop.keys]);
    const identity = join(work, 'identity.txt');
    await writeFile(identity, stdout, { mode: 0o600 });
    const ours: number[] = [];
    const theirs: number[] = [];
    const memory: number[] = [];
    for (let round = 0; round < rounds; round++) {
      const outs = { stock: join(work, `stock-${round}`), desk: join(work, `desk-${round}`) };
      await mkdir(outs.stock);
      // The desk waits until all is on the disk; what others left to be written is none of its work.
      await run('sync', []);
      theirs.push(await seconds(() => stockExtract(parcel.folder, identity, outs.stock)));
      await run('sync', []);
      ours.push(
        await seconds(async () => {
          const { stderr } = await desk(['extract', drop.bundle, '--keys', drop.keys, '--out', outs.desk]);
          memory.push(Number(/(\d+) kB/.exec(stderr)?.[1] ?? 0) / 1000);
        }),
      );
      await rm(outs.stock, { recursive: true });
      await rm(outs.desk, { recursive: true });
    }
    const rate = (times: readonly number[]) => parcel.size / 1e6 / Math.min(...times);
    return [
      {
        what: 'desk extract, against age -d | tar x',
        ours: rate(ours),
        theirs: rate(theirs),
        unit: 'MB/s',
        ratio: rate(ours) / rate(theirs),
      },
      {
        what: 'desk extract: most memory, against its limit',
        ours: Math.max(...memory),
        theirs: 300,
        unit: 'MB resident',
        ratio: Math.max(...memory) / 300,
      },
    ];
  } finally {
    await rm(work, { recursive: true, force: true });
  }
}

/** `for p in *.age; do age -d …; done | tar x`: the recipe of the README. */
async function stockExtract(parts: string, identity: string, out: string): Promise<void> {
  const script = 'cd "$1" && for p in *.age; do age -d -i "$2" "$p" || exit 1; done | tar x -C "$3"';
  const { code, stderr } = await run('sh', ['-c', script, 'sh', parts, identity, out]);
  if (code !== 0) throw new Error(stderr);
}

async function desk(args: readonly string[]): Promise<{ stdout: string; stderr: string }> {
  const main = new URL('../desk/main.ts', import.meta.url).pathname;
  const memory = new URL('peak-memory.mjs', import.meta.url).pathname;
  const result = await run(process.execPath, ['--import', memory, main, ...args]);
  if (result.code !== 0) throw new Error(result.stderr);
  return result;
}

/** One file of bytes that look random, which are made when they are wanted. */
async function makeBigParcel(drop: Drop, bytes: number): Promise<MadeParcel> {
  const parcel = '0123456789abcdef0123456789abcdef';
  const files = [{ path: 'night.mov', size: bytes, modified: 1_700_000_000_123 }];
  const layout = createLayout({
    parcel,
    day: '2026-11-24',
    sender: TEST_SENDER,
    replyRecipient: 'age1test',
    message: null,
    messageModified: 0,
    files,
  });
  const hash = createHash('sha256');
  for (let at = 0; at < bytes; at += DEFAULT_PART_SIZE)
    hash.update(bytesAt(at, Math.min(bytes, at + DEFAULT_PART_SIZE)));
  const late = await lateBytes(layout, [{ sha256: hash.digest(), status: 'whole' }]);
  return makeParcel(drop, {
    parcel,
    size: layout.paddedSize,
    partSize: DEFAULT_PART_SIZE,
    read: (from, to) =>
      Buffer.concat(
        layout.piecesIn(from, to).map((piece) => {
          if (piece.kind === 'bytes') return piece.bytes;
          if (piece.kind === 'zeros') return new Uint8Array(piece.length);
          return piece.kind === 'late'
            ? late[piece.name].subarray(piece.from, piece.to)
            : bytesAt(piece.from, piece.to);
        }),
      ),
  });
}

/** Bytes `from` to `to` of an endless AES-256-CTR key stream. */
function bytesAt(from: number, to: number): Uint8Array {
  const counter = Buffer.alloc(16);
  const first = Math.floor(from / 16);
  counter.writeBigUInt64BE(BigInt(first), 8);
  const cipher = createCipheriv('aes-256-ctr', Buffer.alloc(32), counter);
  return cipher.update(new Uint8Array(to - first * 16)).subarray(from - first * 16);
}

async function seconds(work: () => Promise<void>): Promise<number> {
  const start = performance.now();
  await work();
  return (performance.now() - start) / 1000;
}

function run(program: string, args: readonly string[]): Promise<{ code: number; stdout: string; stderr: string }> {
  return new Promise((resolve) => {
    const child = spawn(program, args, { stdio: ['ignore', 'pipe', 'pipe'] });
    let stdout = '';
    let stderr = '';
    child.stdout.setEncoding('utf8').on('data', (text: string) => (stdout += text));
    child.stderr.setEncoding('utf8').on('data', (text: string) => (stderr += text));
    child.on('error', () => resolve({ code: 127, stdout, stderr }));
    child.on('close', (code) => resolve({ code: code ?? 1, stdout, stderr }));
  });
}
