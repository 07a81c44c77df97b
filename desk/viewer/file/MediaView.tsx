/** Video and sound: the browser's own controls, and keys that go by seconds and by single frames. */
import { useEffect, useId, useState } from 'react';
import type { FileView } from '../api.ts';
import { timeText } from '../locales/quantities.ts';
import { t } from '../locales/text.ts';
import { nameText } from '../plain/odd-characters.ts';
import { Button } from '../ui/Button.tsx';
import { pressed } from './media-keys.ts';
import { useFrames } from './use-frames.ts';
import { NotShown } from './NotShown.tsx';

const SPEEDS = [0.25, 0.5, 1, 1.5, 2, 4];
const TURNS = ['', 'turn-1', 'turn-2', 'turn-3'] as const;

export function MediaView({ file }: { readonly file: FileView }) {
  const id = useId();
  const [failed, setFailed] = useState(false);
  const [speed, setSpeed] = useState(1);
  const [turn, setTurn] = useState(0);
  const [at, setAt] = useState(0);
  const { media, step } = useFrames();
  const isVideo = file.kind === 'video';

  useEffect(() => {
    const onKey = (event: KeyboardEvent): void => {
      const element = media.current;
      if (element === null || event.altKey || event.ctrlKey || event.metaKey || !isOurs(event)) return;
      if (isVideo && (event.key === ',' || event.key === '.')) step(event.key === '.' ? 1 : -1);
      else if (!pressed(element, event.key, event.shiftKey)) return;
      event.preventDefault();
    };
    addEventListener('keydown', onKey);
    return () => removeEventListener('keydown', onKey);
  }, [media, step, isVideo]);
  if (failed) return <NotShown />;
  return (
    <div className="media">
      <div className={`stage ${isVideo ? '' : 'stage-sound'}`}>
        {/* A source's recording comes without captions; there is no track to name. */}
        {/* oxlint-disable-next-line jsx-a11y/media-has-caption */}
        <video
          ref={media}
          className={`media-element ${TURNS[turn] ?? ''}`}
          src={file.href}
          controls
          preload="metadata"
          playsInline
          disablePictureInPicture
          disableRemotePlayback
          controlsList="nodownload noremoteplayback"
          aria-label={nameText(file.path)}
          aria-describedby={`${id}-keys`}
          onError={() => setFailed(true)}
          onTimeUpdate={(event) => setAt(event.currentTarget.currentTime)}
          onRateChange={(event) => setSpeed(event.currentTarget.playbackRate)}
        />
      </div>
      <div className="tools media-tools">
        <p className="clock">
          <span className="visually-hidden">{t('media.position')} </span>
          {timeText(at)}
        </p>
        {isVideo ? (
          <>
            <Button onClick={() => step(-1)}>{t('media.frame-back')}</Button>
            <Button onClick={() => step(1)}>{t('media.frame-on')}</Button>
            <Button onClick={() => setTurn((turn + 1) % TURNS.length)}>{t('media.turn')}</Button>
          </>
        ) : null}
        <label className="inline">
          {t('media.speed')}
          <select
            className="field"
            value={speed}
            onChange={(event) => {
              if (media.current !== null) media.current.playbackRate = Number(event.target.value);
            }}
          >
            {SPEEDS.map((each) => (
              <option key={each} value={each}>
                {each} ×
              </option>
            ))}
          </select>
        </label>
        <details className="keys">
          <summary>{t('media.keys-title')}</summary>
          <p id={`${id}-keys`} className="small">
            {t('media.keys')}
          </p>
        </details>
      </div>
    </div>
  );
}

/** Anywhere in the pane of the file, where the key does nothing else. */
function isOurs({ target, key }: KeyboardEvent): boolean {
  if (target === document.body) return true;
  if (!(target instanceof Element) || target.closest('.column-file') === null) return false;
  return (
    target.closest('select, input, textarea') === null && !(key === ' ' && target.closest('button, summary') !== null)
  );
}
