/** Which rows of a long list are on the screen: only those are in the page, so that 100,000 cost no more than 50. */
import { useEffect, useState } from 'react';
import type { RefObject } from 'react';

const ROWS_BEYOND = 8;

export interface Rows {
  readonly from: number;
  /** Exclusive. */
  readonly to: number;
}

/** Follows scrolling and size of the element; it renders anew only when other rows come into sight. `rowHeight` in pixels. */
export function useWindow(place: RefObject<HTMLElement | null>, rows: number, rowHeight: number): Rows {
  const [shown, setShown] = useState<Rows>({ from: 0, to: 40 });
  useEffect(() => {
    const element = place.current;
    if (element === null) return;
    const look = (): void => {
      const from = Math.max(0, Math.floor(element.scrollTop / rowHeight) - ROWS_BEYOND);
      const to = Math.ceil((element.scrollTop + element.clientHeight) / rowHeight) + ROWS_BEYOND;
      setShown((before) => (before.from === from && before.to === to ? before : { from, to }));
    };
    const watcher = new ResizeObserver(look);
    watcher.observe(element);
    element.addEventListener('scroll', look, { passive: true });
    return () => {
      watcher.disconnect();
      element.removeEventListener('scroll', look);
    };
  }, [place, rowHeight]);
  return { from: Math.min(shown.from, rows), to: Math.min(shown.to, rows) };
}
