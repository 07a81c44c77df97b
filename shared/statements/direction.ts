/** The two ways that parcels travel. Each has contexts and a key name of its own, so that no statement of one passes for the other. */
import type { KeyName } from './note.ts';

/** A submission goes from a source to staff, signed by the mailbox key; a reply goes back, signed by the card's reply key. */
export type Direction = 'submission' | 'reply';

/** Whose key signs the statements of a parcel. */
export const SENDER_KEY: Readonly<Record<Direction, KeyName>> = {
  submission: 'postern-mailbox',
  reply: 'postern-reply',
};
