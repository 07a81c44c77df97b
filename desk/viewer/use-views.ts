/** Where in the page somebody is, so that the browser's own Back leads out again. The address and the history hold a number, never a name. */
import { useCallback, useEffect, useRef, useState } from 'react';
import type { FileView, SubmissionView } from './api.ts';

export type View =
  | { readonly level: 'list' }
  | { readonly level: 'thread'; readonly conversation: string }
  | { readonly level: 'files'; readonly conversation: string; readonly submission: SubmissionView }
  | {
      readonly level: 'file';
      readonly conversation: string;
      readonly submission: SubmissionView;
      readonly files: readonly FileView[];
      readonly at: number;
    };

export interface Views {
  readonly view: View;
  /** One step further in. */
  readonly push: (view: View) => void;
  /** The same step, with something else in it. */
  readonly replace: (view: View) => void;
  /** One step out. */
  readonly back: () => void;
}

const FIRST: View = { level: 'list' };
const DEPTH = { list: 0, thread: 1, files: 2, file: 3 } as const;

export function useViews(): Views {
  const views = useRef<readonly View[]>([FIRST]);
  const [view, setView] = useState<View>(FIRST);
  useEffect(() => {
    history.replaceState(0, '');
    const follow = (event: PopStateEvent): void => {
      const depth = typeof event.state === 'number' ? event.state : 0;
      const there = views.current[depth];
      // Forwards to where this page has not been.
      if (there === undefined) return;
      setView(there);
    };
    addEventListener('popstate', follow);
    return () => removeEventListener('popstate', follow);
  }, []);
  const replace = useCallback((next: View) => {
    const depth = DEPTH[next.level];
    views.current = [...views.current.slice(0, depth), next];
    setView(next);
  }, []);
  const push = useCallback(
    (next: View) => {
      const now: unknown = history.state;
      if (now === DEPTH[next.level]) return replace(next);
      // In three columns one may go from the files of one conversation to another conversation.
      if (typeof now === 'number' && now > DEPTH[next.level]) history.go(DEPTH[next.level] - now);
      else history.pushState(DEPTH[next.level], '');
      replace(next);
    },
    [replace],
  );
  const back = useCallback(() => history.back(), []);
  return { view, push, replace, back };
}
