/** How a file stands in the list and in the grid. */
import type { FileView } from '../api.ts';
import { sizeText } from '../locales/quantities.ts';
import { t } from '../locales/text.ts';
import { Name } from '../plain/Name.tsx';
import { Sign } from '../ui/Sign.tsx';
import { splitPath } from './sort-files.ts';
import { Thumbnail } from './Thumbnail.tsx';

interface EntryProps {
  readonly file: FileView;
  readonly chosen: boolean;
  readonly onToggle: () => void;
}

export function FileRow({ file, chosen, onToggle }: EntryProps) {
  const { folder, name } = splitPath(file.path);
  return (
    <div className="file-row">
      <Mark chosen={chosen} onToggle={onToggle} />
      <Sign name={file.kind} />
      <span className="file-name">
        <Name name={name} />
        {folder === '' ? null : (
          <span className="file-folder soft">
            <Name name={folder} />
          </span>
        )}
      </span>
      {file.whole ? (
        <span className="file-kind soft">{t(`kind.${file.kind}`)}</span>
      ) : (
        <span className="file-partial">{t('files.partial')}</span>
      )}
      <span className="file-size">{sizeText(file.size)}</span>
    </div>
  );
}

export function FileTile({ file, chosen, onToggle }: EntryProps) {
  return (
    <div className="tile">
      <div className="tile-picture">
        <Thumbnail file={file} />
        <Mark chosen={chosen} onToggle={onToggle} />
        {file.whole ? null : <span className="file-partial">{t('files.partial')}</span>}
      </div>
      <span className="tile-name">
        <Name name={splitPath(file.path).name} />
      </span>
      <span className="small soft">
        <span className="visually-hidden">{t(`kind.${file.kind}`)} </span>
        {sizeText(file.size)}
      </span>
    </div>
  );
}

/** For the pointer alone: by keys an entry is chosen with the space bar, and read out as selected. */
function Mark({ chosen, onToggle }: Omit<EntryProps, 'file'>) {
  return (
    // oxlint-disable-next-line jsx-a11y/click-events-have-key-events, jsx-a11y/no-static-element-interactions
    <span
      className={chosen ? 'mark mark-on' : 'mark'}
      aria-hidden="true"
      onClick={(event) => {
        event.stopPropagation();
        onToggle();
      }}
    >
      <Sign name="chosen" />
    </span>
  );
}
