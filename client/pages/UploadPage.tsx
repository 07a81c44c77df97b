/** Sending: what has arrived, how long it will take, and one sentence on what is happening now. */
import { useState } from 'react';
import { percentOf, percentText, sizeText, timeLeftText } from '../locales/quantities.ts';
import { isolate, t } from '../locales/text.ts';
import type { MessageName } from '../locales/text.ts';
import { Button } from '../ui/Button.tsx';
import { LiveText } from '../ui/LiveText.tsx';
import { Notice } from '../ui/Notice.tsx';
import { StepTitle } from '../ui/StepTitle.tsx';
import type { Submission, UploadState } from '../upload/submission-types.ts';
import { HeldFile } from './HeldFile.tsx';
import { NamedFiles } from './NamedFiles.tsx';
import { situationOf } from './situation.ts';
import type { Situation } from './situation.ts';
import { useSparseProgress } from './use-sparse-progress.ts';
import { WorkProgress } from './WorkProgress.tsx';

interface UploadPageProps {
  readonly organisation: string;
  readonly upload: UploadState;
  readonly submission: Submission;
  /** Files sent for the first time, words alone, or files whose sending was taken up again. */
  readonly kind: 'new' | 'words' | 'resumed';
  readonly onAgain: () => void;
}

const TITLES = {
  preparing: 'upload.title',
  uploading: 'upload.title',
  paused: 'upload.title-paused',
  waiting: 'upload.title-waiting',
  full: 'upload.title-full',
  working: 'upload.title-working',
  held: 'upload.title-held',
  sealing: 'upload.title',
  received: 'upload.title',
  refused: 'upload.title-refused',
} as const satisfies Record<Situation, MessageName>;

const SENTENCES = {
  preparing: 'upload.phase-preparing',
  uploading: 'upload.phase-uploading',
  paused: 'upload.phase-paused',
  waiting: 'upload.phase-waiting',
  full: 'upload.phase-full',
  working: 'upload.phase-working',
  held: 'upload.phase-held',
  sealing: 'upload.phase-sealing',
  received: 'upload.phase-sealing',
  refused: 'upload.phase-refused',
} as const satisfies Record<Situation, MessageName>;

export function UploadPage({ organisation, upload, submission, kind, onAgain }: UploadPageProps) {
  const { phase, problem, work } = upload;
  const situation = situationOf(upload);
  const said = useSparseProgress(situation, percentOf(upload.acknowledged, upload.total));
  // The buttons of a decision go with it: the heading then takes the focus, so that it is not lost.
  const [decisions, setDecisions] = useState(0);
  const canPause = phase === 'uploading' || phase === 'waiting' || situation === 'working';
  return (
    <div className="screen">
      <div>
        <StepTitle key={decisions}>{t(TITLES[situation])}</StepTitle>
        <p className="lead">{leadOf(situation, upload.looking)}</p>
      </div>
      {phase === 'refused' ? (
        <Notice kind="problem" live>
          <p>{t(`problem.${problem?.code ?? 'internal'}`)}</p>
          <p>{kind === 'resumed' ? t('upload.refused-kept-codename') : t('upload.refused-kept')}</p>
          <div className="actions">
            <Button look="main" onClick={onAgain}>
              {kind === 'resumed' ? t('upload.refused-mailbox') : t('upload.refused-again')}
            </Button>
          </div>
        </Notice>
      ) : null}
      {phase === 'held' && problem?.path !== undefined ? (
        <HeldFile
          key={problem.path}
          path={problem.path}
          changed={problem.code === 'file-changed'}
          oneOfMany={upload.unreadable.length > 0}
          organisation={organisation}
          submission={submission}
          onDecided={() => setDecisions(decisions + 1)}
        />
      ) : null}
      {situation === 'working' && work !== null ? <WorkProgress work={work} /> : <Progress upload={upload} />}
      {canPause || phase === 'paused' ? (
        <div className="actions">
          {/* One button for both, so that the focus stays where it is. */}
          <Button onClick={() => (phase === 'paused' ? submission.resume() : submission.pause())}>
            {phase === 'paused' ? t('upload.resume') : t('upload.pause')}
          </Button>
        </div>
      ) : null}
      {upload.unreadable.length === 0 ? null : (
        <NamedFiles title={t('upload.unreadable', { count: upload.unreadable.length })} files={upload.unreadable} />
      )}
      {upload.changed.length === 0 ? null : (
        <NamedFiles
          kind="warning"
          live
          title={t('upload.changed', { count: upload.changed.length, organisation: isolate(organisation) })}
          files={upload.changed}
        />
      )}
      {phase === 'refused' ? null : (
        <section className="section">
          <h2>{t('upload.keep-title')}</h2>
          <ul className="dashes">
            <li>{t('upload.keep-open')}</li>
            <li>
              {kind === 'words'
                ? t('upload.keep-words')
                : t('upload.keep-closed', { organisation: isolate(organisation) })}
            </li>
          </ul>
        </section>
      )}
      <LiveText text={said} />
    </div>
  );
}

function leadOf(situation: Situation, looking: UploadState['looking']): string {
  return situation === 'preparing' && looking !== null ? t('upload.phase-looking', looking) : t(SENTENCES[situation]);
}

function Progress({ upload }: { readonly upload: UploadState }) {
  const { phase, acknowledged, total, bytesPerSecond, secondsLeft } = upload;
  const percent = percentOf(acknowledged, total);
  const moves = phase === 'uploading';
  return (
    <section className="section" aria-label={t('upload.progress')}>
      <p className="figures">
        <span className="figures-main">{t('upload.of', { done: sizeText(acknowledged), total: sizeText(total) })}</span>
        <span className="figures-main">{percentText(percent)}</span>
      </p>
      <progress
        className={moves || phase === 'sealing' ? 'progress' : 'progress progress-quiet'}
        aria-label={t('upload.progress')}
        max={100}
        value={percent}
      />
      <p className="figures soft">
        {moves ? (
          <>
            <span>{timeLeftText(secondsLeft)}</span>
            {bytesPerSecond === null ? null : (
              <span>{t('upload.rate', { rate: sizeText(Math.round(bytesPerSecond)) })}</span>
            )}
          </>
        ) : (
          <span>{t('upload.padding-note')}</span>
        )}
      </p>
    </section>
  );
}
