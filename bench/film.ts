/** Real films as large as wanted, put into parcels: frames that show their numbers, encoded once and repeated until the size is there. */
import { execFile } from 'node:child_process';
import { open, rm, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import type { Drop, MadeParcel } from '../tests/kit/make-parcel.ts';
import { numberIn, RATE, writeNumberedVideo } from '../tests/kit/numbered-video.ts';
import { makeParcelOfFile } from './big-parcel.ts';

const run = promisify(execFile);

/** Frames until the numbers begin again. */
const FRAMES = 2_000;
const NOISE = ['-vf', 'noise=alls=60:allf=t'];
const RATES = { mp4: [...NOISE, '-qp', '6'], webm: [...NOISE, '-b:v', '20M', '-maxrate', '20M', '-qmax', '12'] };

export interface Film {
  readonly parcel: MadeParcel;
  readonly size: number;
  readonly frames: number;
}

/** A film of about `size` bytes in a parcel; nothing of it is left elsewhere in `folder`. */
export async function makeFilm(drop: Drop, folder: string, kind: 'mp4' | 'webm', size: number): Promise<Film> {
  const [clip, path] = [join(folder, `clip.${kind}`), join(folder, `film.${kind}`)];
  await writeNumberedVideo(clip, kind, FRAMES, RATES[kind]);
  const times = Math.max(1, Math.round(size / (await stat(clip)).size));
  const quiet = ['-hide_banner', '-loglevel', 'error', '-y'];
  await run('ffmpeg', [...quiet, '-stream_loop', String(times - 1), '-i', clip, '-c', 'copy', path]);
  await rm(clip);
  const file = await open(path);
  try {
    const { size: bytes } = await file.stat();
    const id = (kind === 'mp4' ? 'a' : 'b').repeat(32);
    const read = async (from: number, to: number) => {
      const { buffer, bytesRead } = await file.read(Buffer.alloc(to - from), 0, to - from, from);
      if (bytesRead !== to - from) throw new Error('the film is shorter than it was');
      return buffer;
    };
    const parcel = await makeParcelOfFile(drop, id, { path: `night.${kind}`, size: bytes, read });
    return { parcel, size: bytes, frames: times * FRAMES };
  } finally {
    await file.close();
    await rm(path);
  }
}

/** True when ffmpeg, seeking as a player does, finds at `frame` the number that stands there. */
export async function showsFrame(
  href: string,
  headers: Readonly<Record<string, string>>,
  frame: number,
): Promise<boolean> {
  const lines = Object.entries(headers).map(([name, value]) => `${name}: ${value}\r\n`);
  const at = ((frame + 0.5) / RATE).toFixed(3);
  const output = ['-frames:v', '1', '-f', 'rawvideo', '-pix_fmt', 'gray', '-'];
  const args = ['-hide_banner', '-loglevel', 'error', '-headers', lines.join(''), '-ss', at, '-i', href, ...output];
  const { stdout } = await run('ffmpeg', args, { encoding: 'buffer', maxBuffer: 1_048_576 });
  return Math.abs(numberIn(stdout) - (frame % FRAMES)) <= 1;
}
