/** Small pictures of videos: two are opened at a time, muted, one frame each is kept, and the video is let go of again. */

const AT_ONCE = 2;
const MOST_KEPT = 200;
const LIMIT_MS = 8000;
const WIDTH = 320;

const kept = new Map<string, ImageBitmap>();
const waiting: (() => void)[] = [];
let open = 0;

/** A frame from near the beginning; null when none can be had. Given up when the signal comes before its turn. */
export async function frameOf(href: string, signal: AbortSignal): Promise<ImageBitmap | null> {
  const known = kept.get(href);
  if (known !== undefined) return known;
  while (open >= AT_ONCE) await new Promise<void>((resolve) => waiting.push(resolve));
  open++;
  try {
    if (signal.aborted) return null;
    const frame = kept.get(href) ?? (await grab(href, signal));
    if (frame !== null) keep(href, frame);
    return frame;
  } finally {
    open--;
    waiting.shift()?.();
  }
}

function keep(href: string, frame: ImageBitmap): void {
  kept.set(href, frame);
  const [oldest] = kept.keys();
  if (kept.size > MOST_KEPT && oldest !== undefined) kept.delete(oldest);
}

async function grab(href: string, signal: AbortSignal): Promise<ImageBitmap | null> {
  const video = document.createElement('video');
  video.muted = true;
  video.preload = 'metadata';
  // Otherwise the frame could be shown but not kept.
  video.crossOrigin = 'anonymous';
  const limit = AbortSignal.any([signal, AbortSignal.timeout(LIMIT_MS)]);
  try {
    const ready = event(video, 'loadeddata', limit);
    video.src = href;
    await ready;
    if (Number.isFinite(video.duration) && video.duration > 2) {
      const there = event(video, 'seeked', limit);
      video.currentTime = 1;
      await there;
    }
    if (video.videoWidth === 0) return null;
    const height = Math.max(1, Math.round((WIDTH * video.videoHeight) / video.videoWidth));
    return await createImageBitmap(video, { resizeWidth: WIDTH, resizeHeight: Math.min(height, 4 * WIDTH) });
  } catch {
    return null;
  } finally {
    video.removeAttribute('src');
    video.load();
  }
}

function event(video: HTMLVideoElement, name: 'loadeddata' | 'seeked', signal: AbortSignal): Promise<void> {
  return new Promise((resolve, reject) => {
    const end = (): void => reject(new Error(name));
    if (signal.aborted) end();
    signal.addEventListener('abort', end, { once: true });
    video.addEventListener('error', end, { once: true });
    video.addEventListener(name, () => resolve(), { once: true });
  });
}
