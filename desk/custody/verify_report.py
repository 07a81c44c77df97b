#!/usr/bin/env python3
"""Checks a Postern custody report against the bag it lies in, and against the encrypted parts when they are at hand.

    verify_report.py BAG [--root KEY] [--bundle BUNDLE]

It shares no code with the program that wrote the report. It needs Python 3.8 and, for Ed25519, the program openssl (1.1.1 or
later). KEY is the organisation's root key as it publishes it (43 characters); without it the key in the report is believed,
which proves only that everything was signed under one key. Exit code 0: every check holds. 1: one does not. 2: used wrongly.
The formats are those of docs/protocol.md.
"""
import argparse
import base64
import hashlib
import json
import os
import re
import subprocess
import sys
import tempfile

# SubjectPublicKeyInfo of an Ed25519 key (RFC 8410), before its 32 bytes.
ED25519 = bytes.fromhex('302a300506032b6570032100')
faults = []
checked = 0


def check(good, words):
    global checked
    checked += 1
    if not good:
        faults.append(words)
        print('WRONG: ' + words.encode('unicode_escape').decode('ascii'))
    return good


def read(path):
    with open(path, 'rb') as file:
        return file.read()


def digest(path, *names):
    hashes = [hashlib.new(name) for name in names]
    size = 0
    with open(path, 'rb') as file:
        while True:
            piece = file.read(1 << 20)
            if not piece:
                break
            size += len(piece)
            for one in hashes:
                one.update(piece)
    return [one.hexdigest() for one in hashes] + [size]


def key_of(text):
    return base64.urlsafe_b64decode(text + '=')


