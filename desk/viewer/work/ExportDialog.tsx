/** Asks into which folder of this machine files go, and starts it. */
import { useId, useState } from 'react';
import type { FormEvent } from 'react';
import type { FileView } from '../api.ts';
import { sizeText } from '../locales/quantities.ts';
import { t } from '../locales/text.ts';
import { useAct } from '../ask/use-act.ts';
import { Button } from '../ui/Button.tsx';
import { Dialog } from '../ui/Dialog.tsx';
import { RefusalNotice } from '../ui/RefusalNotice.tsx';
import type { Jobs } from './use-jobs.ts';

interface ExportDialogProps {
  readonly parcel: string;
  /** Null for the whole bag. */
  readonly files: readonly FileView[] | null;
  /** The folder of the last time, and where to note it. */
  readonly folder: string;
  readonly onFolder: (folder: string) => void;
  readonly jobs: Jobs;
  readonly onClose: () => void;
}

export function ExportDialog({ parcel, files, folder, onFolder, jobs, onClose }: ExportDialogProps) {
  const id = useId();
  const [out, setOut] = useState(folder);
  const { busy, refusal, run } = useAct();
  const start = async (): Promise<void> => {
    const order = { out: out.trim(), files: files?.map(({ index }) => index) ?? null };
    const done = await run(async () => void (await jobs.start(parcel, 'extract', order)));
    if (!done) return;
    onFolder(order.out);
    onClose();
  };
  const submit = (event: FormEvent): void => {
    event.preventDefault();
    if (!busy && out.trim() !== '') void start();
  };
  const size = files?.reduce((sum, file) => sum + file.size, 0) ?? 0;
  return (
    <Dialog title={t('work.export-title')} onClose={onClose}>
      <form className="stack" onSubmit={submit}>
        <p>
          {files === null ? t('work.what-all') : t('work.what-some', { count: files.length, size: sizeText(size) })}
        </p>
        <label htmlFor={id}>{t('work.folder')}</label>
        <input
          id={id}
          className="field mono"
          aria-describedby={`${id}-what`}
          autoComplete="off"
          spellCheck={false}
          value={out}
          onChange={(event) => setOut(event.target.value)}
        />
        <p id={`${id}-what`} className="small soft">
          {t('work.folder-what')}
        </p>
        {refusal === null ? null : <RefusalNotice refusal={refusal} />}
        <div className="actions">
          <Button look="main" type="submit" aria-disabled={busy || out.trim() === ''}>
            {t('work.start')}
          </Button>
          <Button onClick={onClose}>{t('app.cancel')}</Button>
        </div>
      </form>
    </Dialog>
  );
}
