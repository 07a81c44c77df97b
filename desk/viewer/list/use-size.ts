/** The inner size of an element in pixels, as it changes. */
import { useEffect, useState } from 'react';
import type { RefObject } from 'react';

export interface Size {
  readonly width: number;
  readonly height: number;
}

const NONE: Size = { width: 0, height: 0 };

export function useSize(place: RefObject<HTMLElement | null>): Size {
  const [size, setSize] = useState(NONE);
  useEffect(() => {
    const element = place.current;
    if (element === null) return;
    const watcher = new ResizeObserver(() => setSize({ width: element.clientWidth, height: element.clientHeight }));
    watcher.observe(element);
    return () => watcher.disconnect();
  }, [place]);
  return size;
}