def signature_holds(key, message, signature):
    with tempfile.TemporaryDirectory() as folder:
        paths = [os.path.join(folder, name) for name in ('key', 'message', 'signature')]
        for path, content in zip(paths, (ED25519 + key, message, signature)):
            with open(path, 'wb') as file:
                file.write(content)
        command = ['openssl', 'pkeyutl', '-verify', '-pubin', '-keyform', 'DER', '-inkey', paths[0], '-rawin', '-in', paths[1]]
        done = subprocess.run(command + ['-sigfile', paths[2]], stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        return done.returncode == 0


def note_text(note, name, key):
    """The lines of a signed note (C2SP), or None when the signature under this name and key does not hold."""
    text, _, line = note.rpartition('\n\n')
    text += '\n'
    match = re.fullmatch('\u2014 ([^ \n]+) ([A-Za-z0-9+/=]+)\n', line)
    if match is None or match[1] != name:
        return None
    blob = base64.b64decode(match[2])
    key_id = hashlib.sha256(name.encode() + b'\n\x01' + key).digest()[:4]
    if blob[:4] != key_id or not signature_holds(key, text.encode(), blob[4:]):
        return None
    return text.split('\n')[:-1]


def note_fields(note, name, key, context):
    """The fields of a signed note, in order, or None when it is not of this kind or its signature by `key` does not hold."""
    lines = note_text(note, name, key)
    if lines is None or lines[0] != context:
        return None
    return [tuple(line.split(' ', 1)) for line in lines[1:]]


def merkle_root(leaves):
    """RFC 6962, section 2.1."""
    if len(leaves) == 1:
        return hashlib.sha256(b'\x00' + leaves[0]).digest()
    half = 1
    while half * 2 < len(leaves):
        half *= 2
    return hashlib.sha256(b'\x01' + merkle_root(leaves[:half]) + merkle_root(leaves[half:])).digest()


def root_over_path(leaf, index, size, path):
    """RFC 9162, section 2.1.3.2: the root that follows from a leaf and the hashes beside its way up; None when they do not fit."""
    if index >= size:
        return None
    node, last, hash_ = index, size - 1, leaf
    for beside in path:
        if last == 0:
            return None
        if node % 2 == 1 or node == last:
            hash_ = hashlib.sha256(b'\x01' + beside + hash_).digest()
            while node % 2 == 0 and node != 0:
                node, last = node >> 1, last >> 1
        else:
            hash_ = hashlib.sha256(b'\x01' + hash_ + beside).digest()
        node, last = node >> 1, last >> 1
    return hash_ if last == 0 else None


def answers(answer, content):
    """True when a time stamp answer (RFC 3161) was granted and is over `content`, by its form; openssl ts -verify says who gave it."""
    algorithm = bytes.fromhex('300d06096086480165030402010500')
    imprint = b'\x30\x31' + algorithm + b'\x04\x20' + hashlib.sha256(content).digest()
    granted = re.match(rb'\x30(?:[\x00-\x7f]|\x81.|\x82..|\x83...)\x30[\x03-\x7f]\x02\x01[\x00\x01]', answer, re.DOTALL)
    return granted is not None and imprint in answer


def manifest(path):
    lines = {}
    for line in read(path).decode('utf-8').split('\n'):
        if line:
            hash_, name = line.split('  ', 1)
            name = name.replace('%0A', '\n').replace('%0D', '\r').replace('%25', '%')
            lines[name] = hash_
    return lines


def check_manifests(bag, items):
    """RFC 8493: every file of a manifest is there and has its hash."""
    stored = {item['path']: item['stored'] or item['path'] for item in items}
    for algorithm in ('sha256', 'sha512'):
        path = os.path.join(bag, 'manifest-%s.txt' % algorithm)
        if not os.path.exists(path):
            continue
        for name, hash_ in manifest(path).items():
            own = os.path.join(bag, stored.get(name, name))
            known = [item for item in items if item['path'] == name]
            if known and known[0]['verdict'] in ('incomplete', 'missing', 'differs') and not os.path.exists(own):
                continue
            check(os.path.isfile(own) and digest(own, algorithm)[0] == hash_, '%s of %s is not that of the manifest' % (algorithm, name))
    tags = manifest(os.path.join(bag, 'tagmanifest-sha256.txt'))
    for name, hash_ in tags.items():
        own = os.path.join(bag, name)
        check(os.path.isfile(own) and digest(own, 'sha256')[0] == hash_, 'the tag file %s is not that of the tag manifest' % name)
    sender = os.path.join(bag, 'custody/sender-tagmanifest-sha256.txt')
    if os.path.exists(sender):
        for name, hash_ in manifest(sender).items():
            check(tags.get(name) == hash_, 'the tag file %s is not as the source wrote it' % name)


def check_additions(bag, items):
    """Nothing lies in the payload that the report does not name."""
    known = set()
    for item in items:
        path = item['stored'] or item['path']
        known.add(path)
        if item['verdict'] != 'whole':
            known.update((path + '.incomplete', path + '.differs'))
    for folder, folders, names in os.walk(os.path.join(bag, 'data')):
        links = [name for name in folders if os.path.islink(os.path.join(folder, name))]
        for name in names + links:
            path = os.path.relpath(os.path.join(folder, name), bag)
            check(path in known, 'the report knows nothing of ' + path)


def check_tags(bag, extractions):
    """The source's tag files have the hashes that were noted when the bag, or another of the same parcel, was written."""
    def wrong(items):
        places = {'tagmanifest-sha256.txt': 'custody/sender-tagmanifest-sha256.txt'}
        for item in items:
            path = os.path.join(bag, places.get(item['path'], item['path']))
            if not os.path.isfile(path) or digest(path, 'sha256')[0] != item['sha256']:
                yield item['path']

    noted = [list(wrong(items)) for items in extractions if items]
    if noted:
        fewest = min(noted, key=len)
        check(fewest == [], 'not as they were written: ' + ', '.join(fewest))


def check_items(bag, items):
    for item in items:
        path = os.path.join(bag, item['stored'] or item['path'])
        if item['metadata'] is None:
            continue
        if item['verdict'] == 'missing' and not os.path.exists(path):
            print('note: missing, as the report says: ' + item['path'].encode('unicode_escape').decode('ascii'))
            continue
        if not check(os.path.isfile(path), 'there is no file ' + item['path']):
            continue
        sha256, sha512, size = digest(path, 'sha256', 'sha512')
        # SHA-512 is in a report only once it was asked for.
        claim = (item['sha256'], item['sha512'] or sha512, item['size'])
        check(claim == (sha256, sha512, size), 'the report says something else of ' + item['path'])


def check_statements(report, envelope, receipt_key):
    parcel, parts = report['parcel'], report['parts']
    mailbox = key_of(envelope['mailbox'])
    check(envelope['mailbox'] == report['proofs']['mailbox'], 'the key of the source is another than in the report')
    opening = note_fields(envelope['opening'], 'postern-mailbox', mailbox, 'postern/opening/v1')
    if check(opening is not None, 'the opening is not signed by the source'):
        opening = dict(opening)
        count = -(-int(opening['size']) // int(opening['part-size']))
        check(opening['parcel'] == parcel, 'the opening is that of another parcel')
        claim = (parts['size'], parts['stream'], parts['count'], report['keys']['card']['sealedUnder'])
        check(claim == (int(opening['part-size']), int(opening['size']), count, int(opening['card'])), 'the opening says something else than the report')
    statements = []
    for note in envelope['parts']:
        fields = note_fields(note, 'postern-mailbox', mailbox, 'postern/part/v1')
        if check(fields is not None, 'a part statement is not signed by the source'):
            fields = dict(fields)
            check(fields['parcel'] == parcel, 'a part statement is that of another parcel')
            statements.append({'part': int(fields['part']), 'size': int(fields['size']), 'sha256': fields['sha256']})
    check(statements == parts['statements'], 'the parts in the report are not those of the statements')
    root = None
    if report['proofs']['sealed']:
        seal = note_fields(envelope['seal'] or '', 'postern-mailbox', mailbox, 'postern/seal/v1')
        if check(seal is not None, 'the seal is not signed by the source'):
            seal = dict(seal)
            root = merkle_root([bytes.fromhex(part['sha256']) for part in statements]).hex()
            check(seal['root'] == root == report['proofs']['root'], 'the root over the parts is not that of the seal')
            check(int(seal['parts']) == len(statements) == parts['count'], 'the seal is for another number of parts')
    day = report['proofs']['received']
    if day is not None:
        keys = [key_of(text) for text in report['proofs']['receiptKeys']]
        notes = [note_fields(envelope['receipt'] or '', 'postern-receipt', key, 'postern/receipt/v1') for key in keys]
        good = [key for key, fields in zip(keys, notes) if fields == [('parcel', parcel), ('root', root), ('received', day)]]
        check(good != [], 'the receipt does not say what the report does')
        if receipt_key is not None and good and receipt_key not in good:
            print('note: the receipt is by a receipt key of an earlier key card than the one enclosed')
        if report['proofs']['log'] is not None and good:
            check_log(report['proofs']['log'], envelope, good[0])


def check_log(place, envelope, key):
    """The receipt is in the log where the report says, and the key of the receipt signed the checkpoint (c2sp.org/tlog-proof)."""
    head, _, checkpoint = (envelope.get('log') or '').partition('\n\n')
    form, *lines = head.split('\n')
    good = form == 'c2sp.org/tlog-proof@v1' and len(lines) >= 2 and lines[0].startswith('extra ') and lines[1].startswith('index ')
    if not check(good, 'there is no proof that the receipt is in the log'):
        return
    entry = hashlib.sha256(b'postern/log-entry/v1\n' + base64.b64decode(lines[0][6:]) + envelope['receipt'].encode()).digest()
    path = [base64.b64decode(line) for line in lines[2:]]
    root = root_over_path(hashlib.sha256(b'\x00' + entry).digest(), place['index'], place['size'], path)
    check(int(lines[1][6:]) == place['index'], 'the proof is for another place in the log')
    check(root is not None and root.hex() == place['root'], 'the receipt is not in the log where the report says')
    check(checkpoint_holds(place, checkpoint, key), 'the server did not sign the checkpoint that the report names')


def checkpoint_holds(place, note, key):
    claim = [place['origin'], str(place['size']), base64.b64encode(bytes.fromhex(place['root'])).decode()]
    return note_text(note, place['origin'], key) == claim


def check_time_stamps(custody, report):
    """By their form alone: whom to trust is for openssl ts -verify."""
    answer = os.path.join(custody, 'report.tsr')
    if os.path.exists(answer):
        check(answers(read(answer), read(os.path.join(custody, 'report.note'))), 'the time stamp report.tsr is not over report.note')
    stamp = report['proofs']['checkpointStamp']
    if stamp is None:
        return
    paths = [os.path.join(custody, 'checkpoint.' + end) for end in ('note', 'tsr')]
    if not check(all(os.path.isfile(path) for path in paths), 'the time-stamped checkpoint is not there'):
        return
    note, answer = read(paths[0]), read(paths[1])
    claim = [hashlib.sha256(content).hexdigest() for content in (note, answer)]
    check(claim == [stamp['note'], stamp['answer']], 'the time-stamped checkpoint is not the one that the report names')
    place = report['proofs']['log']
    keys = [key_of(text) for text in report['proofs']['receiptKeys']]
    good = any(checkpoint_holds(place, note.decode(), key) for key in keys)
    check(good, 'the time-stamped checkpoint is not that of the proof')
    check(answers(answer, note), 'the time stamp checkpoint.tsr is not over checkpoint.note')


def check_events(custody, report, root):
    previous = hashlib.sha256(b'postern/case-log/v1\n' + report['parcel'].encode() + b'\n').hexdigest()
    key = None
    number = 0
    extractions = []
    for line in read(os.path.join(custody, 'events.txt')).decode('utf-8').splitlines(keepends=True):
        event_text, _, signature = line[:-1].rpartition(' ')
        event = json.loads(event_text)
        check(event['sequence'] == number and event['parcel'] == report['parcel'], 'event %d is out of order' % number)
        check(event['previous'] == previous, 'event %d does not follow the one before' % number)
        if event['desk'] is not None:
            desk = note_fields(event['desk'], 'postern-root', root, 'postern/desk/v1')
            if check(desk is not None, 'the desk of event %d is not vouched for by the root key' % number):
                key = key_of(dict(desk)['key'])
        holds = key is not None and signature_holds(key, b'postern/event/v1\n' + event_text.encode(), base64.b64decode(signature))
        check(holds, 'event %d is not signed by the desk' % number)
        if event['action'] == 'extracted':
            extractions.append([item for item in event['items'] if '/' not in item['path']])
        previous = hashlib.sha256(line.encode()).hexdigest()
        number += 1
    check(report['events'] == {'count': number, 'head': previous}, 'the report was made over other events')
    return extractions


def check_places(report):
    """Each file lies in the parts that the report names."""
    size = report['parts']['size']
    for item in report['items']:
        if item['offset'] is not None and item['size'] is not None:
            last = (item['offset'] + max(item['size'], 1) - 1) // size
            check(item['parts'] == [item['offset'] // size, last], 'the parts of %s are wrong' % item['path'])


def check_ciphertext(bundle, report):
    folder = os.path.join(bundle, 'inbox', report['parcel'])
    for part in report['parts']['statements']:
        path = os.path.join(folder, '%06d.age' % part['part'])
        good = os.path.isfile(path) and digest(path, 'sha256') == [part['sha256'], part['size']]
        check(good, 'the encrypted part %d is not the one that the source signed' % part['part'])


def main():
    arguments = argparse.ArgumentParser(description=__doc__.split('\n')[0])
    arguments.add_argument('bag')
    arguments.add_argument('--root')
    arguments.add_argument('--bundle')
    # One key in 64 begins with a dash: given as --root KEY, it would be taken for an option.
    words = sys.argv[1:]
    if '--root' in words[:-1]:
        at = words.index('--root')
        words[at : at + 2] = ['--root=' + words[at + 1]]
    options = arguments.parse_args(words)
    custody = os.path.join(options.bag, 'custody')
    if not os.path.isfile(os.path.join(custody, 'report.json')):
        arguments.error('there is no custody/report.json in ' + ascii(options.bag))
    json_bytes = read(os.path.join(custody, 'report.json'))
    report = json.loads(json_bytes.decode('utf-8'))
    root_text = options.root or report['keys']['root']
    root = key_of(root_text) if re.fullmatch(r'[\w-]{43}', root_text, re.ASCII) else b''
    if len(root) != 32:
        arguments.error('the root key is 43 letters, digits, - and _')
    check(report['report'] == 'postern/custody-report/v1', 'this is a report of another version')
    check(report['keys']['root'] == root_text, 'the report is under another root key')
    desk = note_fields(read(os.path.join(custody, 'desk.note')).decode(), 'postern-root', root, 'postern/desk/v1')
    if check(desk is not None, 'the desk is not vouched for by the root key'):
        key = key_of(dict(desk)['key'])
        check(key == key_of(report['keys']['desk']), 'the report names another key of the desk')
        note = note_fields(read(os.path.join(custody, 'report.note')).decode(), 'postern-desk', key, 'postern/report/v1')
        if check(note is not None, 'the report is not signed by the desk'):
            note = dict(note)
            check(note['parcel'] == report['parcel'], 'the signature is for the report of another parcel')
            check(note['last-event'] == report['events']['head'], 'the signature is over other events')
            for form in ('json', 'html', 'pdf'):
                hash_ = digest(os.path.join(custody, 'report.' + form), 'sha256')[0]
                check(note[form] == hash_, 'report.%s is not the one that was signed' % form)
    receipt_key = None
    if os.path.exists(os.path.join(custody, 'card.note')):
        card = note_fields(read(os.path.join(custody, 'card.note')).decode(), 'postern-root', root, 'postern/card/v1')
        if check(card is not None, 'the key card is not signed by the root key'):
            receipt_key = key_of(dict(card)['receipt-key'])
            claim = [(r['from'] + ' ' + r['until'] + ' ' + r['recipient']) for r in report['keys']['recipients']]
            check(claim == [value for name, value in card if name == 'recipient'], 'the recipients are not those of the key card')
    if os.path.exists(os.path.join(custody, 'envelope.json')):
        check_statements(report, json.loads(read(os.path.join(custody, 'envelope.json')).decode()), receipt_key)
    check_manifests(options.bag, report['items'])
    check_items(options.bag, report['items'])
    check_additions(options.bag, report['items'])
    check_places(report)
    check_tags(options.bag, check_events(custody, report, root))
    check_time_stamps(custody, report)
    if options.bundle is not None:
        check_ciphertext(options.bundle, report)
    print('%d checks, %d wrong' % (checked, len(faults)))
    if options.root is None:
        print('note: the root key was taken from the report itself; compare it with the one that the organisation publishes:')
        print('      ' + report['keys']['root'])
    return 1 if faults else 0


if __name__ == '__main__':
    sys.exit(main())
