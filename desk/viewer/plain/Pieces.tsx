/** The pieces of a stranger's text, the odd characters framed. Plain text only: nothing in it becomes a link or an element. */
import type { Piece } from './odd-characters.ts';

export function Pieces({ pieces }: { readonly pieces: readonly Piece[] }) {
  return pieces.map(({ text, odd }, index) =>
    odd ? (
      <span key={index} className="odd">
        {text}
      </span>
    ) : (
      text
    ),
  );
}
