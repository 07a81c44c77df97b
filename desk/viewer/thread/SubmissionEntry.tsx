/** One submission in the conversation: its state in words, the message, its facts, what was found, and what can be done. */
import type { SubmissionState, SubmissionView } from '../api.ts';
import { dayText, sizeText } from '../locales/quantities.ts';
import { t } from '../locales/text.ts';
import { Words } from '../plain/Words.tsx';
import { Button } from '../ui/Button.tsx';
import { FindingList } from '../ui/FindingList.tsx';
import { Notice } from '../ui/Notice.tsx';
import { StateWord } from '../ui/StateWord.tsx';
import { MessageBox } from './MessageBox.tsx';
import { MarksPanel } from './MarksPanel.tsx';
import type { ThreadActs } from './thread-acts.ts';

interface SubmissionEntryProps {
  readonly submission: SubmissionView;
  /** What was found when all of it was read; null when that has not been done. */
  readonly found: SubmissionState | null;
  readonly canReply: boolean;
  readonly acts: ThreadActs;
}

export function SubmissionEntry({ submission, found, canReply, acts }: SubmissionEntryProps) {
  const { parcel, begun, received, files, message } = submission;
  const state = found ?? submission.state;
  const readable = state !== 'not-for-us';
  return (
    <article className={`card card-${state}`} aria-labelledby={`${parcel}-title`}>
      <header className="card-head">
        <h3 id={`${parcel}-title`}>{t('submission.title', { day: dayText(received ?? begun) })}</h3>
        <StateWord state={state} checked={found !== null} />
      </header>
      <StateNotice state={state} findings={submission.findings} />
      {readable ? <Message message={message} /> : null}
      <Facts submission={submission} />
      {readable ? (
        <div className="actions">
          {files === 0 ? null : (
            <Button look="main" onClick={() => acts.onFiles(submission)}>
              {files === null ? t('submission.look') : t('submission.show-files', { count: files })}
            </Button>
          )}
          {canReply ? <Button onClick={() => acts.onReply(submission)}>{t('compose.open')}</Button> : null}
          <span className="actions actions-quiet">
            <Button look="quiet" onClick={() => acts.onVerify(parcel)}>
              {t('work.verify')}
            </Button>
            <Button look="quiet" onClick={() => acts.onExport(parcel, null)}>
              {t('work.export-all')}
            </Button>
          </span>
        </div>
      ) : null}
      <MarksPanel parcel={parcel} marks={submission.marks} onChanged={acts.onChanged} />
    </article>
  );
}

function Message({ message }: Pick<SubmissionView, 'message'>) {
  if (message === null) return <p className="soft">{t('submission.no-message')}</p>;
  return (
    <MessageBox>
      <Words text={message.text} />
      {message.whole ? null : <p className="small warning">{t('submission.message-cut')}</p>}
    </MessageBox>
  );
}

function StateNotice({ state, findings }: Pick<SubmissionView, 'state' | 'findings'>) {
  const grave = findings.filter(({ kind }) => kind === 'damage');
  const others = findings.filter(({ kind }) => kind !== 'damage');
  return (
    <>
      {state === 'damaged' || grave.length > 0 ? (
        <Notice kind="problem">
          <p>{t('submission.damaged')}</p>
          {grave.length === 0 ? <p>{t('submission.damage-found')}</p> : <FindingList findings={grave} />}
        </Notice>
      ) : null}
      {state === 'unfinished' ? (
        <Notice kind="warning">
          <p>{t('submission.unfinished')}</p>
        </Notice>
      ) : null}
      {state === 'not-for-us' ? (
        <Notice kind="note">
          <p>{t('submission.not-for-us')}</p>
        </Notice>
      ) : null}
      {others.length === 0 ? null : <FindingList findings={others} />}
    </>
  );
}

function Facts({ submission }: { readonly submission: SubmissionView }) {
  const { parcel, begun, received, size, parts, files } = submission;
  const line = [
    received === null ? t('submission.received-no') : t('submission.received', { day: dayText(received) }),
    size === null ? null : sizeText(size),
    files === null ? null : t('files.count', { count: files }),
  ].filter((fact) => fact !== null);
  return (
    <details className="small">
      <summary>{line.join(' · ')}</summary>
      <dl className="facts">
        <div>
          <dt>{t('submission.parts')}</dt>
          <dd>{t('submission.parts-of', { stated: parts.stated, total: parts.total })}</dd>
        </div>
        {begun === null ? null : (
          <div>
            <dt>{t('submission.facts')}</dt>
            <dd>{t('submission.begun', { day: dayText(begun) })}</dd>
          </div>
        )}
        <div>
          <dt>{t('submission.number-name')}</dt>
          <dd className="mono">{parcel}</dd>
        </div>
      </dl>
    </details>
  );
}
