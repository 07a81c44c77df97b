/** A sentence on some files, and their names, page by page. */
import { useState } from 'react';
import { pageOf } from '../choose/groups.ts';
import { sizeText } from '../locales/quantities.ts';
import { Notice } from '../ui/Notice.tsx';
import { Pages } from '../ui/Pages.tsx';

const PAGE = 10;

interface NamedFilesProps {
  readonly title: string;
  readonly files: readonly { readonly path: string; readonly size?: number }[];
  readonly kind?: 'note' | 'warning';
  readonly live?: boolean;
}

export function NamedFiles({ title, files, kind = 'note', live = false }: NamedFilesProps) {
  const [page, setPage] = useState(0);
  const shown = pageOf(files, page, PAGE);
  return (
    <Notice kind={kind} live={live}>
      <p>{title}</p>
      <ul className="name-list">
        {shown.items.map(({ path, size }, index) => (
          // oxlint-disable-next-line react/no-array-index-key -- two files may have been chosen under one name
          <li key={`${index} ${path}`}>
            <bdi>{path}</bdi>
            {size === undefined ? null : <span className="entry-size">{sizeText(size)}</span>}
          </li>
        ))}
      </ul>
      <Pages of={shown} total={files.length} list={title} onPage={setPage} />
    </Notice>
  );
}
