/** tus 1.0 for one part, without effects: which request comes next, and what an answer to it means. docs/protocol.md, "Parts". */
import { toBase64 } from '../../shared/bytes/base64.ts';
import { utf8Encode } from '../../shared/bytes/utf8.ts';
import type { ProblemCode } from '../../shared/problem/codes.ts';
import type { Body } from './body.ts';
import type { HttpAnswer, HttpRequest } from './transport.ts';
import { isPassing, problemIn } from './transport.ts';

/** `create` makes the part and brings its first bytes; `ask` learns the offset after trouble; `append` brings more. */
export type Step =
  { readonly kind: 'create' } | { readonly kind: 'ask' } | { readonly kind: 'append'; readonly offset: number };

export type Meaning =
  /** The server has this many bytes, durably. `taken`: it took those of this request. */
  | { readonly kind: 'offset'; readonly offset: number; readonly taken: boolean }
  /** Something went wrong that may pass: wait, then do `next`. */
  | { readonly kind: 'trouble'; readonly next: Step; readonly code: ProblemCode | null }
  /** Nothing went wrong, but this must be done first; no need to wait. */
  | { readonly kind: 'turn'; readonly next: Step }
  /** Our server says no, for good. */
  | { readonly kind: 'refused'; readonly code: ProblemCode };

const TUS = { 'tus-resumable': '1.0.0' } as const;
const BODY_TYPE = 'application/offset+octet-stream';
const ASK: Step = { kind: 'ask' };
const CREATE: Step = { kind: 'create' };

/** A part as the server is told of it. */
export interface PartSaid {
  /** Bytes of ciphertext. */
  readonly size: number;
  /** The signed part statement. */
  readonly statement: string;
  /** Which browser sends: the server refuses every other one than the latest. */
  readonly writer: number;
  /** The sealed progress record. */
  readonly record: Uint8Array | null;
}

/** What a step sends, but for its address. `body` is the slice; an asking step has none. */
export function requestOf(step: Step, part: PartSaid, body: Body): Pick<HttpRequest, 'method' | 'headers' | 'body'> {
  const writer = `writer ${toBase64(utf8Encode(String(part.writer)))}`;
  switch (step.kind) {
    case 'ask':
      return { method: 'HEAD', headers: { ...TUS, 'upload-metadata': writer }, body: null };
    case 'append': {
      const upload = { 'upload-offset': String(step.offset), 'upload-metadata': writer };
      return { method: 'PATCH', headers: { ...TUS, ...upload, 'content-type': BODY_TYPE }, body };
    }
    case 'create': {
      const record = part.record === null ? '' : `,record ${toBase64(part.record)}`;
      const metadata = `statement ${toBase64(utf8Encode(part.statement))},${writer}${record}`;
      const upload = { 'upload-length': String(part.size), 'upload-metadata': metadata };
      return { method: 'POST', headers: { ...TUS, ...upload, 'content-type': BODY_TYPE }, body };
    }
  }
}

/** What an answer to `step` means for a part. */
export function meaningOf(
  step: Step,
  answer: HttpAnswer | null,
  { size, statement }: Pick<PartSaid, 'size' | 'statement'>,
): Meaning {
  if (answer !== null && answer.status >= 200 && answer.status <= 299) {
    // What is there are other bytes than ours, be it as many: a creation begins the part anew, or is told that it must not.
    if (step.kind === 'ask' && speaksOfAnother(answer, statement)) return { kind: 'turn', next: CREATE };
    const offset = offsetIn(answer, size);
    // Without an offset it is not the answer of our server.
    if (offset === null) return { kind: 'trouble', next: ASK, code: null };
    return { kind: 'offset', offset, taken: step.kind !== 'ask' };
  }
  // An answer to HEAD has no body, so nobody can say whose it is: creating the part again is harmless and brings certainty.
  if (step.kind === 'ask' && answer?.status === 404) return { kind: 'turn', next: CREATE };
  const code = answer === null ? null : problemIn(answer);
  if (isPassing(answer) || code === null) {
    const next = step.kind === 'ask' && answer !== null && answer.status < 500 ? CREATE : ASK;
    return { kind: 'trouble', next, code };
  }
  switch (code) {
    case 'offset-conflict': {
      // An earlier request whose answer was lost got farther than we know; the refusal says how far.
      const offset = answer === null ? null : offsetIn(answer, size);
      if (step.kind === 'append' && offset !== null && offset !== step.offset)
        return { kind: 'offset', offset, taken: false };
      return { kind: 'trouble', next: ASK, code: null };
    }
    case 'not-found':
      // The part is not there, or no more; but a creation that finds nothing at its address speaks to another server.
      return step.kind === 'append' ? { kind: 'turn', next: CREATE } : { kind: 'refused', code };
    case 'part-damaged':
      // What arrived is not what was sent; the server has forgotten it.
      return { kind: 'trouble', next: ASK, code };
    default:
      return { kind: 'refused', code };
  }
}

/** True when an answer names the statement of the part that is there, and it is not this one. */
function speaksOfAnother(answer: HttpAnswer, statement: string): boolean {
  const named = /(?:^|,)statement ([^,]*)/.exec(answer.header('upload-metadata') ?? '');
  return named !== null && named[1] !== toBase64(utf8Encode(statement));
}

/** The Upload-Offset of an answer, or null when it has none that can be. */
function offsetIn(answer: HttpAnswer, size: number): number | null {
  const text = answer.header('upload-offset');
  if (text === null || !/^\d{1,15}$/.test(text)) return null;
  const offset = Number(text);
  return offset <= size ? offset : null;
}
