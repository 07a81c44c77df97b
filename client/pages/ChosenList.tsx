/** What is chosen so far: folders and single files, page by page, each with a way to take it out again. */
import { useMemo, useState } from 'react';
import { totalSize } from '../choose/chosen.ts';
import type { ChosenFile } from '../choose/chosen.ts';
import { groupsOf, pageOf } from '../choose/groups.ts';
import type { Group } from '../choose/groups.ts';
import { sizeText } from '../locales/quantities.ts';
import { isolate, t } from '../locales/text.ts';
import { Button } from '../ui/Button.tsx';
import { Pages } from '../ui/Pages.tsx';

/** Lines shown at once: enough to look through, few enough to stay quick with 100,000 files. */
const PAGE = 25;

interface ChosenListProps {
  readonly files: readonly ChosenFile[];
  readonly onRemove: (gone: ReadonlySet<ChosenFile>) => void;
}

export function ChosenList({ files, onRemove }: ChosenListProps) {
  const groups = useMemo(() => groupsOf(files), [files]);
  const size = useMemo(() => totalSize(files), [files]);
  const [page, setPage] = useState(0);
  const shown = pageOf(groups, page, PAGE);
  return (
    <div className="chosen">
      <div className="chosen-head">
        <p>
          <strong>{t('choose.summary', { count: files.length, size: sizeText(size) })}</strong>
        </p>
        <Button look="quiet" onClick={() => onRemove(new Set(files))}>
          {t('choose.remove-all')}
        </Button>
      </div>
      <ul className="entries" aria-label={t('choose.list-label')}>
        {shown.items.map((group) => (
          <li key={group.name}>
            <GroupLine group={group} onRemove={onRemove} />
          </li>
        ))}
      </ul>
      <Pages of={shown} total={groups.length} list={t('choose.list-label')} onPage={setPage} />
    </div>
  );
}

interface GroupLineProps {
  readonly group: Group;
  readonly onRemove: (gone: ReadonlySet<ChosenFile>) => void;
}

function GroupLine({ group, onRemove }: GroupLineProps) {
  const [open, setOpen] = useState(false);
  const name = isolate(group.name);
  return (
    <>
      <div className="entry">
        <p className="entry-name">
          <bdi>{group.isFolder ? `${group.name}/` : group.name}</bdi>
          <span className="entry-size">
            {group.isFolder
              ? t('choose.summary', { count: group.files.length, size: sizeText(group.size) })
              : sizeText(group.size)}
          </span>
        </p>
        <div className="entry-acts">
          {group.isFolder ? (
            <Button
              look="quiet"
              aria-expanded={open}
              aria-label={open ? t('choose.hide-folder-name', { name }) : t('choose.show-folder-name', { name })}
              onClick={() => setOpen(!open)}
            >
              {open ? t('choose.hide-folder') : t('choose.show-folder')}
            </Button>
          ) : null}
          <Button
            look="quiet"
            aria-label={t('choose.remove-name', { name })}
            onClick={() => onRemove(new Set(group.files))}
          >
            {t('choose.remove')}
          </Button>
        </div>
      </div>
      {open && group.isFolder ? <FolderFiles group={group} onRemove={onRemove} /> : null}
    </>
  );
}

function FolderFiles({ group, onRemove }: GroupLineProps) {
  const [page, setPage] = useState(0);
  const shown = pageOf(group.files, page, PAGE);
  return (
    <div className="entries-inner">
      <ul className="entries" aria-label={group.name}>
        {shown.items.map((file) => {
          const name = file.path.slice(group.name.length + 1);
          return (
            <li key={file.path} className="entry">
              <p className="entry-name">
                <bdi>{name}</bdi>
                <span className="entry-size">{sizeText(file.file.size)}</span>
              </p>
              <Button
                look="quiet"
                aria-label={t('choose.remove-name', { name: isolate(name) })}
                onClick={() => onRemove(new Set([file]))}
              >
                {t('choose.remove')}
              </Button>
            </li>
          );
        })}
      </ul>
      <Pages of={shown} total={group.files.length} list={group.name} onPage={setPage} />
    </div>
  );
}
