/**
 * Asking for the size of each file, a little at a time. The first time costs the browser a look at the disk (a quarter of a millisecond
 * in Chromium, on the page's own thread): 100,000 files at once would freeze the page for half a minute. Afterwards it is known.
 */

/** How long the page may stand still at a time, in milliseconds. */
const STRETCH = 12;

/** Resolves when the size of every file is known, or `signal` is aborted. `onProgress` hears how many are. */
export async function measureFiles(
  files: readonly File[],
  onProgress: (measured: number) => void,
  signal: AbortSignal,
): Promise<void> {
  let began = performance.now();
  for (const [index, file] of files.entries()) {
    // The time of change comes with the size, and is wanted later.
    if (file.size < 0 || file.lastModified === 0) continue;
    if (performance.now() - began < STRETCH) continue;
    onProgress(index + 1);
    await new Promise((resolve) => setTimeout(resolve, 0));
    if (signal.aborted) return;
    began = performance.now();
  }
}
