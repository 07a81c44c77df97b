/** What a codename shows: unfinished parcels, replies, what was sent, and the ways to write and to clear it. A finder of the words sees the same. */
import { Fragment, useState } from 'react';
import type { ProblemCode } from '../../shared/problem/codes.ts';
import type { Card } from '../../shared/statements/card.ts';
import { isolate, t } from '../locales/text.ts';
import type { MailboxLook } from '../mailbox/mailbox.ts';
import { Button } from '../ui/Button.tsx';
import { LiveText } from '../ui/LiveText.tsx';
import { Notice } from '../ui/Notice.tsx';
import { StepTitle } from '../ui/StepTitle.tsx';
import { ForgetSection } from './ForgetSection.tsx';
import { RepliesList } from './RepliesList.tsx';
import { SealedList } from './SealedList.tsx';
import { UnfinishedList } from './UnfinishedList.tsx';
import { useDone } from './use-done.tsx';
import type { MailboxView } from './use-mailbox.ts';
import { WorkProgress } from './WorkProgress.tsx';

interface MailboxPageProps {
  readonly card: Card;
  readonly view: MailboxView;
  /** Why going on was refused the last time. */
  readonly refused: ProblemCode | null;
  readonly onResume: (parcel: string) => void;
  readonly onWrite: () => void;
  /** The words are to be looked at once more. */
  readonly onCompare: () => void;
  readonly onAnother: () => void;
}

export function MailboxPage({ card, view, refused, onResume, onWrite, onCompare, onAnother }: MailboxPageProps) {
  const { signedIn, look, away, work, problem, refresh, act } = view;
  const [looked, setLooked] = useState(0);
  const cleared = useDone();
  const [clearings, setClearings] = useState(0);
  const organisation = isolate(card.organisation);
  const empty = look !== null && isEmpty(look);
  const title = look === null ? t('mailbox.title-opening') : empty ? t('mailbox.title-empty') : t('mailbox.title');
  const lead = leadOf(view, empty);
  const forget = async (): Promise<ProblemCode | null> => {
    const refusal = await act((mailbox) => mailbox.forget());
    if (refusal === null) setClearings((times) => times + 1);
    return refusal;
  };
  return (
    <div className="screen">
      <div>
        {/* A new title is a new screen: it is read out from its beginning. */}
        <StepTitle key={title}>{title}</StepTitle>
        <p className="lead">{lead}</p>
      </div>
      {look === null ? <LiveText text={lead} /> : null}
      {work === null ? null : (
        <div>
          {look === null ? null : <p>{t('mailbox.in-line')}</p>}
          <WorkProgress work={work} />
        </div>
      )}
      {cleared.note}
      {away && look !== null ? <Notice kind="warning" live title={t('mailbox.away')} /> : null}
      {[...new Set([refused, problem])].map((code) =>
        code === null ? null : (
          <Notice key={code} kind="problem" live title={t('mailbox.failed-title')}>
            <p>{t(`problem.${code}`)}</p>
          </Notice>
        ),
      )}
      {look === null || signedIn === null ? null : (
        // What was done before a clearing is not told after it: the lists are new ones then.
        <Fragment key={clearings}>
          <UnfinishedList unfinished={look.unfinished} organisation={organisation} act={act} onResume={onResume} />
          <RepliesList look={look} session={signedIn.session} organisation={organisation} act={act} />
          <section className="section">
            <h2>{t('write.title', { organisation })}</h2>
            <p>{empty ? t('write.text-empty') : t('write.text')}</p>
            <div className="actions">
              {/* One way on: what is not finished comes first. */}
              <Button look={empty || look.unfinished.length > 0 ? 'plain' : 'main'} onClick={onWrite}>
                {t('write.go-on')}
              </Button>
            </div>
          </section>
          <SealedList sealed={look.sealed} organisation={organisation} act={act} />
          {empty ? null : (
            <ForgetSection organisation={organisation} onForget={() => cleared.after(forget(), t('forget.done'))} />
          )}
        </Fragment>
      )}
      <div className="actions actions-end">
        <Button look={empty ? 'main' : 'plain'} onClick={empty ? onCompare : onAnother}>
          {empty ? t('mailbox.compare') : t('mailbox.other')}
        </Button>
        {look === null && problem === null ? null : (
          <Button onClick={() => void refresh().then(() => setLooked((times) => times + 1))}>
            {t('mailbox.again')}
          </Button>
        )}
        {looked === 0 ? null : <p className="small soft">{t('mailbox.looked')}</p>}
        <LiveText key={looked} text={looked === 0 ? '' : t('mailbox.looked')} />
      </div>
    </div>
  );
}

function isEmpty({ unfinished, sealed, replies, refused }: MailboxLook): boolean {
  return unfinished.length + sealed.length + replies.length + refused === 0;
}

function leadOf({ signedIn, look, away, work }: MailboxView, empty: boolean): string {
  if (signedIn === null) return t('mailbox.keys');
  if (look === null && work !== null) return t('mailbox.in-line');
  if (look === null) return away ? t('mailbox.away') : t('mailbox.asking');
  return empty ? t('mailbox.empty') : t('mailbox.lead');
}
