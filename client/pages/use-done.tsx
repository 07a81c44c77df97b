/** What was done last in a section, said where it was done. */
import { useState } from 'react';
import type { ReactNode } from 'react';
import type { ProblemCode } from '../../shared/problem/codes.ts';
import { t } from '../locales/text.ts';
import { DoneNote } from '../ui/DoneNote.tsx';

interface Done {
  /** To be shown at the head of the section; null when nothing was done. */
  readonly note: ReactNode;
  /** Waits for an act: says `text` when it is done; otherwise gives why it was not, in words. */
  readonly after: (act: Promise<ProblemCode | null>, text: string) => Promise<string | null>;
}

export function useDone(): Done {
  const [done, setDone] = useState<{ readonly text: string; readonly times: number } | null>(null);
  return {
    note: done === null ? null : <DoneNote key={done.times} text={done.text} />,
    async after(act, text) {
      const code = await act;
      if (code !== null) return t(`problem.${code}`);
      setDone((before) => ({ text, times: (before?.times ?? 0) + 1 }));
      return null;
    },
  };
}
