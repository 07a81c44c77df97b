/** Going on with an unfinished parcel: its files are chosen again, in any order; what is missing or strange is named as soon as it can be. */
import { useRef } from 'react';
import type { ProblemCode } from '../../shared/problem/codes.ts';
import type { Card } from '../../shared/statements/card.ts';
import { addFiles } from '../choose/chosen.ts';
import type { ChosenFile } from '../choose/chosen.ts';
import { sizeText } from '../locales/quantities.ts';
import { isolate, t } from '../locales/text.ts';
import type { Unfinished } from '../mailbox/mailbox.ts';
import { Button } from '../ui/Button.tsx';
import { Confirmation } from '../ui/Confirmation.tsx';
import { LiveText } from '../ui/LiveText.tsx';
import { Notice } from '../ui/Notice.tsx';
import { StepTitle } from '../ui/StepTitle.tsx';
import type { Resumption, ResumptionState } from '../upload/resumption-types.ts';
import type { Submission } from '../upload/submission-types.ts';
import { DropArea } from './DropArea.tsx';
import { ResumeState } from './ResumeState.tsx';
import { useDone } from './use-done.tsx';
import type { MailboxView } from './use-mailbox.ts';
import { usePicking } from './use-picking.ts';
import { useResumption } from './use-resumption.ts';

interface ResumePageProps {
  readonly card: Card;
  readonly signedIn: NonNullable<MailboxView['signedIn']>;
  readonly unfinished: Unfinished;
  readonly away: boolean;
  readonly onStart: (submission: Submission) => void;
  /** Withdraws it and sends the chosen files as something new. Why that was refused, or null. */
  readonly onAnew: (files: readonly ChosenFile[]) => Promise<ProblemCode | null>;
  readonly onBack: () => void;
}

export function ResumePage({ card, signedIn, unfinished, away, onStart, onAnew, onBack }: ResumePageProps) {
  const { resumption, state, problem, start } = useResumption(signedIn, card, unfinished);
  const done = useDone();
  const chosen = useRef<readonly ChosenFile[]>([]);
  const organisation = isolate(card.organisation);
  const { reading, drop, pick } = usePicking(({ picks }) => {
    const before = chosen.current.length;
    chosen.current = addFiles(chosen.current, picks).files;
    void resumption?.add(chosen.current.slice(before));
  });
  const goOn = (): void => {
    const submission = start();
    if (submission !== null) onStart(submission);
  };
  const refusal = problem ?? state?.refusal ?? null;
  const lead = resumption === null ? (away ? t('mailbox.away') : t('resume.opening')) : leadOf(resumption);

  return (
    <div className="screen">
      <div>
        <StepTitle>{t('resume.title')}</StepTitle>
        {refusal === null ? <p className="lead">{lead}</p> : null}
      </div>
      {resumption === null ? <LiveText text={lead} /> : null}
      {refusal === null ? null : (
        <Notice kind="problem" live title={t('resume.refused-title')}>
          <p>{t(`problem.${refusal}`)}</p>
        </Notice>
      )}
      {done.note}
      {resumption === null || state === null || refusal !== null ? null : (
        <section className="section" aria-labelledby="files-title">
          <h2 id="files-title">{t('resume.files')}</h2>
          <p>{t('resume.how')}</p>
          <DropArea reading={reading} onDrop={drop} onPick={pick} />
          <ResumeState files={resumption.files} state={state} />
        </section>
      )}
      <div className="actions actions-end">
        {state !== null && refusal === null ? (
          <GoOn state={state} busy={reading !== null} organisation={organisation} onGoOn={goOn} />
        ) : null}
        {refusal === null ? null : (
          <Confirmation
            look="main"
            label={t('resume.anew')}
            title={t('resume.anew-title')}
            text={t('resume.anew-text')}
            yes={t('resume.anew-yes')}
            onYes={() => done.after(onAnew(chosen.current), '')}
          />
        )}
        <Button onClick={onBack}>{t('resume.back')}</Button>
      </div>
    </div>
  );
}

function leadOf({ files, safe, total }: Resumption): string {
  return t('resume.lead', { count: files, safe: sizeText(safe), total: sizeText(total) });
}

interface GoOnProps {
  readonly state: ResumptionState;
  readonly busy: boolean;
  readonly organisation: string;
  readonly onGoOn: () => void;
}

/** The way on: at once when all is found, after a question when something is missing, and otherwise why not yet. */
function GoOn({ state: { looking, canStart, lacking, matched }, busy, organisation, onGoOn }: GoOnProps) {
  const ready = looking === null && !busy && canStart;
  if (ready && lacking > 0) {
    return (
      <Confirmation
        label={t('resume.without')}
        title={t('resume.without-title', { count: lacking })}
        text={t('resume.without-text', { organisation })}
        yes={t('resume.without-yes')}
        no={t('resume.without-no')}
        onYes={() => {
          onGoOn();
          return Promise.resolve();
        }}
      />
    );
  }
  const why = ready
    ? null
    : looking !== null || busy
      ? t('resume.wait-looking')
      : matched === 0
        ? t('resume.wait-files')
        : t('resume.wait-more');
  return (
    <>
      <Button
        look="main"
        aria-disabled={!ready}
        aria-describedby={why === null ? undefined : 'resume-waits'}
        onClick={() => (ready ? onGoOn() : undefined)}
      >
        {t('resume.start')}
      </Button>
      {why === null ? null : (
        <p id="resume-waits" className="soft">
          {why}
        </p>
      )}
    </>
  );
}
