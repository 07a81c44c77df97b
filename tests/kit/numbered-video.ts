/** Films whose every frame shows its own number in black and white blocks, and the reading of that number from a picture of the screen. */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { finished } from 'node:stream/promises';
import type { Page } from './browser.ts';

export const RATE = 25;
const [WIDTH, HEIGHT] = [320, 192];
const [COLUMNS, ROWS] = [4, 3];
const [BLOCK_WIDTH, BLOCK_HEIGHT] = [WIDTH / COLUMNS, HEIGHT / ROWS];

const KINDS = {
  // No `faststart`: the index comes at the end, as cameras write it.
  mp4: ['-c:v', 'libx264', '-preset', 'ultrafast', '-pix_fmt', 'yuv420p', '-g', '50'],
  webm: ['-c:v', 'libvpx', '-deadline', 'realtime', '-cpu-used', '8', '-b:v', '2M', '-pix_fmt', 'yuv420p', '-g', '50'],
} as const;

/** Writes a film of so many frames (at most 4,096), 25 a second. `more` are further options of ffmpeg. */
export async function writeNumberedVideo(
  path: string,
  kind: keyof typeof KINDS,
  frames: number,
  more: readonly string[] = [],
): Promise<void> {
  const input = ['-f', 'rawvideo', '-pix_fmt', 'gray', '-s', `${WIDTH}x${HEIGHT}`, '-r', String(RATE), '-i', '-'];
  const args = ['-hide_banner', '-loglevel', 'error', '-y', ...input, ...KINDS[kind], ...more, path];
  const ffmpeg = spawn('ffmpeg', args, { stdio: ['pipe', 'inherit', 'inherit'] });
  for (let number = 0; number < frames; number++)
    if (!ffmpeg.stdin.write(frameOf(number))) await once(ffmpeg.stdin, 'drain');
  ffmpeg.stdin.end();
  await finished(ffmpeg.stdin);
  if (ffmpeg.exitCode === null) await once(ffmpeg, 'exit');
  if (ffmpeg.exitCode !== 0) throw new Error(`ffmpeg ended with ${ffmpeg.exitCode}`);
}

function frameOf(number: number): Uint8Array {
  const frame = new Uint8Array(WIDTH * HEIGHT);
  for (let y = 0; y < HEIGHT; y++) {
    for (let x = 0; x < WIDTH; x++) {
      const bit = Math.floor(y / BLOCK_HEIGHT) * COLUMNS + Math.floor(x / BLOCK_WIDTH);
      frame[y * WIDTH + x] = (number >> bit) & 1 ? 235 : 16;
    }
  }
  return frame;
}

/** The number in a frame as ffmpeg gives it, in shades of grey. */
export function numberIn(frame: Uint8Array): number {
  let number = 0;
  for (let bit = 0; bit < COLUMNS * ROWS; bit++) {
    const x = BLOCK_WIDTH * ((bit % COLUMNS) + 0.5);
    const y = BLOCK_HEIGHT * (Math.floor(bit / COLUMNS) + 0.5);
    let sum = 0;
    for (let at = -8; at < 8; at++) sum += frame[y * WIDTH + x + at] ?? 0;
    if (sum / 16 > 128) number |= 1 << bit;
  }
  return number;
}

/** The number that the page's video shows now, read from a picture of the page. */
export async function shownNumber(page: Page, takePicture: () => Promise<Uint8Array>): Promise<number> {
  // The browser's own controls lie over the lower rows.
  await page.evaluate(`document.querySelector('video').controls = false`);
  const picture = Buffer.from(await takePicture()).toString('base64');
  await page.evaluate(`document.querySelector('video').controls = true`);
  return page.evaluate<number>(`(async () => {
    const bytes = Uint8Array.from(atob(${JSON.stringify(picture)}), (letter) => letter.charCodeAt(0));
    const bitmap = await createImageBitmap(new Blob([bytes], { type: 'image/png' }));
    const canvas = new OffscreenCanvas(bitmap.width, bitmap.height);
    const context = canvas.getContext('2d');
    context.drawImage(bitmap, 0, 0);
    const box = document.querySelector('video').getBoundingClientRect();
    const scale = Math.min(box.width / ${WIDTH}, box.height / ${HEIGHT});
    const [left, top] = [box.x + (box.width - scale * ${WIDTH}) / 2, box.y + (box.height - scale * ${HEIGHT}) / 2];
    let number = 0;
    for (let bit = 0; bit < ${COLUMNS * ROWS}; bit++) {
      const x = left + scale * ${BLOCK_WIDTH} * ((bit % ${COLUMNS}) + 0.5);
      const y = top + scale * ${BLOCK_HEIGHT} * (Math.floor(bit / ${COLUMNS}) + 0.5);
      if (context.getImageData(Math.round(x), Math.round(y), 1, 1).data[0] > 128) number |= 1 << bit;
    }
    return number;
  })()`);
}
