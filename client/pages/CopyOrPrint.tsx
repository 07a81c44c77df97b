/** The words in another form than on the screen: only when asked for, and after a word on what that leaves behind. */
import { useState } from 'react';
import { t } from '../locales/text.ts';
import { Button } from '../ui/Button.tsx';

export function CopyOrPrint({ words }: { readonly words: readonly string[] }) {
  const [copied, setCopied] = useState<boolean | null>(null);
  const copy = async (): Promise<void> => {
    try {
      await navigator.clipboard.writeText(words.join(' '));
      setCopied(true);
    } catch {
      setCopied(false);
    }
  };
  return (
    <details className="not-printed">
      <summary>{t('codename.other-ways')}</summary>
      <dl className="facts facts-acts">
        <div>
          <dt>
            <Button onClick={() => void copy()}>{t('codename.copy')}</Button>
          </dt>
          <dd className="stack">
            <p>{t('codename.copy-what')}</p>
            <output>{copied === null ? '' : copied ? t('codename.copied') : t('codename.copy-failed')}</output>
          </dd>
        </div>
        <div>
          <dt>
            <Button onClick={() => window.print()}>{t('codename.print')}</Button>
          </dt>
          <dd>{t('codename.print-what')}</dd>
        </div>
      </dl>
    </details>
  );
}
