/** Asks the desk's own server, at the address that the page came from, and nothing else. */
import type { Refusal } from '../api.ts';
import { noteAnswer, noteSilence } from './connection.ts';

/** The server's no, with its sentence. */
export class Refused extends Error {
  readonly status: number;
  readonly refusal: Refusal;
  constructor(status: number, refusal: Refusal) {
    super(refusal.sentence);
    this.status = status;
    this.refusal = refusal;
  }
}

/** `GET` with the answer's type. Throws `Refused`, or `TypeError` when nobody answers. */
export function read<Answer>(path: string, signal?: AbortSignal): Promise<Answer> {
  return ask<Answer>(path, { method: 'GET', ...(signal === undefined ? {} : { signal }) });
}

/** `POST` with a JSON body. */
export function send<Answer>(path: string, body: unknown): Promise<Answer> {
  return ask<Answer>(path, {
    method: 'POST',
    headers: { 'content-type': 'application/json', 'x-postern': '1' },
    body: JSON.stringify(body),
  });
}

/** `DELETE`. */
export function remove<Answer>(path: string): Promise<Answer> {
  return ask<Answer>(path, { method: 'DELETE', headers: { 'x-postern': '1' } });
}

async function ask<Answer>(path: string, init: RequestInit): Promise<Answer> {
  const options = { ...init, cache: 'no-store', credentials: 'same-origin', redirect: 'error' } as const;
  let response: Response;
  try {
    response = await fetch(path, options);
  } catch (error) {
    if (init.signal?.aborted !== true) noteSilence();
    throw error;
  }
  noteAnswer(response.status);
  const text = await response.text();
  const answer: unknown = text === '' ? null : JSON.parse(text);
  if (!response.ok) throw new Refused(response.status, answer as Refusal);
  return answer as Answer;
}
