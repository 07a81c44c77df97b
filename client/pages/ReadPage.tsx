/** The first screen: who this is, what is protected and what is not. It needs no cryptography beyond checking one signature. */
import type { ReactNode } from 'react';
import { isolate, t } from '../locales/text.ts';
import type { Organisation } from '../organisation.ts';
import { Button } from '../ui/Button.tsx';
import { StepTitle } from '../ui/StepTitle.tsx';
import { Notice } from '../ui/Notice.tsx';
import { CardState } from './CardState.tsx';

interface ReadPageProps {
  readonly organisation: Organisation;
  readonly onion: boolean;
  /** True when the person came back to it: then the heading takes the focus. */
  readonly again: boolean;
  readonly onBegin: () => void;
  /** The person has a codename already. */
  readonly onReturn: () => void;
}

export function ReadPage({ organisation, onion, again, onBegin, onReturn }: ReadPageProps) {
  const ready = organisation.kind === 'ready' ? organisation : null;
  const waits = organisation.kind === 'loading' || organisation.kind === 'unreachable';
  const name = ready ? isolate(ready.card.organisation) : t('read.organisation');
  return (
    <div className="screen">
      <div>
        <StepTitle takesFocus={again}>
          {ready ? t('read.title', { organisation: name }) : t('read.title-loading')}
        </StepTitle>
        <p className="lead">{t('read.lead')}</p>
      </div>
      <CardState organisation={organisation} />
      {onion ? null : (
        <Notice kind="warning" title={t('read.not-onion-title')}>
          <p>{t('read.not-onion')}</p>
        </Notice>
      )}
      {ready ? (
        <div className="second-way">
          <p>{t('read.returning-what')}</p>
          <Button onClick={onReturn}>{t('read.returning')}</Button>
        </div>
      ) : null}
      <section className="section">
        <h2>{t('read.protected')}</h2>
        <dl className="facts">
          <Fact word={t('read.leaves')}>{t('read.leaves-text')}</Fact>
          <Fact word={t('read.reads')}>{t('read.reads-text', { organisation: name })}</Fact>
          <Fact word={t('read.server')}>
            {t('read.server-text')} {onion ? t('read.server-onion') : t('read.server-no-onion')}
          </Fact>
          <Fact word={t('read.stays')}>{t('read.stays-text')}</Fact>
        </dl>
      </section>
      <section className="section">
        <h2>{t('read.not-protected')}</h2>
        <ul className="dashes dashes-open">
          <li>{t('read.not-screen')}</li>
          <li>{t('read.not-content')}</li>
          <li>{t('read.not-logs')}</li>
          <li>{t('read.not-few')}</li>
          <li>{t('read.not-page')}</li>
        </ul>
      </section>
      {ready ? <Fingerprint name={name} groups={ready.fingerprint} /> : null}
      <div className="actions actions-end">
        <Button
          look="main"
          aria-disabled={!ready}
          aria-describedby={ready ? undefined : 'begin-waits'}
          onClick={() => ready && onBegin()}
        >
          {t('read.begin')}
        </Button>
        {ready ? null : (
          <p id="begin-waits" className="soft">
            {waits ? t('read.begin-waiting') : t('read.begin-not')}
          </p>
        )}
      </div>
    </div>
  );
}

function Fact({ word, children }: { readonly word: string; readonly children: ReactNode }) {
  return (
    <div>
      <dt>{word}</dt>
      <dd>{children}</dd>
    </div>
  );
}

function Fingerprint({ name, groups }: { readonly name: string; readonly groups: string }) {
  return (
    <section className="section">
      <h2>{t('read.key-title', { organisation: name })}</h2>
      <p>{t('read.key-text', { organisation: name })}</p>
      <p className="fingerprint" dir="ltr">
        {groups.split(' ').map((group, index) => (
          // oxlint-disable-next-line react/no-array-index-key -- the groups never move, and two may be equal
          <span key={index}>{group} </span>
        ))}
      </p>
    </section>
  );
}
