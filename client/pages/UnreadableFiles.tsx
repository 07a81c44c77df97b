/** The files that are sent incomplete, page by page. */
import { useState } from 'react';
import { pageOf } from '../choose/groups.ts';
import { t } from '../locales/text.ts';
import { Notice } from '../ui/Notice.tsx';
import { Pages } from '../ui/Pages.tsx';

const PAGE = 10;

export function UnreadableFiles({ files }: { readonly files: readonly { readonly path: string }[] }) {
  const [page, setPage] = useState(0);
  const shown = pageOf(files, page, PAGE);
  return (
    <Notice kind="note">
      <p>{t('upload.unreadable', { count: files.length })}</p>
      <ul className="name-list">
        {shown.items.map(({ path }) => (
          <li key={path}>
            <bdi>{path}</bdi>
          </li>
        ))}
      </ul>
      <Pages of={shown} total={files.length} onPage={setPage} />
    </Notice>
  );
}
