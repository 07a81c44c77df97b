/** The second screen: files, folders, a message; and what files tell beyond what they show. */
import { useEffect, useRef, useState } from 'react';
import { addFiles, inputPicks } from '../choose/chosen.ts';
import type { Addition, ChosenFile, RawPick } from '../choose/chosen.ts';
import { readEntries } from '../choose/drop.ts';
import type { Dropped } from '../choose/drop.ts';
import { measureFiles } from '../choose/measure.ts';
import { isolate, t } from '../locales/text.ts';
import { Button } from '../ui/Button.tsx';
import { LiveText } from '../ui/LiveText.tsx';
import { Notice } from '../ui/Notice.tsx';
import { StepTitle } from '../ui/StepTitle.tsx';
import { AdditionNotes } from './AdditionNotes.tsx';
import { ChosenList } from './ChosenList.tsx';
import { DropArea } from './DropArea.tsx';
import { MessageField } from './MessageField.tsx';
import { fitsLimit } from './message-size.ts';

interface ChoosePageProps {
  readonly organisation: string;
  readonly files: readonly ChosenFile[];
  readonly message: string;
  /** True when the codename is confirmed already: the next step is sending. */
  readonly confirmed: boolean;
  /** Why the last attempt was refused, in words. */
  readonly refusal: string | null;
  /** What the rest of the page is doing: it is fetched while the person chooses. */
  readonly rest: 'here' | 'coming' | 'failing';
  readonly onFiles: (files: readonly ChosenFile[]) => void;
  readonly onMessage: (message: string) => void;
  readonly onBack: () => void;
  readonly onGoOn: () => void;
}

export function ChoosePage(props: ChoosePageProps) {
  const { organisation, files, message, rest } = props;
  const [addition, setAddition] = useState<(Addition & { readonly unreadable: readonly string[] }) | null>(null);
  const [said, setSaid] = useState('');
  const [reading, setReading] = useState<number | null>(null);
  const [asked, setAsked] = useState(false);
  const stop = useRef(new AbortController());
  const queue = useRef(Promise.resolve());
  const waiting = useRef(0);
  const latest = useRef(files);
  useEffect(() => {
    latest.current = files;
  }, [files]);
  useEffect(() => {
    const { current } = stop;
    return () => current.abort();
  }, []);

  const add = (picks: readonly RawPick[], unreadable: readonly string[]): void => {
    const result = addFiles(latest.current, picks);
    setAddition({ ...result, unreadable });
    setAsked(false);
    props.onFiles(result.files);
    setSaid(t('choose.added', { count: result.added, total: result.files.length }));
  };
  /** Reads what was picked or dropped, with the page alive meanwhile; one after the other, so that nothing is lost. */
  const read = (source: (signal: AbortSignal) => Promise<Dropped>): void => {
    const { signal } = stop.current;
    setReading((now) => now ?? 0);
    waiting.current++;
    queue.current = queue.current.then(async () => {
      const { picks, unreadable } = await source(signal);
      const sizes = picks.map(({ file }) => file);
      await measureFiles(sizes, setReading, signal);
      if (signal.aborted) return;
      waiting.current--;
      if (waiting.current === 0) setReading(null);
      add(picks, unreadable);
    });
  };
  const drop = (entries: readonly FileSystemEntry[]): void =>
    read((signal) => readEntries(entries, setReading, signal));
  const pick = (picked: readonly File[]): void =>
    read(() => Promise.resolve({ picks: inputPicks(picked), unreadable: [] }));
  const remove = (gone: ReadonlySet<ChosenFile>): void => {
    const left = files.filter((file) => !gone.has(file));
    setAddition(null);
    props.onFiles(left);
    setSaid(t('choose.removed', { count: gone.size, total: left.length }));
  };

  const nothing = files.length === 0 && message.trim() === '';
  const hindrance = hindranceOf(reading !== null, nothing, fitsLimit(message), rest);
  const goOn = (): void => {
    setAsked(true);
    if (hindrance === null) props.onGoOn();
  };
  const name = isolate(organisation);

  return (
    <div className="screen">
      <div>
        <StepTitle>{t('choose.title')}</StepTitle>
        <p className="lead">{t('choose.lead')}</p>
      </div>
      {props.refusal === null ? null : (
        <Notice kind="problem" live title={t('upload.title-refused')}>
          <p>{props.refusal}</p>
        </Notice>
      )}
      <section className="section" aria-labelledby="files-title">
        <h2 id="files-title">{t('choose.files-title')}</h2>
        <DropArea reading={reading} onDrop={drop} onPick={pick} />
        {addition === null ? null : <AdditionNotes addition={addition} />}
        {files.length === 0 ? null : <ChosenList files={files} onRemove={remove} />}
        <LiveText text={said} />
      </section>
      <Notice kind="note" title={t('choose.metadata-title')}>
        <p>{t('choose.metadata', { organisation: name })}</p>
        <ul className="dashes">
          <li>{t('choose.metadata-names')}</li>
          <li>{t('choose.metadata-inside')}</li>
        </ul>
        <p>{t('choose.metadata-advice')}</p>
      </Notice>
      <MessageField message={message} onMessage={props.onMessage} />
      <div className="section actions-end">
        {asked && hindrance !== null ? <Notice kind="warning" live title={hindrance} /> : null}
        <div className="actions">
          <Button look="main" onClick={goOn}>
            {props.confirmed ? t('choose.go-on-send') : t('choose.go-on')}
          </Button>
          <Button onClick={props.onBack}>{t('back')}</Button>
        </div>
      </div>
    </div>
  );
}

/** Why going on is not possible yet, in words, or null. */
function hindranceOf(reading: boolean, nothing: boolean, fits: boolean, rest: ChoosePageProps['rest']): string | null {
  if (reading) return t('choose.wait-reading');
  if (nothing) return t('choose.nothing');
  if (!fits) return t('choose.message-over-short');
  if (rest === 'coming') return t('choose.wait-loading');
  return rest === 'failing' ? t('choose.wait-failed') : null;
}
