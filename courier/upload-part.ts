/** One part of a reply to the server over tus: after a break it asks how far the server is, and goes on there. */
import { toBase64 } from '../shared/bytes/base64.ts';
import { utf8Encode } from '../shared/bytes/utf8.ts';
import { isProblem } from '../shared/problem/problem.ts';
import { replyPartRoute } from '../shared/protocol/routes.ts';
import type { PartStatement } from '../shared/statements/part-statement.ts';
import { accept } from './answers.ts';
import { Away } from './away.ts';
import type { Patience } from './away.ts';
import { Halt } from './halt.ts';
import { readText } from './http.ts';
import type { HttpAnswer, HttpRequest } from './http.ts';
import type { Session } from './session.ts';

export interface PartUpload {
  readonly session: Session;
  readonly patience: Patience;
  readonly statement: PartStatement;
  /** The note that the statement stands in. */
  readonly note: string;
  readonly bytes: Uint8Array;
  /** True when an earlier run may have begun it: then the server is asked first. */
  readonly begun: boolean;
  /** Told of bytes that the server has acknowledged. */
  readonly onBytes: (bytes: number) => void;
  /** Told of bytes that the server had before; below zero, of bytes that have to go again. */
  readonly onSpared: (bytes: number) => void;
}

const MAX_ANSWER = 65_536;
const TUS = { 'tus-resumable': '1.0.0' } as const;
const BODY_TYPE = { 'content-type': 'application/offset+octet-stream' } as const;
/** A part that the server finds damaged on arrival is sent this often: once may be the way. */
const WHOLE_TRIES = 2;

/** Sends a part until the server has its last byte. A Problem when the server refuses it; Halt when nothing gets on for too long. */
export async function uploadPart(upload: PartUpload): Promise<void> {
  const { patience, statement, onBytes, onSpared } = upload;
  // How far the server is; null before the part is begun.
  let known: number | null = null;
  let asking = upload.begun;
  let damaged = 0;
  for (let first = true, idleTries = 0; ; first = false) {
    const before = known ?? 0;
    try {
      // That it answers this is no progress: bytes that are always lost on the way must not keep us for ever.
      if (asking) known = await offsetAt(upload);
      else known = await send(upload, known);
      const moved = (known ?? 0) - before;
      // What came of a request that broke is as good as acknowledged; what an earlier run sent need not go again.
      if (moved < 0 || (asking && first)) onSpared(moved);
      else onBytes(moved);
      if (moved > 0) {
        patience.heard();
        idleTries = 0;
      } else if (!asking) throw new Away('it takes no bytes');
      if (known === statement.size) return;
      asking = false;
    } catch (error) {
      let reason = 'it has other bytes of a part than before';
      if (error instanceof Away) reason = error.message;
      else if (isProblem(error, 'part-damaged') && ++damaged < WHOLE_TRIES) reason = 'a part came there damaged';
      else if (!isProblem(error, 'offset-conflict') && !isProblem(error, 'not-found')) throw error;
      asking = true;
      if (++idleTries > 1) await patience.pause(idleTries - 2, reason);
    }
  }
}

/** One request with all bytes that the server does not have; gives the offset that it is at then. */
async function send({ session, statement, note, bytes }: PartUpload, known: number | null): Promise<number> {
  const path = replyPartRoute(statement.parcel, statement.part);
  const request: HttpRequest =
    known === null
      ? {
          method: 'POST',
          path,
          headers: {
            ...TUS,
            ...BODY_TYPE,
            'upload-length': String(bytes.length),
            'upload-metadata': `statement ${toBase64(utf8Encode(note))}`,
          },
          body: bytes,
        }
      : {
          method: 'PATCH',
          path,
          headers: { ...TUS, ...BODY_TYPE, 'upload-offset': String(known) },
          body: bytes.subarray(known),
        };
  return offsetIn(await session.send(request), statement.size);
}

/** How far the server is with the part; null when it is not begun. Throws Away. */
async function offsetAt({ session, statement }: PartUpload): Promise<number | null> {
  const path = replyPartRoute(statement.parcel, statement.part);
  const answer = await session.ask({ method: 'HEAD', path, headers: TUS });
  if (answer.status !== 404) return offsetIn(await accept(answer), statement.size);
  await readText(answer, MAX_ANSWER);
  return null;
}

async function offsetIn(answer: HttpAnswer, size: number): Promise<number> {
  await readText(answer, MAX_ANSWER);
  const text = answer.headers['upload-offset'];
  const offset = typeof text === 'string' && /^\d{1,10}$/.test(text) ? Number(text) : Number.NaN;
  if (!(offset <= size)) throw new Halt('server-strange', 'The server does not say how much of a part it has.');
  return offset;
}
