/** One file, shown in the way of its kind, with its facts and the ways to the files beside it. */
import { useEffect, useRef } from 'react';
import type { KeyboardEvent } from 'react';
import type { FileView } from '../api.ts';
import { sizeText } from '../locales/quantities.ts';
import { t } from '../locales/text.ts';
import { Name } from '../plain/Name.tsx';
import { Button } from '../ui/Button.tsx';
import { Notice } from '../ui/Notice.tsx';
import { SignButton } from '../ui/SignButton.tsx';
import { ImageView } from './ImageView.tsx';
import { MediaView } from './MediaView.tsx';
import { PdfView } from './PdfView.tsx';
import { splitPath } from './sort-files.ts';
import { TextView } from './TextView.tsx';

interface FilePaneProps {
  readonly file: FileView;
  readonly at: number;
  readonly count: number;
  readonly onMove: (by: 1 | -1) => void;
  readonly onExport: () => void;
  readonly onClose: () => void;
}

export function FilePane({ file, at, count, onMove, onExport, onClose }: FilePaneProps) {
  const title = useRef<HTMLHeadingElement>(null);
  useEffect(() => title.current?.focus(), [file.href]);
  const onKeyDown = (event: KeyboardEvent): void => {
    if (event.target instanceof HTMLInputElement || event.target instanceof HTMLSelectElement) return;
    if (event.key === 'Escape') onClose();
    else if (event.key === 'PageDown' && at + 1 < count) onMove(1);
    else if (event.key === 'PageUp' && at > 0) onMove(-1);
    else return;
    event.preventDefault();
  };
  return (
    // The keys of the whole pane; every one of them has a button too.
    // oxlint-disable-next-line jsx-a11y/no-noninteractive-element-interactions
    <section className="column column-file" aria-label={t('files.title')} onKeyDown={onKeyDown}>
      <div className="column-head">
        <div className="title-line">
          <SignButton sign="back" name={t('file.close')} onClick={onClose} />
          <h2 ref={title} tabIndex={-1} className="grow file-title">
            <Name name={splitPath(file.path).name} />
          </h2>
          <p className="small soft nowrap">{t('file.position', { at: at + 1, count })}</p>
          <SignButton sign="back" name={t('file.previous')} disabled={at === 0} onClick={() => onMove(-1)} />
          <SignButton sign="on" name={t('file.next')} disabled={at + 1 >= count} onClick={() => onMove(1)} />
        </div>
      </div>
      {file.whole ? null : (
        <Notice kind="warning" title={t('file.partial-title')}>
          <p>{t('file.partial')}</p>
        </Notice>
      )}
      <div className="show" key={file.href}>
        <Shown file={file} />
      </div>
      <div className="file-foot">
        <details>
          <summary>{t('file.facts')}</summary>
          <Facts file={file} />
        </details>
        <Button onClick={onExport}>{t('file.extract')}</Button>
      </div>
    </section>
  );
}

function Shown({ file }: { readonly file: FileView }) {
  switch (file.kind) {
    case 'video':
    case 'audio':
      return <MediaView file={file} />;
    case 'image':
      return <ImageView file={file} />;
    case 'pdf':
      return <PdfView file={file} />;
    case 'text':
      return <TextView file={file} />;
    case 'other':
      return (
        <div className="show-facts">
          <p>{t('file.other')}</p>
          <Facts file={file} />
        </div>
      );
  }
}

function Facts({ file }: { readonly file: FileView }) {
  const facts = [
    [t('file.size'), t('file.size-bytes', { size: sizeText(file.size), count: file.size })],
    [t('file.type'), file.type === 'application/octet-stream' ? t('file.type-unknown') : file.type],
    [t('file.number'), String(file.index)],
  ];
  return (
    <dl className="facts">
      <div>
        <dt>{t('file.path')}</dt>
        <dd>
          <Name name={file.path} />
        </dd>
      </div>
      {facts.map(([term, fact]) => (
        <div key={term}>
          <dt>{term}</dt>
          <dd>{fact}</dd>
        </div>
      ))}
    </dl>
  );
}
