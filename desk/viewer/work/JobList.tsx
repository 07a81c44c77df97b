/** The work under way, at the foot of the page, the latest first: how far it is, what came of it, and a way to stop it. */
import type { Job } from '../api.ts';
import { percentText } from '../locales/quantities.ts';
import { t } from '../locales/text.ts';
import { Button } from '../ui/Button.tsx';
import { LiveText } from '../ui/LiveText.tsx';
import type { Jobs } from './use-jobs.ts';

export function JobList({ jobs }: { readonly jobs: Jobs }) {
  const said = jobs.all
    .map((job) => t('work.said', { name: t(`work.${job.kind}-name`), state: spoken(job) }))
    .join('. ');
  return (
    <>
      <LiveText text={said} />
      {jobs.all.length === 0 ? null : (
        <section className="jobs" aria-label={t('work.region')}>
          <ul>
            {jobs.all.toReversed().map((job) => (
              <JobEntry key={job.id} job={job} onStop={() => jobs.stop(job.id)} onClear={() => jobs.clear(job.id)} />
            ))}
          </ul>
        </section>
      )}
    </>
  );
}

interface JobEntryProps {
  readonly job: Job;
  readonly onStop: () => void;
  readonly onClear: () => void;
}

function JobEntry({ job, onStop, onClear }: JobEntryProps) {
  const { kind, state, done, total, sentences, folder } = job;
  const name = t(`work.${kind}-name`);
  const going = state === 'waiting' || state === 'running';
  return (
    <li className={`job job-${state}`}>
      <div className="job-line">
        <strong>{name}</strong>
        <span>{state === 'running' ? percentText(done, total) : t(`work.${state}`)}</span>
        {going ? (
          <progress className="grow" aria-label={name} max={Math.max(1, total)} value={done} />
        ) : (
          <span className="grow" />
        )}
        <Button look="quiet" onClick={going ? onStop : onClear}>
          {t(going ? 'work.stop' : 'work.dismiss')}
        </Button>
      </div>
      {sentences.length === 0 ? null : (
        <ul className="job-words">
          {sentences.map((sentence, index) => (
            <li key={`${index} ${sentence}`}>{sentence}</li>
          ))}
        </ul>
      )}
      {folder === null ? null : (
        <p className="small">
          {t('work.folder-is')} <span className="mono">{folder}</span>
        </p>
      )}
    </li>
  );
}

/** Without the per cent: it would be read out twice a second. */
function spoken({ state, sentences }: Job): string {
  return [state === 'running' ? '' : t(`work.${state}`), ...sentences.slice(0, 3)]
    .filter((each) => each !== '')
    .join(' ');
}
