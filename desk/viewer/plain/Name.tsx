/** A name that a stranger chose, on the page: isolated, with what cannot be seen shown by its number. */
import { piecesOf } from './odd-characters.ts';
import { Pieces } from './Pieces.tsx';

export function Name({ name }: { readonly name: string }) {
  return (
    <bdi className="name-text">
      <Pieces pieces={piecesOf(name, 'name')} />
    </bdi>
  );
}
