/** Every sentence a source reads, in English: plain words, short sentences, nothing promised that is not so. */
import { enMailbox } from './en-mailbox.ts';
import { enProblems } from './en-problems.ts';
import { enReply } from './en-reply.ts';

export const en = {
  ...enProblems,
  ...enMailbox,
  ...enReply,

  'app.name': 'Postern',
  'app.skip': 'Skip to the page',
  'app.title': 'Postern · {organisation}',
  'app.steps': 'Steps',
  'app.position': 'Step {step} of {steps}',

  'step.read': 'Read',
  'step.choose': 'Choose',
  'step.codename': 'Codename',
  'step.upload': 'Send',
  'step.received': 'Receipt',
  'step.mailbox': 'Mailbox',

  'leave.now': 'Leave now',
  'leave.again': 'Yes, leave',
  'leave.again-said':
    'Press once more to leave. Sending stops. You can go on later with your codename and the same files; a message alone must be written again.',
  'leave.left-title': 'This page is cleared',
  'leave.left-text': 'You can close this tab. In Tor Browser, “New identity” also forgets that it was open.',

  'broken.title': 'This page has stopped',
  'broken.text':
    'It has a fault. Nothing more is sent, and nothing is kept on this computer. Reload it to begin again.',

  'demo.title': 'This is a demonstration.',
  'demo.text': 'Nobody reads what is sent here.',

  'card.loading': 'Asking for the key of the organisation, and checking who signed it …',
  'card.unreachable':
    'The server cannot be reached right now. This page tries again by itself; you need not do anything.',
  'card.unreachable-title': 'No connection yet',
  'card.problem-title': 'Please do not send anything now',
  'card.clock-behind':
    'The clock of this computer says {today}, but the key of the organisation was issued on {issued}. Set the clock right, then reload this page.',
  'card.clock-or-expired':
    'The key of the organisation was valid until {until}, and the clock of this computer says {today}. If the clock is right, the organisation has to renew its key: come back in a few days.',
  'card.not-yet':
    'The key of the organisation is valid from {from}, and the clock of this computer says {today}. If the clock is right, come back then.',
  'card.not-configured': 'This page was built without the key of an organisation, so nothing can be sent with it.',
  'card.insecure':
    'Your browser gives this page no cryptography, because the connection is neither an onion address nor encrypted. Open the onion address in Tor Browser.',
  'card.reload': 'Reload this page',

  'read.title': 'Send files or words to {organisation}',
  'read.title-loading': 'Send files or words',
  'read.organisation': 'the organisation',
  'read.lead': 'Take a minute to read this first. It says what is protected, and what is not.',
  'read.returning': 'I have a codename',
  'read.returning-what': 'Were you here before? With your codename you can go on sending, and read replies.',
  'read.not-onion-title': 'You are not using the onion address.',
  'read.not-onion':
    'Your internet provider can see that you are here, and this server can see the address you come from. If that could put you at risk, leave, and open the onion address in Tor Browser.',
  'read.protected': 'What is protected',
  'read.leaves': 'Leaves this computer',
  'read.leaves-text': 'Only encrypted data, file names included. It is encrypted here, before it leaves.',
  'read.reads': 'Can read it',
  'read.reads-text': 'Only {organisation}, with keys that are kept on a computer without network.',
  'read.server': 'The server sees',
  'read.server-text': 'Roughly how much you send, and on which day. Not what it is.',
  'read.server-onion': 'Since you came by the onion address, it does not see where you are.',
  'read.server-no-onion': 'It also sees the address you come from.',
  'read.stays': 'Stays with you',
  'read.stays-text':
    'This page stores nothing on this computer. You keep seven words, a codename. Whoever finds it cannot open what you sent.',
  'read.not-protected': 'What is not protected',
  'read.not-screen': 'Someone who sees your screen or controls this computer sees what you see.',
  'read.not-content': 'Files can point to you: a name in a document, a camera’s serial number, the place of a photo.',
  'read.not-logs':
    'Your workplace may record who opened or copied a file. Do not use a computer or network of your workplace.',
  'read.not-few': 'If few people had these files, that alone can point to you.',
  'read.not-page':
    'This page comes from the server. If someone took the server over, they could show you a false page. Comparing the key below helps only against some of that.',
  'read.key-title': 'Is this really {organisation}?',
  'read.key-text':
    'Compare these characters with those that {organisation} has published elsewhere: in print, on its website, by someone you trust. If one group differs, leave.',
  'read.begin': 'I have read this. Go on',
  'read.begin-waiting': 'You can go on as soon as the key has been checked.',
  'read.begin-not': 'You cannot go on now, for the reason given above.',

  'choose.title': 'What do you want to send?',
  'choose.lead': 'Files, folders, a message, or all of them. They are sent together as one parcel.',
  'choose.files-title': 'Files',
  'choose.drop': 'Drag files and folders here, or choose them:',
  'choose.drop-active': 'Let go to add them',
  'choose.add-files': 'Choose files',
  'choose.add-folder': 'Choose a folder',
  'choose.reading': {
    one: 'Reading the folder: {count} file so far …',
    other: 'Reading the folder: {count} files so far …',
  },
  'choose.summary': { one: '{count} file, {size}', other: '{count} files, {size}' },
  'choose.list-label': 'Chosen files and folders',
  'choose.remove': 'Remove',
  'choose.remove-name': 'Remove {name}',
  'choose.remove-all': 'Remove all',
  'choose.show-folder': 'Show files',
  'choose.hide-folder': 'Hide files',
  'choose.show-folder-name': 'Show files in {name}',
  'choose.hide-folder-name': 'Hide files in {name}',
  'choose.page-label': 'Pages: {list}',
  'choose.page': '{from} to {to} of {total}',
  'choose.page-next': 'Next',
  'choose.page-previous': 'Previous',
  'choose.added': {
    one: '{count} file added. {total} chosen in all.',
    other: '{count} files added. {total} chosen in all.',
  },
  'choose.removed': {
    one: '{count} file removed. {total} chosen in all.',
    other: '{count} files removed. {total} chosen in all.',
  },
  'choose.empty-folder': 'There was no file in what you chose. Empty folders are not sent.',
  'choose.same-again': {
    one: '{count} file was chosen already and is not added twice.',
    other: '{count} files were chosen already and are not added twice.',
  },
  'choose.cleaned': {
    one: 'The name of {count} file cannot be kept on every computer, so it is sent under another. The file itself is unchanged:',
    other:
      'The names of {count} files cannot be kept on every computer, so they are sent under others. The files themselves are unchanged:',
  },
  'choose.renamed': {
    one: '{count} file has the same name as another, so it is sent under a new one. The file itself is unchanged:',
    other:
      '{count} files have the same names as others, so they are sent under new ones. The files themselves are unchanged:',
  },
  'choose.left-out': {
    one: '{count} file or folder could not be read and was left out:',
    other: '{count} files or folders could not be read and were left out:',
  },
  'choose.and-more': { one: 'and {count} more', other: 'and {count} more' },
  'choose.becomes': '→',
  'choose.metadata-title': 'Files tell more than they show',
  'choose.metadata':
    'They are sent exactly as they are, since changed files lose their worth as evidence. So {organisation}, and nobody else, also receives:',
  'choose.metadata-names': 'their names, folders and times of last change;',
  'choose.metadata-inside':
    'what is hidden inside them: often the place and time of a photo, the serial number of a camera or phone, the name of a document’s author.',
  'choose.lead-again':
    'Files, folders, a message, or all of them. They go with the codename you entered, so {organisation} sees that they come from the same sender.',
  'choose.metadata-advice': 'If something in them could point to you, say so in the message.',
  'choose.message-title': 'Message',
  'choose.message-hint':
    'What is this, where does it come from, what must they be careful with? Say nothing about yourself that they need not know.',
  'choose.message-count': { one: '{count} character', other: '{count} characters' },
  'choose.message-over': 'The message is too long by {over}. Send the rest as a text file.',
  'choose.message-over-short': 'The message is too long.',
  'choose.nothing': 'Choose at least one file, or write a message.',
  'choose.go-on': 'Go on',
  'choose.go-on-send': 'Send',
  'choose.wait-reading': 'Wait until the folder has been read.',
  'choose.wait-loading': 'The rest of this page is still on its way. It goes on as soon as it is here.',
  'choose.wait-failed': 'The rest of this page has not arrived; the connection is poor. It tries again by itself.',
  back: 'Back',

  'codename.title': 'Your codename',
  'codename.lead': 'These seven words were drawn by chance on this computer. Write them down on paper, in this order.',
  'codename.label': 'The seven words of your codename',
  'codename.what-for': 'What it is for',
  'codename.use-later':
    'With it, and the same files, you can go on sending after this page was closed or the computer was shut down, also on another computer.',
  'codename.use-replies': 'With it you read the replies of {organisation} on this page, and answer them.',
  'codename.use-proof': 'It signs what you send, so that {organisation} sees that all of it comes from one sender.',
  'codename.use-found':
    'Someone who finds it cannot open what you sent. They can see on which days you sent something, read the replies that are still here, and write in your place.',
  'codename.keep-title': 'How to keep it',
  'codename.keep-paper': 'On paper, among other words, where nobody looks. Or learn it by heart.',
  'codename.keep-not': 'Not in a file, not in a photo, not in a message to anyone. Nobody can give it to you again.',
  'codename.other-ways': 'Copy or print the words',
  'codename.copy-what':
    'Paper and a pen leave the least behind. What you copy can be read by other programs until you copy something else, and some computers keep a list of it.',
  'codename.copy': 'Copy the words',
  'codename.copied': 'The words were copied. Paste them where you need them, then copy something else.',
  'codename.copy-failed': 'Your browser did not let this page copy. Write the words down.',
  'codename.print-what':
    'Printers, and the computers that they are connected to, often keep what they printed. Use only a printer of your own, on a cable.',
  'codename.print': 'Print the words',
  'codename.written': 'I have written it down',

  'confirm.title': 'Enter your codename once more',
  'confirm.lead': 'So that you know it is written down right. Capitals, commas and extra spaces do not matter.',
  'confirm.word': 'Word {number}',
  'confirm.suggestions': 'Words that begin so',
  'confirm.not-listed': '“{word}” is not one of the words. Did you mean:',
  'confirm.not-listed-far': '“{word}” is not one of the words.',
  'confirm.too-many': {
    one: 'A codename has seven words. {count} word too many was left out.',
    other: 'A codename has seven words. {count} words too many were left out.',
  },
  'confirm.signs': 'Only letters count. Signs and pictures were left out.',
  'confirm.take': 'Word {number}: {word}',
  'confirm.missing': 'Word {number} is missing.',
  'confirm.different': 'This word is in the list, but word {number} of your codename is another.',
  'confirm.problems': { one: '{count} word is not right yet.', other: '{count} words are not right yet.' },
  'confirm.swapped': 'All seven words are right, but their order is not.',
  'confirm.show': 'Show the words again',
  'confirm.send': 'Send now',

  'upload.title': 'Sending',
  'upload.title-paused': 'Paused',
  'upload.title-held': 'One file needs a decision',
  'upload.title-waiting': 'Waiting for the connection',
  'upload.title-full': 'Waiting for room on the server',
  'upload.title-working': 'Waiting in line',
  'upload.title-refused': 'This cannot be sent now',
  'upload.phase-preparing': 'Making the keys from your codename. This takes a few seconds.',
  'upload.phase-looking':
    'Looking at your files, so that sending can be taken up again later: {done} of {total}. Nothing has been sent yet.',
  'upload.phase-uploading': 'Your files are encrypted here and sent piece by piece. Leave this page open.',
  'upload.phase-paused': 'Nothing is being sent. What has arrived is kept. Leave this page open.',
  'upload.phase-waiting': 'The connection is away. It goes on by itself; leave this page open.',
  'upload.phase-full':
    'The server has no room right now. What has arrived is kept. It goes on by itself; leave this page open.',
  'upload.phase-working':
    'Very many want in at the same time. Your computer is working for your place in line, and nothing is lost. Leave this page open.',
  'upload.phase-held': 'The rest waits until you have decided.',
  'upload.phase-sealing': 'Everything has arrived. Waiting for the receipt.',
  'upload.phase-refused': 'Nothing more is being sent.',
  'work.progress': 'Work for your place in line',
  'work.left': { one: 'At most about {count} second more', other: 'At most about {count} seconds more' },
  'upload.progress': 'Sent',
  'upload.of': '{done} of {total} have arrived',
  'upload.rate': '{rate} per second',
  'upload.left-unknown': 'Time left: not known yet',
  'upload.left-moment': 'Less than a minute left',
  'upload.left-minutes': { one: 'About {count} minute left', other: 'About {count} minutes left' },
  'upload.left-hours': { one: 'About {count} hour left', other: 'About {count} hours left' },
  'upload.left-days': { one: 'About {count} day left', other: 'About {count} days left' },
  'upload.pause': 'Pause',
  'upload.resume': 'Go on sending',
  'upload.held-changed':
    'It is not the file that was being sent: what has arrived of it is different. Choose the unchanged file, or go on without it.',
  'upload.held-changed-file': 'This file is not the same any more:',
  'upload.held-file': 'This file can no longer be read:',
  'upload.held-why': 'It may have been moved, changed or deleted, or its disk may be unplugged.',
  'upload.held-again': 'Try again',
  'upload.held-choose': 'Choose the same file again',
  'upload.held-without': 'Go on without it',
  'upload.held-without-all': 'Go on without every file that cannot be read',
  'upload.held-without-hint': 'What was already read of it is sent, and {organisation} is told that it is incomplete.',
  'upload.held-differs':
    'That is not the same file: its size or time of change is another. Choose the same file, or go on without it.',
  'upload.unreadable': { one: '{count} file is sent incomplete:', other: '{count} files are sent incomplete:' },
  'upload.padding-note': 'The total is a little more than your files: padding hides their exact size.',
  'upload.keep-title': 'While it runs',
  'upload.keep-open':
    'Leave this page open and the computer awake. A lost connection does no harm: it goes on by itself, even after hours.',
  'upload.keep-closed':
    'If the page is closed or the computer shut down, come back, choose “I have a codename”, and choose the same files: it goes on where it was. Do not wait for weeks, or the server deletes what is not finished. Until then {organisation} can read every file that has arrived whole.',
  'upload.keep-words':
    'If the page is closed before it has arrived, the message has to be written again: it is kept nowhere on this computer.',
  'upload.changed': {
    one: '{count} file is not the same any more as when its first part was sent. What arrives of it is not one version of the file, and {organisation} is told so. Send it again as something new:',
    other:
      '{count} files are not the same any more as when their first parts were sent. What arrives of them is not one version of each file, and {organisation} is told so. Send them again as something new:',
  },
  'upload.refused-again': 'Back to what you chose',
  'upload.refused-kept': 'What you chose, and your codename, are still here.',
  'upload.refused-mailbox': 'Back to the mailbox',
  'upload.refused-kept-codename': 'Your codename is still here.',
  'upload.say-percent': '{percent} per cent has arrived.',

  'received.title': 'It has arrived',
  'received.lead': '{organisation} has your parcel, whole and sealed, since {day}.',
  'received.lead-demo': 'The parcel arrived, whole and sealed, on {day}. This is a demonstration: nobody will read it.',
  'received.changed': {
    one: '{count} file was not the same any more when its sending was taken up again. What arrived of it is not one version of the file, and {organisation} is told so. Send it again as something new:',
    other:
      '{count} files were not the same any more when their sending was taken up again. What arrived of them is not one version of each file, and {organisation} is told so. Send them again as something new:',
  },
  'received.proof-title': 'What the receipt proves',
  'received.proof':
    'It shows that the server took in exactly what your browser sent ({size} with padding), on that day, and that no byte can be changed since without it showing. It says nothing about who you are. A copy stays with the parcel, so you need not keep one.',
  'received.save': 'Save the receipt as a file',
  'received.save-hint':
    'Only if you need it. The file shows that someone at this computer sent something to {organisation}. It stays until you delete it, and even then can often be found.',
  'received.saved': 'The receipt was handed to your browser to save.',
  'received.show': 'Show the receipt',
  'received.next-title': 'What now',
  'received.next-codename':
    'Keep your codename. Come back to this page in some days and choose “I have a codename”: replies are found there, and you can answer.',
  'received.mailbox': 'Back to the mailbox',
  'received.next-files': 'Decide what to do with your own copies of the files. They are where they were.',
  'received.next-close': 'Leave this page, then close Tor Browser or choose “New identity”.',
  'received.leave': 'Leave this page',
} as const;
