/**
 * What a person is told of an upload: its phase, and apart from that a server that has no room, or may keep no more, or is in great demand: it
 * is not the connection that is away.
 */
import type { UploadPhase, UploadState } from '../upload/submission-types.ts';

export type Situation = UploadPhase | 'full' | 'working';

/** `full` while the upload waits for room on the server, `working` while this computer works for its place; otherwise the phase. */
export function situationOf({
  phase,
  problem,
  work = null,
}: Pick<UploadState, 'phase' | 'problem'> & Partial<Pick<UploadState, 'work'>>): Situation {
  if (phase === 'preparing' && work !== null) return 'working';
  const isFull = problem?.code === 'storage-full' || problem?.code === 'quota-reached';
  return phase === 'waiting' && isFull ? 'full' : phase;
}
