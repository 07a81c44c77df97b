/** A text that a stranger wrote, line by line as it was written, each line in its own direction. */
import { piecesOf } from './odd-characters.ts';
import { Pieces } from './Pieces.tsx';

export function Words({ text }: { readonly text: string }) {
  return (
    <div className="words" dir="auto">
      <Pieces pieces={piecesOf(text, 'text')} />
    </div>
  );
}
