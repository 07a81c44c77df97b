/** Back and forth in a list that is too long to show whole. Shows nothing when it is not. */
import { t } from '../locales/text.ts';
import { Button } from './Button.tsx';

interface PagesProps {
  readonly of: { readonly page: number; readonly pages: number; readonly from: number; readonly to: number };
  readonly total: number;
  /** What the list is of. */
  readonly list: string;
  readonly onPage: (page: number) => void;
}

export function Pages({ of: { page, pages, from, to }, total, list, onPage }: PagesProps) {
  if (pages < 2) return null;
  const first = page === 0;
  const last = page === pages - 1;
  return (
    <nav className="pages" aria-label={t('choose.page-label', { list })}>
      <output>{t('choose.page', { from, to, total })}</output>
      <Button aria-disabled={first} onClick={() => (first ? undefined : onPage(page - 1))}>
        {t('choose.page-previous')}
      </Button>
      <Button aria-disabled={last} onClick={() => (last ? undefined : onPage(page + 1))}>
        {t('choose.page-next')}
      </Button>
    </nav>
  );
}
