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
  'grant-damaged': {
    sentence: '{path} holds no grant',
    hint: 'at the main desk: desk team grant. Nothing was changed',
  },
  'grant-foreign': {
    sentence: 'the root key that was compared when these keys were made did not sign the grant in {path}',
    hint: 'nothing was changed. Compare desk root DIR --fingerprint at both desks',
  },
  'grant-not-team': {
    sentence: 'this is no key folder of a team',
    hint: 'desk init DIR --team NAME --root KEY makes one',
  },
  'grant-other-desk': {
    sentence: 'the grant in {path} is for another desk: {desk}',
    hint: 'desk team key DIR prints the key that a grant for these keys names. Nothing was changed',
  },
  'grant-reply-key': {
    sentence: 'the reply key in {path} is encrypted to an identity that is not in these keys',
    hint: 'at the main desk: desk team add with the recipients of now, and desk team grant once more. Nothing was changed',
  },
  'keys-no-grant': {
    sentence: 'these keys of a team have no grant of the main desk yet',
    hint: 'desk team key DIR prints what desk team grant needs there; then desk team accept DIR FILE. Stock age opens parcels meanwhile: desk identities',
  },
  'keys-no-root': {
    sentence: 'this is the key folder of a team: the root key is not in it',
    hint: 'cards are signed, and teams added, at the desk that has the root key',
  },
  'keys-no-reply': {
    sentence: 'the key that signs replies is not in these keys: they are those of a team that was not given it',
    hint: 'reply at the desk that has it; desk team grant --with-reply-key gives it to a team',
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
    sentence: 'sheets needed: {needed}; here: {have}',
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
  'team-desk-key': {
    sentence: '--desk-key is not a public key (43 characters of base64url)',
    hint: 'desk team key DIR prints it at the desk of the team',
  },
  'team-init': {
    sentence:
      'keys of a team are made by --team NAME, --root KEY and, if the organisation is of that kind, --classic alone',
    hint: 'desk root DIR prints the root key at the desk that has it',
  },
  'team-name': {
    sentence: 'a team is called by 1 to 60 letters, digits, spaces, dots, hyphens and underscores, and not "main"',
    hint: null,
  },
  'team-recipients': {
    sentence: '{path} holds no list of {kind} recipients',
    hint: 'at the desk of the team: desk identities DIR --recipients > FILE; all desks of an organisation are of one kind',
  },
  'team-unknown': { sentence: 'there is no team {name}', hint: 'desk team list DIR shows them' },
  'team-unreadable': { sentence: '{path} cannot be read ({reason})', hint: null },
  'team-usage': {
    sentence:
      'desk team takes list DIR, add DIR NAME FILE, remove DIR NAME, grant DIR NAME --desk-key KEY --out FILE, key DIR, or accept DIR FILE',
    hint: null,
  },
} as const;
