/** How the choosing goes: how many files are found, which chosen ones do not belong, which are missing. */
import { t } from '../locales/text.ts';
import { LiveText } from '../ui/LiveText.tsx';
import type { ResumptionState } from '../upload/resumption-types.ts';
import { NamedFiles } from './NamedFiles.tsx';

interface ResumeStateProps {
  /** How many there are in all. */
  readonly files: number;
  readonly state: ResumptionState;
}

export function ResumeState({ files, state }: ResumeStateProps) {
  const { matched, lacking, looking, strangers, unreadable, missing } = state;
  const found = t('resume.found', { found: matched, count: files });
  const begun = matched > 0 || strangers.length > 0 || unreadable.length > 0;
  return (
    <>
      <div className="stack found">
        <p className="figures">
          <span className="figures-main">{found}</span>
        </p>
        <progress className="progress" aria-label={found} max={Math.max(1, files)} value={matched} />
        <p className="soft">
          {looking !== null ? t('resume.looking', looking) : lacking === 0 ? t('resume.all-found') : null}
        </p>
      </div>
      <LiveText text={looking === null && begun ? found : ''} />
      {strangers.length === 0 ? null : (
        <NamedFiles
          kind="warning"
          live
          title={t('resume.strangers', { count: strangers.length })}
          files={strangers.map((path) => ({ path }))}
        />
      )}
      {unreadable.length === 0 ? null : (
        <NamedFiles
          kind="warning"
          live
          title={t('resume.unreadable', { count: unreadable.length })}
          files={unreadable.map((path) => ({ path }))}
        />
      )}
      {looking !== null || lacking === 0 || !begun ? null : missing === null ? (
        <p>{t('resume.missing-unnamed', { count: lacking })}</p>
      ) : (
        <NamedFiles title={t('resume.missing', { count: missing.length })} files={missing} />
      )}
    </>
  );
}
