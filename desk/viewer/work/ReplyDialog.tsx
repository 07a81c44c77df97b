/** Writes a reply in two steps: the words, then exactly what will be sent, to be confirmed. */
import { useId, useState } from 'react';
import type { ReplyDraft } from '../api.ts';
import { t } from '../locales/text.ts';
import { Name } from '../plain/Name.tsx';
import { Words } from '../plain/Words.tsx';
import { parcelPath } from '../ask/paths.ts';
import { send } from '../ask/requests.ts';
import { useAct } from '../ask/use-act.ts';
import { Button } from '../ui/Button.tsx';
import { Dialog } from '../ui/Dialog.tsx';
import { Notice } from '../ui/Notice.tsx';
import { RefusalNotice } from '../ui/RefusalNotice.tsx';

interface ReplyDialogProps {
  readonly parcel: string;
  readonly source: string;
  /** The folder that files to send are taken from; null when the desk was started without one. */
  readonly exchange: string | null;
  readonly onWritten: () => void;
  readonly onClose: () => void;
}

export function ReplyDialog({ parcel, source, exchange, onWritten, onClose }: ReplyDialogProps) {
  const [message, setMessage] = useState('');
  const [paths, setPaths] = useState('');
  const [step, setStep] = useState<'write' | 'look' | 'done'>('write');
  const { busy, refusal, run } = useAct();
  const attachments = paths
    .split('\n')
    .map((path) => path.trim())
    .filter((path) => path !== '');
  const draft: ReplyDraft = { message, attachments };
  const write = async (): Promise<void> => {
    if (busy) return;
    const done = await run(async () => void (await send(parcelPath(parcel, 'reply'), draft)));
    if (!done) return;
    setStep('done');
    onWritten();
  };
  return (
    <Dialog title={t('compose.title', { name: source })} onClose={onClose}>
      {step === 'write' ? (
        <Fields
          message={message}
          paths={paths}
          exchange={exchange}
          onMessage={setMessage}
          onPaths={setPaths}
          onNext={() => setStep('look')}
        />
      ) : null}
      {step === 'look' ? (
        <div className="stack">
          <h3>{t('compose.preview-title')}</h3>
          <Preview draft={draft} />
          {refusal === null ? null : <RefusalNotice refusal={refusal} />}
          <div className="actions">
            <Button look="main" aria-disabled={busy} onClick={() => void write()}>
              {t(busy ? 'compose.working' : 'compose.confirm')}
            </Button>
            <Button aria-disabled={busy} onClick={() => (busy ? undefined : setStep('write'))}>
              {t('compose.edit')}
            </Button>
          </div>
        </div>
      ) : null}
      {step === 'done' ? (
        <div className="stack">
          <Notice kind="note" live>
            <p>{t('compose.done')}</p>
          </Notice>
          <div className="actions">
            <Button look="main" onClick={onClose}>
              {t('app.close')}
            </Button>
          </div>
        </div>
      ) : null}
    </Dialog>
  );
}

function Preview({ draft: { message, attachments } }: { readonly draft: ReplyDraft }) {
  return (
    <div className="message preview">
      <Words text={message} />
      <p className="small soft">
        {attachments.length === 0 ? t('compose.no-files') : t('compose.files-names', { count: attachments.length })}
      </p>
      <ul className="names">
        {attachments.map((path) => (
          <li key={path}>
            <Name name={path.slice(path.lastIndexOf('/') + 1)} />
          </li>
        ))}
      </ul>
    </div>
  );
}

interface FieldsProps {
  readonly message: string;
  readonly paths: string;
  readonly exchange: string | null;
  readonly onMessage: (text: string) => void;
  readonly onPaths: (text: string) => void;
  readonly onNext: () => void;
}

function Fields({ message, paths, exchange, onMessage, onPaths, onNext }: FieldsProps) {
  const id = useId();
  const [empty, setEmpty] = useState(false);
  const next = (): void => {
    if (message.trim() === '') setEmpty(true);
    else onNext();
  };
  return (
    <div className="stack">
      <label htmlFor={`${id}-message`}>{t('compose.message')}</label>
      <textarea
        id={`${id}-message`}
        className="field"
        rows={8}
        dir="auto"
        aria-describedby={`${id}-what`}
        value={message}
        onChange={(event) => onMessage(event.target.value)}
      />
      <p id={`${id}-what`} className="small soft">
        {t('compose.what')}
      </p>
      {exchange === null ? (
        <p className="small soft">{t('compose.no-exchange')}</p>
      ) : (
        <>
          <label htmlFor={`${id}-paths`}>{t('compose.attachments')}</label>
          <textarea
            id={`${id}-paths`}
            className="field mono"
            rows={2}
            aria-describedby={`${id}-paths-what`}
            value={paths}
            onChange={(event) => onPaths(event.target.value)}
          />
          <p id={`${id}-paths-what`} className="small soft">
            {t('compose.attachments-what')} <span className="mono">{exchange}</span>
          </p>
        </>
      )}
      {empty && message.trim() === '' ? (
        <Notice kind="problem" live>
          <p>{t('compose.empty')}</p>
        </Notice>
      ) : null}
      <div className="actions">
        <Button look="main" onClick={next}>
          {t('compose.preview')}
        </Button>
      </div>
    </div>
  );
}
