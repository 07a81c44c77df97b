/** From the address to the page: the session, what the server says at the start, and the watch over whether it is still there. */
import { useEffect, useState } from 'react';
import type { Refusal, Start } from './api.ts';
import { Desk } from './Desk.tsx';
import { t } from './locales/text.ts';
import { useConnection } from './ask/connection.ts';
import { START } from './ask/paths.ts';
import { Refused, read } from './ask/requests.ts';
import { openSession } from './ask/session.ts';
import { Stopped } from './Stopped.tsx';
import { RefusalNotice } from './ui/RefusalNotice.tsx';

/** The token is good for one use, so it is used once, however often React mounts the page. */
const opened: Promise<Start> = openSession().then(() => read<Start>(START));
const WATCH_MS = 5000;

export function Viewer() {
  const connection = useConnection();
  const [start, setStart] = useState<Start | null>(null);
  const [refusal, setRefusal] = useState<Refusal | null>(null);
  useEffect(() => {
    opened.then(setStart, (error: unknown) => {
      if (error instanceof Refused && error.status !== 401) setRefusal(error.refusal);
    });
    const timer = setInterval(() => void read(START).catch(() => undefined), WATCH_MS);
    return () => clearInterval(timer);
  }, []);
  useEffect(() => {
    if (start !== null) document.title = t('app.title', { organisation: start.organisation });
  }, [start]);
  if (connection !== 'there') return <Stopped why={connection} />;
  if (start !== null) return <Desk start={start} />;
  return (
    <main className="stopped" aria-busy={refusal === null}>
      <h1>{t('app.name')}</h1>
      {refusal === null ? <p role="status">{t('app.loading')}</p> : <RefusalNotice refusal={refusal} />}
    </main>
  );
}
