/** What stops `verify` without keys, and `version`: part of the table in sentences.ts. */
export const OUTSIDE_FAILURES = {
  'anchor-double': {
    sentence: '--root and --card are for those who have no keys; with --keys, your own keys say whom to believe',
    hint: null,
  },
  'anchor-missing': {
    sentence: 'say whose signatures to believe: --keys DIR, or without keys --root KEY or --card FILE',
    hint: 'the page for sources shows the fingerprint of the root key, and the organisation publishes it: --root takes that too',
  },
  'card-foreign': {
    sentence: '{path} is not a card of the organisation with the root key {fingerprint}',
    hint: null,
  },
  'card-unreadable': { sentence: 'the card {path} cannot be read ({reason})', hint: null },
  'program-unreadable': { sentence: 'this program cannot read its own file {path} ({reason})', hint: null },
  'root-anchor': {
    sentence: '--root is neither a public root key (43 characters of base64url) nor a fingerprint (32 hex digits)',
    hint: null,
  },
} as const;
