/** A parcel that is sent slice by slice, by hand; what the server acknowledged is told to a witness. */
import { partRoute } from '../../shared/protocol/routes.ts';
import { toBase64 } from '../../shared/bytes/base64.ts';
import { utf8Encode } from '../../shared/bytes/utf8.ts';
import type { Witness } from './audit.ts';
import { BODY_TYPE, createSender, openAt, sealAt } from './sender.ts';
import type { Sender, SenderOptions } from './sender.ts';
import { patternBytes } from './random-bytes.ts';

export interface SlicedUpload {
  readonly sender: Sender;
  readonly parts: readonly Uint8Array[];
  /** Says in each request which browser sends. */
  as(writer: number): void;
  open(source: string): Promise<void>;
  /** Makes a part, with its bytes up to `to`; without any when that is 0. Of `bytes`, if they are to be others than the right ones. */
  create(source: string, part: number, to: number, bytes?: Uint8Array): Promise<Response>;
  /** Sends the bytes from `from` up to `to`. */
  append(source: string, part: number, from: number, to: number, bytes?: Uint8Array): Promise<Response>;
  /** What a HEAD says; null while the part is not begun. Throws for any other answer. */
  ask(source: string, part: number): Promise<number | null>;
  /** Brings in all that is missing, in one more request a part. */
  complete(source: string): Promise<void>;
  /** The receipt. */
  seal(source: string): Promise<string>;
}

const TUS = { 'tus-resumable': '1.0.0' };
const RECORD = utf8Encode('a record');

/** An upload of parts of `size` bytes; nothing is sent by itself. */
export async function createSlicedUpload(
  witness: Witness,
  { size = 20_000, ...options }: SenderOptions & { readonly size?: number } = {},
): Promise<SlicedUpload> {
  const sender = await createSender({ parts: 2, ...options });
  const parts = Array.from({ length: sender.parts }, (_, part) => patternBytes(size, part + 1));
  let writer = 0;
  const says = (): { 'upload-metadata': string } => ({
    'upload-metadata': `writer ${toBase64(utf8Encode(String(writer)))}`,
  });

  const note = (part: number, answer: Response): Response => {
    const offset = answer.headers.get('upload-offset');
    if (answer.ok && offset !== null) witness.offset(sender.parcel, part, Number(offset));
    return answer;
  };
  const upload: SlicedUpload = {
    sender,
    parts,
    as: (who) => void (writer = who),
    open: (source) => openAt(source, sender),
    create: async (source, part, to, bytes = parts[part]!) =>
      note(
        part,
        await fetch(source + partRoute(sender.parcel, part), {
          method: 'POST',
          headers: {
            ...(await sender.creation(part, bytes, { writer, record: RECORD })),
            ...(to > 0 ? BODY_TYPE : {}),
          },
          body: to > 0 ? Buffer.from(bytes.subarray(0, to)) : null,
        }),
      ),
    append: async (source, part, from, to, bytes = parts[part]!) =>
      note(
        part,
        await fetch(source + partRoute(sender.parcel, part), {
          method: 'PATCH',
          headers: { ...TUS, ...BODY_TYPE, ...says(), 'upload-offset': String(from) },
          body: Buffer.from(bytes.subarray(from, to)),
        }),
      ),
    async ask(source, part) {
      const path = source + partRoute(sender.parcel, part);
      const answer = note(part, await fetch(path, { method: 'HEAD', headers: { ...TUS, ...says() } }));
      if (answer.status === 404) return null;
      if (!answer.ok) throw new Error(`HEAD: ${answer.status}`);
      return Number(answer.headers.get('upload-offset'));
    },
    async complete(source) {
      for (const part of parts.keys()) {
        const offset = await upload.ask(source, part);
        if (offset === size) continue;
        const sent = offset === null ? upload.create(source, part, size) : upload.append(source, part, offset, size);
        const { status } = await sent;
        if (status !== 201 && status !== 204) throw new Error(`part ${part} from ${offset}: ${status}`);
      }
    },
    async seal(source) {
      const answer = await sealAt(source, sender, parts);
      if (!answer.ok) throw new Error(`seal: ${answer.status} ${await answer.text()}`);
      const { receipt } = (await answer.json()) as { receipt: string };
      witness.sealed(sender.parcel, receipt);
      return receipt;
    },
  };
  return upload;
}
