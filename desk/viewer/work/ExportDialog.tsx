/** Asks whether files are to leave the ciphertext, and says where to: the one folder that the desk was started with. */
import type { FileView } from '../api.ts';
import { useAct } from '../ask/use-act.ts';
import { sizeText } from '../locales/quantities.ts';
import { t } from '../locales/text.ts';
import { Button } from '../ui/Button.tsx';
import { Dialog } from '../ui/Dialog.tsx';
import { Notice } from '../ui/Notice.tsx';
import { RefusalNotice } from '../ui/RefusalNotice.tsx';
import type { Jobs } from './use-jobs.ts';

interface ExportDialogProps {
  readonly parcel: string;
  /** Null for the whole bag. */
  readonly files: readonly FileView[] | null;
  /** The folder; null when the desk was started without one. */
  readonly exchange: string | null;
  readonly jobs: Jobs;
  readonly onClose: () => void;
}

export function ExportDialog({ parcel, files, exchange, jobs, onClose }: ExportDialogProps) {
  const { busy, refusal, run } = useAct();
  const start = async (out: string): Promise<void> => {
    const order = { out, files: files?.map(({ index }) => index) ?? null };
    if (await run(async () => void (await jobs.start(parcel, 'extract', order)))) onClose();
  };
  const size = files?.reduce((sum, file) => sum + file.size, 0) ?? 0;
  return (
    <Dialog title={t('work.export-title')} onClose={onClose}>
      <div className="stack">
        <p>
          {files === null ? t('work.what-all') : t('work.what-some', { count: files.length, size: sizeText(size) })}
        </p>
        {exchange === null ? (
          <Notice kind="note">
            <p>{t('work.no-exchange')}</p>
          </Notice>
        ) : (
          <>
            <p>
              {t('work.into')} <span className="mono">{exchange}</span>
            </p>
            <p className="small soft">{t('work.folder-what')}</p>
          </>
        )}
        {refusal === null ? null : <RefusalNotice refusal={refusal} />}
        <div className="actions">
          {exchange === null ? null : (
            <Button look="main" aria-disabled={busy} onClick={() => (busy ? undefined : void start(exchange))}>
              {t('work.start')}
            </Button>
          )}
          <Button onClick={onClose}>{t('app.cancel')}</Button>
        </div>
      </div>
    </Dialog>
  );
}
