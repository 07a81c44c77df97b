/** The signs of the page, drawn here in lines of one weight; each stands beside words or is hidden from those who only hear the page. */

const SHAPES = {
  image: 'M3 5h18v14H3zM3 16l5-5 4 4 3-3 6 6M15.5 9.5h.01',
  video: 'M3 5h18v14H3zM10 9l5 3-5 3z',
  audio: 'M4 10v4h3l5 4V6l-5 4zM16 9a4 4 0 0 1 0 6M18.5 6.5a8 8 0 0 1 0 11',
  pdf: 'M6 3h8l4 4v14H6zM14 3v4h4M9 12h6M9 15h6M9 18h3',
  text: 'M5 5h14M5 10h14M5 15h14M5 20h8',
  other: 'M6 3h8l4 4v14H6zM14 3v4h4',
  chosen: 'M5 12l5 5 9-10',
  back: 'M15 5l-7 7 7 7',
  on: 'M9 5l7 7-7 7',
  larger: 'M12 5v14M5 12h14',
  smaller: 'M5 12h14',
  left: 'M4 5v5h5M4.5 10a8 8 0 1 1-.5 4',
  right: 'M20 5v5h-5M19.5 10a8 8 0 1 0 .5 4',
  close: 'M6 6l12 12M18 6L6 18',
  frame: 'M6 5v14M10 5l9 7-9 7z',
  unframe: 'M18 5v14M14 5l-9 7 9 7z',
} as const;

export type SignName = keyof typeof SHAPES;

export function Sign({ name }: { readonly name: SignName }) {
  return (
    <svg className="sign" viewBox="0 0 24 24" aria-hidden="true" focusable="false">
      <path d={SHAPES[name]} />
    </svg>
  );
}
