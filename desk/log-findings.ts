/** What can be found about the server's log of receipts: part of the table in sentences.ts. */

export const LOG_FINDINGS = {
  'log-histories': {
    kind: 'damage',
    sentence:
      'The server has signed two different histories of its log of receipts ({origin}, {size} leaves). One of them is false: keep this bundle.',
  },
  'log-pending': {
    kind: 'remark',
    sentence: 'The receipt was not in the public log of the server yet; a later pull brings the proof.',
  },
  'log-proof-invalid': {
    kind: 'damage',
    sentence: 'The proof that the receipt is in the log of the server is not well formed.',
  },
  'log-proof-wrong': { kind: 'damage', sentence: 'The receipt is not in the log of the server where the proof says.' },
  'log-several': {
    kind: 'remark',
    sentence:
      'The receipts stand in {count} logs: the server has begun another one, as it must after a restore. Ask its operator.',
  },
  'log-signature-wrong': {
    kind: 'damage',
    sentence: 'The checkpoint in the proof is not signed by the key that signed the receipt.',
  },
} as const;
