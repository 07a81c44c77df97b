/** The frame of a message. A long one scrolls in it, and then keys must be able to reach it. */
import { useEffect, useRef, useState } from 'react';
import type { ReactNode } from 'react';
import { t } from '../locales/text.ts';

export function MessageBox({ children }: { readonly children: ReactNode }) {
  const place = useRef<HTMLDivElement>(null);
  const [scrolls, setScrolls] = useState(false);
  useEffect(() => {
    const element = place.current;
    if (element === null) return;
    const watcher = new ResizeObserver(() => setScrolls(element.scrollHeight > element.clientHeight));
    watcher.observe(element);
    return () => watcher.disconnect();
  }, []);
  const reachable = scrolls ? { tabIndex: 0, role: 'group', 'aria-label': t('submission.message') } : {};
  return (
    <div ref={place} className="message" {...reachable}>
      {children}
    </div>
  );
}
