/** A text, or what is written like one (HTML and SVG too): a window of bytes at a time, as plain characters. */
import { useEffect, useState } from 'react';
import type { FileView } from '../api.ts';
import { t } from '../locales/text.ts';
import { Words } from '../plain/Words.tsx';
import { Button } from '../ui/Button.tsx';
import { Notice } from '../ui/Notice.tsx';
import { readRange } from './content.ts';
import { ENCODINGS, decodeText, guessEncoding } from './decode-text.ts';
import type { Encoding, Guess } from './decode-text.ts';

/** Even, since some encodings use two bytes a character. */
const WINDOW = 262_144;

/** `undefined`: not there yet; null: it cannot be had. */
type Bytes = Uint8Array | null | undefined;

export function TextView({ file }: { readonly file: FileView }) {
  const [from, setFrom] = useState(0);
  const [bytes, setBytes] = useState<Bytes>(undefined);
  const [guess, setGuess] = useState<Guess | null>(null);
  const [wanted, setWanted] = useState<Encoding | null>(null);
  const to = Math.min(file.size, from + WINDOW);
  useEffect(() => {
    const stop = new AbortController();
    const load = async (): Promise<void> => {
      const found = await readRange(file.href, from, to, stop.signal);
      if (stop.signal.aborted) return;
      setBytes(found);
      if (from === 0 && found !== null) setGuess(guessEncoding(found));
    };
    void load().catch(() => undefined);
    return () => stop.abort();
  }, [file.href, from, to]);
  const move = (next: number): void => {
    setBytes(undefined);
    setFrom(next);
  };
  const encoding = wanted ?? guess?.encoding ?? 'utf-8';
  return (
    <div className="media">
      {/* It scrolls, so keys must be able to reach it. */}
      {/* oxlint-disable-next-line jsx-a11y/no-noninteractive-tabindex */}
      <div className="stage stage-text" role="region" tabIndex={0} aria-label={t('text.view')} key={from}>
        <Content bytes={bytes} encoding={encoding} atStart={from === 0} size={file.size} />
      </div>
      <div className="tools media-tools">
        <label className="inline">
          {t('text.encoding')}
          <select
            className="field"
            value={encoding}
            onChange={(event) => setWanted(ENCODINGS.find((each) => each === event.target.value) ?? null)}
          >
            {ENCODINGS.map((each) => (
              <option key={each} value={each}>
                {each}
              </option>
            ))}
          </select>
        </label>
        {guess === null || wanted !== null ? null : (
          <p className="small soft">{t(guess.sure ? 'text.declared' : 'text.guess')}</p>
        )}
        {file.size <= WINDOW ? null : (
          <>
            <Button aria-disabled={from === 0} onClick={() => (from === 0 ? undefined : move(from - WINDOW))}>
              {t('text.earlier')}
            </Button>
            <Button aria-disabled={to === file.size} onClick={() => (to === file.size ? undefined : move(to))}>
              {t('text.later')}
            </Button>
            <p className="small soft">{t('text.range', { from, to, total: file.size })}</p>
          </>
        )}
        <p className="small soft">{t('text.source')}</p>
      </div>
    </div>
  );
}

interface ContentProps {
  readonly bytes: Bytes;
  readonly encoding: Encoding;
  readonly atStart: boolean;
  readonly size: number;
}

function Content({ bytes, encoding, atStart, size }: ContentProps) {
  if (size === 0) return <p className="empty">{t('text.empty')}</p>;
  if (bytes === undefined) return <p className="empty">{t('file.loading')}</p>;
  if (bytes !== null) return <Words text={decodeText(bytes, encoding, atStart)} />;
  return (
    <Notice kind="problem" live>
      <p>{t('text.missing')}</p>
    </Notice>
  );
}
