/** What stops a command of the key ceremony: sentences and hints, as in sentences.ts, which takes these in. */

export const CEREMONY_FAILURES = {
  'card-full': {
    sentence: 'the card would name {count} recipients, and one may name {most}',
    hint: 'make fewer periods ahead, here or at the teams, or fewer days with --days',
  },
  'ceremony-stopped': {
    sentence: 'stopped before the keys were confirmed',
    hint: 'no keys were made, and nothing was left behind; sheets that were printed are of no use now',
  },
  'clock-back': {
    sentence: 'the clock says {today}, and the last card was issued on {last}',
    hint: 'set the clock of this machine; a card that goes back in time is refused by the page. Nothing was changed',
  },
  'keys-no-root': {
    sentence: 'this is the key folder of a team: the root key is not in it',
    hint: 'cards are signed, and teams added, at the desk that has the root key',
  },
  'keys-no-reply': {
    sentence: 'the key that signs replies is not in this folder',
    hint: 'reply at the desk that has it',
  },
  'paper-damaged': {
    sentence: 'each line is right by itself, but together they are no backup',
    hint: 'are they all of one set, and in their order? The set is printed at the foot of each page',
  },
  'paper-line': {
    sentence: 'line {line} in {name} is not as it is printed: its check letters do not fit',
    hint: 'compare it with the sheet letter by letter; nothing was joined',
  },
  'paper-missing': {
    sentence: 'lines are missing in {name}: {lines}',
    hint: 'scan or type these too; nothing was joined',
  },
  'paper-sets': {
    sentence: 'these sheets are of different sets: {one} and {other}',
    hint: 'the set is printed at the foot of each page; nothing was joined',
  },
  'paper-shares': {
    sentence: 'there are {have} shares here, and {needed} are needed',
    hint: 'ask another holder for a sheet of the same set; fewer tell nothing',
  },
  'paper-stopped': {
    sentence: 'stopped before everything was there',
    hint: 'nothing was joined, and nothing was written',
  },
  'paper-twice': {
    sentence: 'line {line} is there twice and differs',
    hint: 'these sheets are of different sets: the set is printed at the foot of each page',
  },
  'paper-unreadable': { sentence: '{path} cannot be read ({reason})', hint: null },
  'passphrase-differs': { sentence: 'the two passphrases are not the same', hint: 'nothing was changed; try again' },
  'passphrase-file': {
    sentence: 'the passphrase cannot be read from {path} ({reason})',
    hint: 'its first line is the passphrase, of at most 1024 bytes',
  },
  'passphrase-needed': {
    sentence: 'the keys in {folder} need a passphrase, and nobody is there to give it',
    hint: 'run this at a terminal, or with --passphrase-file FILE',
  },
  'passphrase-wrong': {
    sentence: 'this is not the passphrase of {folder}',
    hint: 'nothing was changed. Is the keyboard layout right, and Caps Lock off? Without the passphrase, the paper backup restores the keys: desk join',
  },
  'share-numbers': {
    sentence: '--needed must be at least 2 and at most the number of --shares, and that at most {most}',
    hint: 'desk backup writes one sheet that is enough by itself',
  },
  'identity-unknown': {
    sentence: '{count} identities are named by {name}',
    hint: 'desk identities DIR --list shows them: name one by its first day, or by the first of its words',
  },
  'not-confirmed': { sentence: 'not confirmed', hint: 'nothing was changed' },
  'retire-current': {
    sentence: 'sources may encrypt to this identity until {until}: it cannot be destroyed yet',
    hint: 'if it may be in other hands, desk rotate --replace makes a card without it; install that card, and retire it afterwards',
  },
  'team-name': {
    sentence: 'a team is called by 1 to 60 letters, digits, spaces, dots, hyphens and underscores',
    hint: null,
  },
  'team-recipients': {
    sentence: '{path} holds no list of {kind} recipients',
    hint: 'at the desk of the team: desk identities DIR --recipients > FILE; all desks of an organisation are of one kind',
  },
  'team-unknown': { sentence: 'there is no team {name}', hint: 'desk team list DIR shows them' },
  'team-unreadable': { sentence: '{path} cannot be read ({reason})', hint: null },
  'team-usage': { sentence: 'desk team takes list DIR, add DIR NAME FILE, or remove DIR NAME', hint: null },
} as const;
