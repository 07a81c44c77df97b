/** Where files come in: by dragging, or by the two buttons, which are enough by themselves. */
import { t } from '../locales/text.ts';
import { FilePicker } from '../ui/FilePicker.tsx';
import { usePageDrop } from './use-page-drop.ts';

interface DropAreaProps {
  /** Files read so far of a dropped folder; null when none is being read. */
  readonly reading: number | null;
  readonly onDrop: (entries: readonly FileSystemEntry[]) => void;
  readonly onPick: (files: readonly File[]) => void;
}

export function DropArea({ reading, onDrop, onPick }: DropAreaProps) {
  const active = usePageDrop(onDrop);
  return (
    <div className={active ? 'drop drop-active' : 'drop'}>
      <p>{active ? t('choose.drop-active') : t('choose.drop')}</p>
      <div className="actions">
        <FilePicker kind="files" label={t('choose.add-files')} onPick={onPick} />
        <FilePicker kind="folder" label={t('choose.add-folder')} onPick={onPick} />
      </div>
      {reading === null ? null : <p className="soft">{t('choose.reading', { count: reading })}</p>}
    </div>
  );
}
