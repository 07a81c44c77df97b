/** Dragging onto the page: anywhere on it, so that a near miss does not make the browser open the file and lose the page. */
import { useEffect, useRef, useState } from 'react';
import { entriesOf } from '../choose/drop.ts';

/** True while something is held over the page. `onDrop` null: nothing is taken, and nothing happens. */
export function usePageDrop(onDrop: ((entries: readonly FileSystemEntry[]) => void) | null): boolean {
  const [active, setActive] = useState(false);
  const latest = useRef(onDrop);
  useEffect(() => {
    latest.current = onDrop;
  }, [onDrop]);
  useEffect(() => {
    const over = (event: DragEvent): void => {
      // Another user of this hook takes it.
      if (latest.current === null && event.defaultPrevented) return;
      event.preventDefault();
      if (event.dataTransfer) event.dataTransfer.dropEffect = latest.current ? 'copy' : 'none';
      setActive(latest.current !== null);
    };
    const left = (event: DragEvent): void => {
      if (event.relatedTarget === null) setActive(false);
    };
    const drop = (event: DragEvent): void => {
      event.preventDefault();
      setActive(false);
      const entries = event.dataTransfer ? entriesOf(event.dataTransfer.items) : [];
      if (entries.length > 0) latest.current?.(entries);
    };
    window.addEventListener('dragover', over);
    window.addEventListener('dragleave', left);
    window.addEventListener('drop', drop);
    return () => {
      window.removeEventListener('dragover', over);
      window.removeEventListener('dragleave', left);
      window.removeEventListener('drop', drop);
    };
  }, []);
  return active;
}
