/** The seven words, large and numbered, and what they are for. They are on this screen and nowhere else. */
import { isolate, t } from '../locales/text.ts';
import { Button } from '../ui/Button.tsx';
import { StepTitle } from '../ui/StepTitle.tsx';
import { CopyOrPrint } from './CopyOrPrint.tsx';

interface CodenamePageProps {
  readonly organisation: string;
  readonly words: readonly string[];
  readonly onNoted: () => void;
  readonly onBack: () => void;
}

export function CodenamePage({ organisation, words, onNoted, onBack }: CodenamePageProps) {
  const name = isolate(organisation);
  return (
    <div className="screen">
      <div className="not-printed">
        <StepTitle>{t('codename.title')}</StepTitle>
        <p className="lead">{t('codename.lead')}</p>
      </div>
      <ol className="words" aria-label={t('codename.label')} translate="no" lang="en" dir="ltr">
        {words.map((word, index) => (
          // oxlint-disable-next-line react/no-array-index-key -- the same word may be drawn twice; its place is what it is
          <li key={index} className="word">
            <span className="word-number">{index + 1}</span> {word}
          </li>
        ))}
      </ol>
      <CopyOrPrint words={words} />
      <section className="section not-printed">
        <h2>{t('codename.keep-title')}</h2>
        <ul className="dashes">
          <li>{t('codename.keep-paper')}</li>
          <li>{t('codename.keep-not')}</li>
        </ul>
      </section>
      <section className="section not-printed">
        <h2>{t('codename.what-for')}</h2>
        <ul className="dashes">
          <li>{t('codename.use-later')}</li>
          <li>{t('codename.use-replies', { organisation: name })}</li>
          <li>{t('codename.use-proof', { organisation: name })}</li>
          <li>{t('codename.use-found')}</li>
        </ul>
      </section>
      <div className="actions actions-end not-printed">
        <Button look="main" onClick={onNoted}>
          {t('codename.written')}
        </Button>
        <Button onClick={onBack}>{t('back')}</Button>
      </div>
    </div>
  );
}
