/** One file can no longer be read: the person shows it again, or goes on without it. */
import { useState } from 'react';
import { isolate, t } from '../locales/text.ts';
import { Button } from '../ui/Button.tsx';
import { FilePicker } from '../ui/FilePicker.tsx';
import { Notice } from '../ui/Notice.tsx';
import type { Submission } from '../upload/submission-types.ts';

interface HeldFileProps {
  readonly path: string;
  readonly organisation: string;
  readonly submission: Submission;
}

export function HeldFile({ path, organisation, submission }: HeldFileProps) {
  const [differs, setDiffers] = useState(false);
  const replace = (files: readonly File[]): void => {
    const file = files[0];
    if (file) setDiffers(!submission.replaceFile(path, file));
  };
  return (
    <Notice kind="warning" live title={t('upload.held-file')}>
      <p className="file-name">
        <bdi>{path}</bdi>
      </p>
      <p>{t('upload.held-why')}</p>
      {differs ? <Notice kind="problem" live title={t('upload.held-differs')} /> : null}
      <div className="actions">
        <FilePicker kind="file" label={t('upload.held-choose')} onPick={replace} />
        <Button onClick={() => submission.continueWithout(path)}>{t('upload.held-without')}</Button>
      </div>
      <p className="small">{t('upload.held-without-hint', { organisation: isolate(organisation) })}</p>
    </Notice>
  );
}
