/** Writes the proved bytes: one clip as it is; of several, each at its place in a file as large as the original. It takes its name only at the end. */
import { lstat, open, rename, rm } from 'node:fs/promises';
import type { FileHandle } from 'node:fs/promises';
import { Failure } from '../failure.ts';
import type { ProvedClip, TakeChunk } from './verify-clip.ts';
import { writingTo } from '../writing-to.ts';

/** Runs `check` with a place for its chunks; what it wrote stays only when it is fulfilled. Failures `out-exists`, `out-full`, `out-unwritable`. */
export async function writingClip(path: string, check: (take: TakeChunk) => Promise<ProvedClip>): Promise<ProvedClip> {
  const draft = `${path}.partial`;
  if ((await lstat(path).catch(() => null)) !== null) throw new Failure('out-exists', { path });
  const file = await writingTo(draft, async () => open(draft, 'wx', 0o600));
  try {
    let next = 0;
    const proved = await check((clips, offset, bytes) =>
      writingTo(path, async () => {
        const shift = clips.length === 1 ? clips[0]!.from : 0;
        while (next < clips.length && clips[next]!.to <= offset) next++;
        for (let i = next; i < clips.length && clips[i]!.from < offset + bytes.length; i++) {
          const from = Math.max(clips[i]!.from, offset);
          const to = Math.min(clips[i]!.to, offset + bytes.length);
          await writeAt(file, bytes.subarray(from - offset, to - offset), from - shift);
        }
      }),
    );
    await writingTo(path, async () => {
      if (proved.clips.length > 1) await file.truncate(proved.size);
      await file.sync();
      await file.close();
      await rename(draft, path);
    });
    return proved;
  } catch (error) {
    await file.close().catch(() => undefined);
    await rm(draft, { force: true });
    throw error;
  }
}

async function writeAt(file: FileHandle, bytes: Uint8Array, position: number): Promise<void> {
  for (let at = 0; at < bytes.length;)
    at += (await file.write(bytes, at, bytes.length - at, position + at)).bytesWritten;
}
