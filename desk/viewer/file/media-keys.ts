/** What a key does to a video or a sound, the same in every browser. */

const SECONDS = 5;
const VOLUME_STEP = 0.1;

/** True when the key is one of ours. */
export function pressed(media: HTMLMediaElement, key: string, shift: boolean): boolean {
  const length = Number.isFinite(media.duration) ? media.duration : Infinity;
  const go = (seconds: number): void => {
    media.currentTime = Math.max(0, Math.min(seconds, length));
  };
  const louder = (by: number): void => {
    media.volume = Math.max(0, Math.min(1, media.volume + by));
  };
  switch (key) {
    case ' ':
      toggle(media);
      return true;
    case 'ArrowLeft':
      go(media.currentTime - (shift ? 1 : SECONDS));
      return true;
    case 'ArrowRight':
      go(media.currentTime + (shift ? 1 : SECONDS));
      return true;
    case 'ArrowUp':
      louder(VOLUME_STEP);
      return true;
    case 'ArrowDown':
      louder(-VOLUME_STEP);
      return true;
    case 'm':
      media.muted = !media.muted;
      return true;
    case 'f':
      fill(media);
      return true;
    case 'Home':
      go(0);
      return true;
    case 'End':
      if (length !== Infinity) go(length);
      return true;
    default:
      if (!/^\d$/.test(key) || length === Infinity) return false;
      go((length * Number(key)) / 10);
      return true;
  }
}

function toggle(media: HTMLMediaElement): void {
  // A refusal to play shows itself as the element's error.
  if (media.paused) void media.play().catch(() => undefined);
  else media.pause();
}

function fill(media: HTMLMediaElement): void {
  const done = document.fullscreenElement === null ? media.requestFullscreen() : document.exitFullscreen();
  void done.catch(() => undefined);
}
