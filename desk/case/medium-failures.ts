/** What stops a command when a medium fails: sentences and hints, as in sentences.ts, which takes these in. */

export const MEDIUM_FAILURES = {
  'medium-failing': {
    sentence: '{folder} could not be read from its medium ({reason}), which was pulled out or goes bad',
    hint: 'nothing is lost that courier pull can fetch again: plug it in firmly and try again, or copy the bundle to another medium',
  },
  'medium-gone': {
    sentence: '{folder} is not there any more: its medium was pulled out',
    hint: 'nothing is lost, and nothing half-written was left: plug it in and run the same again',
  },
  'medium-parts': {
    sentence: 'a part of {parcel} could not be read from its medium ({reason}), which was pulled out or goes bad',
    hint: 'nothing is lost, and nothing of this parcel was left in OUT: plug the medium in firmly and run the same again, or copy the bundle to another one, or pull it again; with --partial, what can be read comes out',
  },
  'out-file-large': {
    sentence: 'a file of this parcel is larger than any that {path} can hold',
    hint: 'FAT holds none of 4 GiB or more: extract to a disk with another file system; nothing half-written is left under the name of the parcel',
  },
} as const;
