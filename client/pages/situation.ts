/** What a person is told of an upload: its phase, and apart from that a server that has no room, or may keep no more, since it is not the connection that is away. */
import type { UploadPhase, UploadState } from '../upload/submission-types.ts';

export type Situation = UploadPhase | 'full';

/** `full` while the upload waits for room on the server; otherwise the phase. */
export function situationOf({ phase, problem }: Pick<UploadState, 'phase' | 'problem'>): Situation {
  const isFull = problem?.code === 'storage-full' || problem?.code === 'quota-reached';
  return phase === 'waiting' && isFull ? 'full' : phase;
}
