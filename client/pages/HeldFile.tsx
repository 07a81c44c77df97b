/** One file can no longer be read: the person shows it again, or goes on without it. */
import { useState } from 'react';
import { isolate, t } from '../locales/text.ts';
import { Button } from '../ui/Button.tsx';
import { FilePicker } from '../ui/FilePicker.tsx';
import { Notice } from '../ui/Notice.tsx';
import type { Submission } from '../upload/submission-types.ts';

interface HeldFileProps {
  readonly path: string;
  /** True when the file is there, but is not what was being sent. */
  readonly changed: boolean;
  /** True when another file was given up before: there may be many. */
  readonly oneOfMany: boolean;
  readonly organisation: string;
  readonly submission: Submission;
  /** A decision was taken, and this is about to go. */
  readonly onDecided: () => void;
}

export function HeldFile({ path, changed, oneOfMany, organisation, submission, onDecided }: HeldFileProps) {
  const [differs, setDiffers] = useState(false);
  const replace = (files: readonly File[]): void => {
    const file = files[0];
    if (!file) return;
    if (submission.replaceFile(path, file)) onDecided();
    else setDiffers(true);
  };
  const decide = (act: () => void) => () => {
    act();
    onDecided();
  };
  return (
    <Notice kind="warning" live title={changed ? t('upload.held-changed-file') : t('upload.held-file')}>
      <p className="file-name">
        <bdi>{path}</bdi>
      </p>
      <p>{changed ? t('upload.held-changed') : t('upload.held-why')}</p>
      {differs ? <Notice kind="problem" live title={t('upload.held-differs')} /> : null}
      <div className="actions">
        <FilePicker kind="file" label={t('upload.held-choose')} onPick={replace} />
        {changed ? null : <Button onClick={decide(() => submission.tryAgain())}>{t('upload.held-again')}</Button>}
        <Button onClick={decide(() => submission.continueWithout(path))}>{t('upload.held-without')}</Button>
        {oneOfMany ? (
          <Button onClick={decide(() => submission.continueWithoutAll())}>{t('upload.held-without-all')}</Button>
        ) : null}
      </div>
      <p className="small">{t('upload.held-without-hint', { organisation: isolate(organisation) })}</p>
    </Notice>
  );
}
