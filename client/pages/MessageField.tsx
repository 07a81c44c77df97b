/** The message: plain text that nothing on this computer remembers, completes or checks. */
import { MAX_MESSAGE_BYTES } from '../../shared/protocol/limits.ts';
import { sizeText } from '../locales/quantities.ts';
import { t } from '../locales/text.ts';
import { fitsLimit, messageBytes } from './message-size.ts';

interface MessageFieldProps {
  readonly message: string;
  readonly onMessage: (message: string) => void;
}

export function MessageField({ message, onMessage }: MessageFieldProps) {
  const over = !fitsLimit(message);
  return (
    <section className="section">
      <h2>
        <label htmlFor="message">{t('choose.message-title')}</label>
      </h2>
      <p id="message-hint" className="soft">
        {t('choose.message-hint')}
      </p>
      <textarea
        id="message"
        className="message"
        dir="auto"
        rows={8}
        value={message}
        autoComplete="off"
        autoCorrect="off"
        spellCheck={false}
        aria-describedby="message-hint message-count"
        aria-invalid={over}
        onChange={(event) => onMessage(event.currentTarget.value)}
      />
      <p id="message-count" className={over ? 'count over' : 'count'} role={over ? 'alert' : undefined}>
        {over
          ? t('choose.message-over', { over: sizeText(messageBytes(message) - MAX_MESSAGE_BYTES) })
          : t('choose.message-count', { count: Array.from(message).length })}
      </p>
    </section>
  );
}
