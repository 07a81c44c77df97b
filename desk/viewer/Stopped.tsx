/** Instead of the page, where there can be none: the desk was closed, the address is used up, or the page has a fault. */
import { t } from './locales/text.ts';

export function Stopped({ why }: { readonly why: 'gone' | 'locked' | 'broken' }) {
  return (
    <main>
      <div className="stopped" role="alert">
        <h1>{t(`${why}.title`)}</h1>
        <p>{t(`${why}.text`)}</p>
      </div>
    </main>
  );
}
