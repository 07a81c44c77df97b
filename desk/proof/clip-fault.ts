/** Why a proof does not hold. verify_clip.py has the same words. */

export const CLIP_FAULTS = {
  missing: 'proof.txt, statement.note or desk.note is missing, too large, or is no file',
  proof: 'proof.txt is not well formed',
  desk: 'desk.note was not signed by this root key, or was changed',
  statement: 'statement.note was not signed by the desk that desk.note names, or was changed',
  file: 'the file is none of those that the statement binds',
  clips: 'the ranges are empty, overlap, lie outside of the file, or are not those of the salts',
  bytes: 'the bytes in shown.bin are not those of the file that was received',
  opened: 'a name, hash or parcel that is told is not the one that the statement binds',
  receipt: 'the receipt or the card beside it does not hold, or is for another parcel',
  log: "the proof that the receipt stands in the server's log does not hold, or there is no receipt that it is for",
} as const;

export type ClipFaultCode = keyof typeof CLIP_FAULTS;

export class ClipFault extends Error {
  override readonly name = 'ClipFault';
  readonly code: ClipFaultCode;

  constructor(code: ClipFaultCode) {
    super(code);
    this.code = code;
  }
}
