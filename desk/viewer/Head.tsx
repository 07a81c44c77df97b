/** The head of the page: whose desk it is, which bundle, and what must be known before anything here is believed. */
import type { Start } from './api.ts';
import { dayText } from './locales/quantities.ts';
import { t } from './locales/text.ts';
import { Name } from './plain/Name.tsx';
import { FindingList } from './ui/FindingList.tsx';
import { Notice } from './ui/Notice.tsx';

export function Head({ start }: { readonly start: Start }) {
  const { organisation, demo, bundle, today, clock, findings } = start;
  return (
    <header className="head">
      {demo ? (
        <p className="demo">
          <strong>{t('app.demo-title')}</strong> {t('app.demo-text')}
        </p>
      ) : null}
      <div className="head-line">
        <h1>
          <span className="head-name">{t('app.name')}</span>
          <bdi className="head-organisation">{organisation}</bdi>
        </h1>
        <p className="small soft head-facts">
          <span>
            {t('app.bundle')} <Name name={bundle} />
          </span>
          <span>{t('app.today', { day: dayText(today) })}</span>
        </p>
      </div>
      {clock === null ? null : (
        <Notice kind="warning" title={t('app.clock-title')}>
          <p>{clock}</p>
        </Notice>
      )}
      {findings.length === 0 ? null : (
        <details className="head-findings" open={findings.some(({ kind }) => kind === 'damage')}>
          <summary>{t('app.findings')}</summary>
          <FindingList findings={findings} />
        </details>
      )}
    </header>
  );
}
