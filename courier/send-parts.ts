/** Parts of one reply to the server, several at once. */
import type { Card } from '../shared/statements/card.ts';
import type { Patience } from './away.ts';
import type { Finding } from './finding.ts';
import { forEachInLanes } from './lanes.ts';
import type { Lanes } from './lanes.ts';
import { readPart } from './outbox.ts';
import type { Progress } from './progress.ts';
import type { ReplyApi } from './reply-api.ts';
import type { CheckedReply } from './reply-check.ts';
import type { Session } from './session.ts';
import { uploadPart } from './upload-part.ts';

export interface PushContext {
  readonly api: ReplyApi;
  readonly session: Session;
  readonly patience: Patience;
  readonly progress: Progress;
  readonly lanes: Lanes;
  readonly places: number;
  /** The server's. */
  readonly card: Card;
}

/** Sends parts; a Finding when one is not any more as it was when it was checked. */
export async function sendParts(
  { session, patience, progress, lanes, places }: PushContext,
  folder: string,
  { envelope, statements }: CheckedReply,
  parts: readonly number[],
  begun: boolean,
  count: { sent: number },
): Promise<Finding | null> {
  let finding: Finding | null = null;
  progress.expect(parts.reduce((sum, part) => sum + statements[part]!.size, 0));
  await forEachInLanes(parts, places, (part) =>
    lanes(async () => {
      const statement = statements[part]!;
      const bytes = await readPart(folder, statement);
      if (!(bytes instanceof Uint8Array)) {
        finding ??= bytes;
        return;
      }
      await uploadPart({
        session,
        patience,
        statement,
        note: envelope.parts[part]!,
        bytes,
        begun,
        onBytes: (bytes) => {
          progress.add(bytes);
        },
        onSpared: (bytes) => {
          progress.expect(-bytes);
        },
      });
      count.sent++;
    }),
  );
  return finding;
}
