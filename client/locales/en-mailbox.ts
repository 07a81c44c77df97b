/** What a source reads who comes back with a codename: entering it, what it shows, going on, and clearing it. */

export const enMailbox = {
  'enter.title': 'Enter your codename',
  'enter.lead':
    'The seven words, in their order. Capitals, commas and extra spaces do not matter; you can paste them all at once.',
  'enter.title-compare': 'Compare the words',
  'enter.lead-compare': 'Are these the words on your paper, in the same order? Correct what differs.',
  'enter.kept': 'The words stay in this page until you leave it. They are not sent to the server.',
  'enter.open': 'Open the mailbox',
  'enter.missing': {
    one: '{count} word is missing. A codename has seven words.',
    other: '{count} words are missing. A codename has seven words.',
  },
  'enter.other-list': {
    one: '{count} of these words is not in the list that codenames are drawn from.',
    other:
      '{count} of these words are not in the list that codenames are drawn from. Perhaps this codename is not from this page; wallets and other programs have lists of their own.',
  },

  'wait.title': 'One moment',
  'wait.coming': 'The rest of this page is on its way.',
  'wait.failing': 'The rest of this page has not arrived; the connection is poor. It tries again by itself.',

  'mailbox.title': 'Your mailbox',
  'mailbox.title-opening': 'Opening your mailbox',
  'mailbox.title-empty': 'Nothing is here for these words',
  'mailbox.lead':
    'All that the server still shows for your codename. Whoever has the seven words sees the same. What you sent cannot be opened with them.',
  'mailbox.keys': 'Making the keys from your codename. This takes a few seconds.',
  'mailbox.asking': 'Asking the server …',
  'mailbox.in-line':
    'Very many want in at the same time. Your computer is working for your place in line, and nothing is lost. Leave this page open.',
  'mailbox.away': 'The server cannot be reached right now. This page tries again by itself.',
  'mailbox.empty':
    'No unfinished parcel, no receipt and no reply. This is also what wrong words show, the words of another organisation, and a mailbox that was cleared.',
  'mailbox.compare': 'Compare the words',
  'mailbox.other': 'Enter another codename',
  'mailbox.again': 'Look again',
  'mailbox.looked': 'The server was asked again.',
  'mailbox.failed-title': 'That did not work',
  'mailbox.working': 'One moment …',

  'unfinished.title': 'Not finished',
  'unfinished.text': 'You were sending something. {safe} of {total} have arrived.',
  'unfinished.go-on': 'Go on sending',
  'unfinished.go-on-hint': 'You need the same files. The page does not know their names until you choose them.',
  'unfinished.no-list':
    'It was broken off before it could be gone on with. Send it again as something new, and withdraw this.',
  'unfinished.arrived': 'You were sending something. All of it has arrived; only the receipt is missing.',
  'unfinished.finish': 'Finish it',
  'unfinished.finish-hint': 'No file is needed for that.',
  'unfinished.finished': 'It has arrived, whole and sealed. You find it below, under “What you sent”.',
  'unfinished.withdraw': 'Withdraw',
  'unfinished.withdraw-title': 'Withdraw what has arrived of it?',
  'unfinished.withdraw-text':
    'It is deleted from the server now. What {organisation} has fetched already stays with them. You cannot go on with it after that.',
  'unfinished.withdraw-yes': 'Yes, withdraw it',
  'unfinished.withdrawn': 'It was withdrawn and deleted from the server.',
  'confirmation.no': 'No, keep it',

  'sealed.title': 'What you sent',
  'sealed.lead': 'Only the days are kept here; nobody can see from this page what it was.',
  'sealed.received': 'Received on {day}',
  'sealed.collected': 'Received on {day}, and collected by {organisation}',
  'sealed.dismiss': 'Do not show the receipt any more',
  'sealed.dismissed': 'The receipt is not shown here any more.',
  'sealed.delete': 'Delete it',
  'sealed.delete-name': 'Delete it: what was received on {day}',
  'sealed.delete-title': 'Delete what you sent on {day}?',
  'sealed.delete-text':
    'It is deleted from the server now, and {organisation} does not get it. If they have collected it already, it stays with them.',
  'sealed.delete-yes': 'Yes, delete it',
  'sealed.deleted': 'It was deleted from the server.',

  'write.title': 'Write to {organisation}',
  'write.text': 'Words or files. They see that it comes from the same sender as before.',
  'write.text-empty':
    'If the words are right, you can send something with them. If one is wrong, a reply would go where you do not find it: compare them first.',
  'write.go-on': 'Send words or files',

  'forget.title': 'Make this mailbox look empty',
  'forget.text':
    'Then these seven words show nothing, as if they had never been used. Use it when someone may find them. {organisation} keeps what it has, and still gets all that has arrived.',
  'forget.open': 'Clear this mailbox',
  'forget.sure-title': 'Clear this mailbox now?',
  'forget.sure-text':
    'Replies are deleted, receipts are shown no more, and an unfinished parcel cannot be gone on with. New replies do not reach you, unless you send something with this codename again. This cannot be undone.',
  'forget.yes': 'Yes, clear it',
  'forget.done': 'The mailbox was cleared. From now on it shows what you see here, to you and to anyone.',

  'resume.title': 'Choose the same files again',
  'resume.lead': {
    one: 'You were sending {count} file. {safe} of {total} have arrived.',
    other: 'You were sending {count} files. {safe} of {total} have arrived.',
  },
  'resume.opening': 'Fetching the list of what you were sending. It is locked, and is opened here.',
  'resume.how':
    'From any folder, in any order, some now and some later. The list is locked with the files themselves: a name is known once its file is found.',
  'resume.files': 'Files',
  'resume.looking': 'Looking at the files you chose: {done} of {total} …',
  'resume.found': { one: '{found} of {count} file found', other: '{found} of {count} files found' },
  'resume.all-found': 'All files are found. It goes on where it was; what has arrived is not sent again.',
  'resume.strangers': {
    one: '{count} file that you chose does not belong to it, or was changed since. It is not sent now; you can send it afterwards as something new:',
    other:
      '{count} files that you chose do not belong to it, or were changed since. They are not sent now; you can send them afterwards as something new:',
  },
  'resume.unreadable': {
    one: '{count} file that you chose cannot be read. Its disk may be unplugged:',
    other: '{count} files that you chose cannot be read. Their disk may be unplugged:',
  },
  'resume.missing': { one: '{count} file is still missing:', other: '{count} files are still missing:' },
  'resume.missing-unnamed': {
    one: '{count} file is still missing. Its name cannot be shown yet.',
    other: '{count} files are still missing. Their names are shown once nearly all others are found.',
  },
  'resume.start': 'Go on sending',
  'resume.without': 'Go on without what is missing',
  'resume.without-title': {
    one: 'Go on without {count} file?',
    other: 'Go on without {count} files?',
  },
  'resume.without-text':
    'What has not arrived is recorded as missing, and {organisation} sees that. It cannot be added to this parcel later, but you can send it as something new.',
  'resume.without-yes': 'Yes, go on without',
  'resume.without-no': 'No, choose more',
  'resume.wait-looking': 'Wait until the chosen files have been looked at.',
  'resume.wait-files': 'Choose the files that you were sending.',
  'resume.wait-more':
    'Too many files are missing to go on. Choose more of them, or go back to the mailbox and send those that you have as something new.',
  'resume.back': 'Back to the mailbox',
  'resume.refused-title': 'This cannot be taken up again',
  'resume.anew': 'Send it as something new',
  'resume.anew-title': 'Send it as something new?',
  'resume.anew-text':
    'The unfinished one is withdrawn: what has arrived of it is deleted from the server. The files that you chose here stay chosen.',
  'resume.anew-yes': 'Yes, withdraw it and go on',
} as const;
