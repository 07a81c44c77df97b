/** Steps through a video frame by frame: how long a frame lasts is learned from the frames that are shown. */
import { useCallback, useEffect, useRef } from 'react';
import type { RefObject } from 'react';

/** Until two frames have been seen; a step of one and a half of it lands in the next frame from 20 to 45 frames a second. */
const USUAL_SECONDS = 1 / 30;
const MOST_SECONDS = 0.5;
/** So many frames must have been seen one after the other before anything is learned from them. */
const SEEN = 6;

interface Shown {
  readonly at: number;
  readonly lasts: number;
  readonly seen: readonly number[];
}

export interface Frames {
  /** For the element. */
  readonly media: RefObject<HTMLVideoElement | null>;
  readonly step: (by: 1 | -1) => void;
}

export function useFrames(): Frames {
  const media = useRef<HTMLVideoElement>(null);
  const shown = useRef<Shown>({ at: 0, lasts: USUAL_SECONDS, seen: [] });
  useEffect(() => {
    const video = media.current;
    if (video === null || !('requestVideoFrameCallback' in video)) return;
    const note = (_now: number, { mediaTime }: VideoFrameCallbackMetadata): void => {
      const { at, seen } = shown.current;
      const apart = Math.abs(mediaTime - at);
      // A seek is further than a frame.
      const next = apart > 0.001 && apart < MOST_SECONDS ? [...seen, apart].slice(-SEEN) : seen;
      // Where frames are left out, what lies between two is longer than one lasts, and never shorter.
      shown.current = { at: mediaTime, seen: next, lasts: next.length < SEEN ? USUAL_SECONDS : Math.min(...next) };
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
