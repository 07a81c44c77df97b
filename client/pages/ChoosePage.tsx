/** The second screen: files, folders, a message; and what files tell beyond what they show. */
import { useEffect, useRef, useState } from 'react';
import { addFiles } from '../choose/chosen.ts';
import type { Addition, ChosenFile } from '../choose/chosen.ts';
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
import { usePicking } from './use-picking.ts';

interface ChoosePageProps {
  readonly organisation: string;
  readonly files: readonly ChosenFile[];
  readonly message: string;
  /** True when the codename is confirmed already: the next step is sending. */
  readonly confirmed: boolean;
  /** True for who came with a codename and sends something more with it. */
  readonly again: boolean;
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
  const [asked, setAsked] = useState(false);
  const latest = useRef(files);
  useEffect(() => {
    latest.current = files;
  }, [files]);
  const { reading, drop, pick } = usePicking(({ picks, unreadable }) => {
    const result = addFiles(latest.current, picks);
    setAddition({ ...result, unreadable });
    setAsked(false);
    props.onFiles(result.files);
    setSaid(t('choose.added', { count: result.added, total: result.files.length }));
  });
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
        <p className="lead">{props.again ? t('choose.lead-again', { organisation: name }) : t('choose.lead')}</p>
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
