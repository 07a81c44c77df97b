/** A PDF, drawn page by page in a frame that has no origin and no connection. */
import { useEffect, useRef, useState } from 'react';
import type { FileView } from '../api.ts';
import { t } from '../locales/text.ts';
import { serveFrame } from '../pdf/serve-frame.ts';
import type { Served } from '../pdf/serve-frame.ts';
import { Button } from '../ui/Button.tsx';
import { LiveText } from '../ui/LiveText.tsx';
import { Notice } from '../ui/Notice.tsx';
import { SignButton } from '../ui/SignButton.tsx';

const STEP = 1.25;

export function PdfView({ file }: { readonly file: FileView }) {
  const place = useRef<HTMLIFrameElement>(null);
  const served = useRef<Served | null>(null);
  const [pages, setPages] = useState<number | null>(null);
  const [failed, setFailed] = useState<'locked' | 'damaged' | null>(null);
  const [{ page, zoom, turn }, setView] = useState({ page: 1, zoom: 1, turn: 0 });
  useEffect(() => {
    const frame = place.current;
    if (frame === null) return;
    const now = serveFrame({
      frame,
      href: file.href,
      size: file.size,
      label: t('pdf.page'),
      onMessage: (message) => {
        if (message.kind === 'opened') setPages(message.pages);
        else if (message.kind === 'failed') setFailed(message.why);
      },
    });
    served.current = now;
    frame.src = '/frame.html';
    return () => now.stop();
  }, [file.href, file.size]);
  useEffect(() => {
    if (pages !== null) served.current?.show(page, zoom, turn);
  }, [pages, page, zoom, turn]);
  const go = (to: number): void => setView({ page: Math.max(1, Math.min(pages ?? 1, to)), zoom, turn });
  const counted = pages === null ? '' : t('pdf.of', { count: pages });
  return (
    <div className="media">
      {failed === null ? null : (
        <Notice kind="problem" live>
          <p>{t(`pdf.${failed}`)}</p>
        </Notice>
      )}
      <iframe
        ref={place}
        className="stage stage-pdf"
        sandbox="allow-scripts"
        title={t('pdf.frame')}
        hidden={failed !== null}
      />
      <div className="tools media-tools">
        <SignButton sign="back" name={t('pdf.previous')} disabled={page <= 1} onClick={() => go(page - 1)} />
        <label className="inline">
          {t('pdf.page')}
          <input
            className="field field-number"
            type="number"
            min={1}
            max={pages ?? 1}
            value={page}
            onChange={(event) => go(Math.floor(Number(event.target.value)) || 1)}
          />
        </label>
        <p className="small">{counted}</p>
        <SignButton sign="on" name={t('pdf.next')} disabled={page >= (pages ?? 1)} onClick={() => go(page + 1)} />
        <SignButton
          sign="smaller"
          name={t('pdf.smaller')}
          onClick={() => setView({ page, turn, zoom: Math.max(0.25, zoom / STEP) })}
        />
        <SignButton
          sign="larger"
          name={t('pdf.larger')}
          onClick={() => setView({ page, turn, zoom: Math.min(6, zoom * STEP) })}
        />
        <Button onClick={() => setView({ page, zoom, turn: (turn + 1) % 4 })}>{t('pdf.turn')}</Button>
        <p className="small soft">{t('pdf.dead')}</p>
        <LiveText text={pages === null ? '' : `${t('pdf.page')} ${page} ${counted}`} />
      </div>
    </div>
  );
}
