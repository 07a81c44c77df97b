/** What was done last in a section, or why it was not, said where it was done. */
import { useState } from 'react';
import type { ReactNode } from 'react';
import type { ProblemCode } from '../../shared/problem/codes.ts';
import { t } from '../locales/text.ts';
import { DoneNote } from '../ui/DoneNote.tsx';

interface Done {
  /** To be shown at the head of the section; null when nothing was done. */
  readonly note: ReactNode;
  /** Waits for an act: says `text` when it is done, otherwise why it was refused. */
  readonly after: (act: Promise<ProblemCode | null>, text: string) => Promise<void>;
}

export function useDone(): Done {
  const [said, setSaid] = useState({ kind: 'note' as 'note' | 'problem', text: '', times: 0 });
  return {
    note: said.times === 0 ? null : <DoneNote key={said.times} kind={said.kind} text={said.text} />,
    async after(act, text) {
      const code = await act;
      const news =
        code === null ? { kind: 'note' as const, text } : { kind: 'problem' as const, text: t(`problem.${code}`) };
      setSaid(({ times }) => ({ ...news, times: times + 1 }));
    },
  };
}
