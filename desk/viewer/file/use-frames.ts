/** Steps through a video frame by frame: how long a frame lasts is learned from the frames that are shown. */
import { useCallback, useEffect, useRef } from 'react';
import type { RefObject } from 'react';

/** Until two frames have been seen; a step of one and a half of it lands in the next frame from 20 to 45 frames a second. */
const USUAL_SECONDS = 1 / 30;
const MOST_SECONDS = 0.5;

export interface Frames {
  /** For the element. */
  readonly media: RefObject<HTMLVideoElement | null>;
  readonly step: (by: 1 | -1) => void;
}

export function useFrames(): Frames {
  const media = useRef<HTMLVideoElement>(null);
  const shown = useRef({ at: 0, lasts: USUAL_SECONDS });
  useEffect(() => {
    const video = media.current;
    if (video === null || !('requestVideoFrameCallback' in video)) return;
    const note = (_now: number, { mediaTime }: VideoFrameCallbackMetadata): void => {
      const apart = Math.abs(mediaTime - shown.current.at);
      const { lasts } = shown.current;
      // A seek is further than a frame; a frame that was left out looks like two.
      const next =
        apart > 0.001 && apart < MOST_SECONDS && (lasts === USUAL_SECONDS || apart < lasts * 1.5) ? apart : lasts;
      shown.current = { at: mediaTime, lasts: next };
      handle = video.requestVideoFrameCallback(note);
    };
    let handle = video.requestVideoFrameCallback(note);
    return () => video.cancelVideoFrameCallback(handle);
  }, []);
  const step = useCallback((by: 1 | -1) => {
    const video = media.current;
    if (video === null) return;
    video.pause();
    const { at, lasts } = shown.current;
    // The frame's own time while it is on the screen; the middle of the next one is what is aimed at.
    const base = Math.abs(video.currentTime - at) < 2 * lasts ? at : video.currentTime;
    video.currentTime = Math.max(0, base + (by === 1 ? 1.5 : -0.5) * lasts);
  }, []);
  return { media, step };
}
