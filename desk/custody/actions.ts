/** What can happen to a case: the closed list of actions in its log, each with its words, and whether its values are for staff alone. */

interface Action {
  readonly words: string;
  /** The values stand only in the encrypted log: what is handed out holds their hash instead. */
  readonly confidential?: true;
}

/** Names are written into signed logs for good: none is ever taken away or given another meaning. */
export const ACTIONS = {
  listed: { words: 'The beginning of the parcel was read: its message and its size.' },
  opened: { words: 'The case was opened for viewing.' },
  verified: { words: 'Every signature, hash and file was checked.' },
  viewed: { words: 'Files were looked at, decrypted in memory.' },
  marked: { words: 'Staff marked the case.', confidential: true },
  extracted: { words: 'The bag was decrypted and written to a folder.' },
  exported: { words: 'Files were decrypted and written to a folder.' },
  replied: { words: 'A reply to the source was written.' },
  reported: { words: 'A custody report was made.' },
  'time-stamped': { words: 'A time stamp that was brought back was put beside the report.' },
  proved: { words: 'A proof for a part of a file was made.' },
  retired: { words: 'An identity that could open the parcel was destroyed.' },
} as const satisfies Readonly<Record<string, Action>>;

export type ActionName = keyof typeof ACTIONS;

/** True for a name of the list. */
export function isAction(name: string): name is ActionName {
  return Object.hasOwn(ACTIONS, name);
}

/** True when the values of an action are for staff alone. */
export function isConfidential(name: ActionName): boolean {
  const action: Action = ACTIONS[name];
  return action.confidential === true;
}
