/** One picture: whole or as large as one likes, turned by quarters. It is drawn by an img element, in which nothing runs. */
import { useRef, useState } from 'react';
import type { FileView } from '../api.ts';
import { useSize } from '../list/use-size.ts';
import type { Size } from '../list/use-size.ts';
import { t } from '../locales/text.ts';
import { nameText } from '../plain/odd-characters.ts';
import { Button } from '../ui/Button.tsx';
import { SignButton } from '../ui/SignButton.tsx';
import { NotShown } from './NotShown.tsx';

const STEP = 1.5;
const [LEAST, MOST] = [0.02, 16];

export function ImageView({ file }: { readonly file: FileView }) {
  const place = useRef<HTMLDivElement>(null);
  const room = useSize(place);
  const [natural, setNatural] = useState<Size | null>(null);
  const [failed, setFailed] = useState(false);
  /** Null: as large as fits. */
  const [zoom, setZoom] = useState<number | null>(null);
  const [turn, setTurn] = useState(0);
  const onSide = turn % 2 === 1;
  const fit = natural === null ? 1 : fitting(natural, onSide, room);
  const scale = zoom ?? fit;
  const width = natural === null ? undefined : natural.width * scale;
  const tall = natural === null ? undefined : natural.height * scale;
  const become = (to: number): void => setZoom(Math.max(LEAST, Math.min(MOST, to)));
  if (failed) return <NotShown />;
  return (
    <div className="media">
      {/* It scrolls, so keys must be able to reach it. */}
      {/* oxlint-disable-next-line jsx-a11y/no-noninteractive-tabindex */}
      <div ref={place} className="stage stage-image" role="region" tabIndex={0} aria-label={t('image.view')}>
        <div className="canvas" style={{ inlineSize: onSide ? tall : width, blockSize: onSide ? width : tall }}>
          <img
            src={file.href}
            alt={t('image.alt', { name: nameText(file.path) })}
            decoding="async"
            draggable={false}
            style={{ inlineSize: width, blockSize: tall, transform: `translate(-50%, -50%) rotate(${turn * 90}deg)` }}
            onLoad={({ currentTarget }) =>
              // A drawing may have no size of its own.
              setNatural({ width: currentTarget.naturalWidth || 800, height: currentTarget.naturalHeight || 600 })
            }
            onError={() => setFailed(true)}
          />
        </div>
      </div>
      <div className="tools media-tools">
        <SignButton sign="smaller" name={t('image.out')} onClick={() => become(scale / STEP)} />
        <SignButton sign="larger" name={t('image.in')} onClick={() => become(scale * STEP)} />
        <Button aria-pressed={zoom === null} onClick={() => setZoom(null)}>
          {t('image.fit')}
        </Button>
        <Button aria-pressed={zoom === 1} onClick={() => become(1)}>
          {t('image.actual')}
        </Button>
        <SignButton sign="left" name={t('image.turn-left')} onClick={() => setTurn((turn + 3) % 4)} />
        <SignButton sign="right" name={t('image.turn-right')} onClick={() => setTurn((turn + 1) % 4)} />
        {natural === null ? null : (
          <p className="small soft">
            {natural.width} × {natural.height}
          </p>
        )}
      </div>
    </div>
  );
}

function fitting({ width, height }: Size, onSide: boolean, room: Size): number {
  const [across, down] = onSide ? [height, width] : [width, height];
  return Math.min(1, (room.width || across) / across, (room.height || down) / down);
}
