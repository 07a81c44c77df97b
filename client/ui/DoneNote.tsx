/** Says that something was done, or why not, in the place of what is gone: it takes the focus that was there. Give it a new key each time. */
import { useEffect, useRef } from 'react';

interface DoneNoteProps {
  readonly text: string;
  readonly kind: 'note' | 'problem';
}

export function DoneNote({ text, kind }: DoneNoteProps) {
  const note = useRef<HTMLParagraphElement>(null);
  useEffect(() => note.current?.focus(), []);
  return (
    <p ref={note} className={`notice notice-${kind} done`} tabIndex={-1}>
      {text}
    </p>
  );
}
