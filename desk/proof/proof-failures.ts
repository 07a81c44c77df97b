/** What stops `desk bind`, `prove` and `verify-clip`: sentences and hints, as in sentences.ts, which takes these in. */

export const PROOF_FAILURES = {
  'bind-no-bag': {
    sentence: '{folder} is no bag that extract wrote, or its report is not beside it',
    hint: 'give OUT/<parcel>, with OUT/<parcel>.report.json as extract left it',
  },
  'proof-damaged': {
    sentence: 'what this desk signed and wrote down in {folder} does not fit together any more',
    hint: 'put the folder back from your copy of the bag; the footage itself was not looked at',
  },
  'proof-file-changed': {
    sentence: '{path} is not the file that was signed for, or it changed while it was being read',
    hint: 'nothing was written; extract the parcel once more to another folder and compare',
  },
  'proof-file-unreadable': {
    sentence: '{path} cannot be read ({reason})',
    hint: 'nothing was written; is the medium all right?',
  },
  'proof-other-desk': {
    sentence: 'another desk signed for the files in {folder}: only its keys can prove a clip of them',
    hint: 'prove it there, or extract the parcel here and sign for it with desk bind',
  },
  'proof-range': {
    sentence:
      'a range is written as two byte numbers, or as two times, the second larger; bytes lie within the file ({size} bytes)',
    hint: 'a time has a colon: 01:05.2 is a minute and 5.2 seconds from the beginning',
  },
  'proof-receipt': {
    sentence: 'in {folder} there is no receipt for this parcel that the key on its card has signed',
    hint: 'without --receipt the proof is made without one',
  },
  'proof-time-cues': {
    sentence: '{path} has no list of its cues, so that no time can be found in it',
    hint: 'give the bytes of a clip instead, as in --from 12345 --to 67890',
  },
  'proof-time-form': {
    sentence: 'the index of {path} cannot be read: it is cut off, too large, or made in a way that is not known here',
    hint: 'give the bytes of a clip instead, as in --from 12345 --to 67890',
  },
  'proof-time-fragments': {
    sentence:
      '{path} is written in fragments, each with its own index: a part of it cannot be played without all of them',
    hint: 'give the bytes of a clip instead, as in --from 12345 --to 67890',
  },
  'proof-time-kind': {
    sentence: '{path} is not MP4, QuickTime, WebM or Matroska, so that no time can be found in it',
    hint: 'give the bytes of a clip instead, as in --from 12345 --to 67890',
  },
  'proof-time-range': { sentence: '{path} ends before the time that is asked for', hint: null },
  'proof-unbound': {
    sentence: '{path} does not lie in a bag that a desk has signed for',
    hint: 'desk bind BAG --keys DIR signs for the files of an extracted bag',
  },
  'root-key': { sentence: '--root is not a public key (43 characters of base64url)', hint: 'desk root DIR prints it' },
} as const;
