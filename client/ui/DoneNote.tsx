/** Says that something was done, in the place of what is gone: it takes the focus that was there. Give it a new key each time. */
import { useEffect, useRef } from 'react';

export function DoneNote({ text }: { readonly text: string }) {
  const note = useRef<HTMLParagraphElement>(null);
  useEffect(() => note.current?.focus(), []);
  return (
    <p ref={note} className="notice done" tabIndex={-1}>
      {text}
    </p>
  );
}
