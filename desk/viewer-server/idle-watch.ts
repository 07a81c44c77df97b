/** Tells when nobody has asked for anything in a while: a viewer that was left open on a table is to end. */

export interface IdleWatch {
  /** Something was asked for, or is still being taken. */
  touch(): void;
}

/** Calls `idle` when `touch` was not called for `ms`, and again each time that so long has passed; never when `ms` is 0. */
export function createIdleWatch(ms: number, idle: () => void): IdleWatch {
  const timer = ms === 0 ? null : setInterval(idle, ms);
  return { touch: () => void timer?.refresh() };
}
