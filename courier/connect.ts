/** What every command that speaks to the server needs: a session, patience, the staff API and a progress display, ended in the end. */
import type { SigningKey } from '../shared/crypto/ed25519.ts';
import { createPatience } from './away.ts';
import type { Patience } from './away.ts';
import type { Effects } from './effects.ts';
import { createHttp } from './http.ts';
import { createProgress } from './progress.ts';
import type { Progress } from './progress.ts';
import { createSession } from './session.ts';
import type { Session } from './session.ts';
import { createStaffApi } from './staff-api.ts';
import type { StaffApi } from './staff-api.ts';

export interface ServerOptions {
  readonly server: URL;
  readonly key: SigningKey;
  /** Transfers at once. */
  readonly lanes: number;
  readonly patienceMs: number;
  /** No progress on standard error. */
  readonly quiet: boolean;
}

export interface Connection {
  readonly session: Session;
  readonly patience: Patience;
  readonly progress: Progress;
  readonly api: StaffApi;
}

/** Does `work` with a connection to the server. */
export async function atServer<Result>(
  options: ServerOptions,
  effects: Effects,
  work: (connection: Connection) => Promise<Result>,
): Promise<Result> {
  const progress = createProgress(effects, options.quiet);
  const http = createHttp(options.server, options.lanes + 1);
  try {
    const patience = createPatience(options.patienceMs, effects, (reason, seconds) => {
      progress.waiting(reason, seconds);
    });
    const session = createSession(http, options.key, patience, effects);
    return await work({ session, patience, progress, api: createStaffApi(session, patience) });
  } finally {
    progress.end();
    http.close();
  }
}
