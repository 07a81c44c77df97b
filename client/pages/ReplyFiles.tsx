/** The files of a reply, each with its size and a way to save it; nothing of one is fetched before. */
import { useEffect, useRef, useState } from 'react';
import { pageOf } from '../choose/groups.ts';
import { sizeText } from '../locales/quantities.ts';
import { isolate, plainName, t } from '../locales/text.ts';
import type { OpenedReply, ReplyFile, ReplyProgress } from '../mailbox/reply.ts';
import { Button } from '../ui/Button.tsx';
import { LiveText } from '../ui/LiveText.tsx';
import { Pages } from '../ui/Pages.tsx';
import { nameOf, saveAttachment } from './save-attachment.ts';
import { codeOf } from './code-of.ts';

const PAGE = 10;

export function ReplyFiles({ reply }: { readonly reply: OpenedReply }) {
  const [page, setPage] = useState(0);
  const list = t('reply.files-of', { number: reply.opening.number });
  const shown = pageOf(reply.files, page, PAGE);
  return (
    <div className="chosen">
      <p className="chosen-head">
        <strong>{t('reply.files', { count: reply.files.length })}</strong>
        <span className="small soft">{t('reply.save-hint')}</span>
      </p>
      <ul className="entries" aria-label={list}>
        {shown.items.map((file) => (
          <li key={file.index}>
            <FileLine reply={reply} file={file} />
          </li>
        ))}
      </ul>
      <Pages of={shown} total={reply.files.length} list={list} onPage={setPage} />
    </div>
  );
}

function FileLine({ reply, file }: { readonly reply: OpenedReply; readonly file: ReplyFile }) {
  const [progress, setProgress] = useState<ReplyProgress | null>(null);
  const [said, setSaid] = useState('');
  const [refusal, setRefusal] = useState<string | null>(null);
  const stop = useRef<AbortController | null>(null);
  useEffect(() => () => stop.current?.abort(), []);
  const name = isolate(nameOf(file));

  const save = async (): Promise<void> => {
    const { signal } = (stop.current = new AbortController());
    setRefusal(null);
    setSaid('');
    setProgress({ done: 0, total: file.size });
    try {
      if (await saveAttachment(reply, file, { signal, onProgress: setProgress })) setSaid(t('reply.saved', { name }));
    } catch (error) {
      const code = codeOf(error);
      if (code !== null) setRefusal(t(`problem.${code}`));
    }
    setProgress(null);
  };

  return (
    <>
      <div className="entry">
        <p className="entry-name">
          <bdi>{plainName(file.path)}</bdi>
          <span className="entry-size">{sizeText(file.size)}</span>
        </p>
        {/* One button for both, so that the focus stays where it is. */}
        <Button
          look="quiet"
          aria-label={progress === null ? t('reply.save-name', { name }) : undefined}
          onClick={() => (progress === null ? void save() : stop.current?.abort())}
        >
          {progress === null ? t('reply.save') : t('reply.stop')}
        </Button>
      </div>
      {progress === null ? null : (
        <div className="entry-more">
          <progress
            className="progress"
            aria-label={t('reply.saving-name', { name })}
            max={Math.max(1, progress.total)}
            value={progress.done}
          />
          <p className="small soft">
            {t('reply.saving', { done: sizeText(progress.done), total: sizeText(progress.total) })}
          </p>
        </div>
      )}
      {refusal === null ? null : (
        <p className="entry-more over" role="alert">
          {refusal}
        </p>
      )}
      {said === '' ? null : <p className="entry-more small soft">{said}</p>}
      <LiveText text={said} />
    </>
  );
}
