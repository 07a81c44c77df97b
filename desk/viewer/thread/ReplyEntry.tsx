/** One reply of ours, between the submissions. */
import type { ReplyView } from '../api.ts';
import { dayText, sizeText } from '../locales/quantities.ts';
import { t } from '../locales/text.ts';
import { Name } from '../plain/Name.tsx';
import { Words } from '../plain/Words.tsx';
import { MessageBox } from './MessageBox.tsx';

export function ReplyEntry({ reply }: { readonly reply: ReplyView }) {
  const { number, day, message, files } = reply;
  return (
    <article className="card card-reply" aria-label={t('reply.title', { number })}>
      <header className="card-head">
        <h3>{t('reply.title', { number })}</h3>
        {day === null ? null : <span className="small soft">{t('reply.day', { day: dayText(day) })}</span>}
      </header>
      {message === null ? (
        <p className="soft">{t('reply.unreadable')}</p>
      ) : (
        <MessageBox>
          <Words text={message} />
        </MessageBox>
      )}
      {files === null || files.length === 0 ? null : (
        <>
          <h4>{t('reply.files')}</h4>
          <ul className="names">
            {files.map(({ name, size }) => (
              <li key={name}>
                <Name name={name} /> <span className="soft">{sizeText(size)}</span>
              </li>
            ))}
          </ul>
        </>
      )}
      <p className="small soft">{whereItIs(reply)}</p>
    </article>
  );
}

function whereItIs({ delivered, inOutbox }: ReplyView): string {
  if (delivered !== null) return t('reply.delivered', { day: dayText(delivered) });
  return t(inOutbox ? 'reply.outbox' : 'reply.elsewhere');
}
