#!/usr/bin/env python3
"""Verifies a clip proof of Postern: that bytes belong to a file which an organisation received.

Shares nothing with the program that made the proof, on purpose: docs/protocol.md ("Clips") is what both follow.

    python3 verify_clip.py FOLDER --root KEY [--write FILE]

FOLDER holds proof.txt, statement.note, desk.note and shown.bin; with card.note and receipt.note the day of receipt is proved too, and
with receipt.tlog-proof that the receipt stands in the server's log. KEY is the organisation's root key (43 characters), taken from the organisation and not from whoever gave you the proof; so is this program. Needs Python
3.8 or newer and the openssl program (1.1.1 or newer). Exit code 0: the proof holds. 1: it does not. 2: used wrongly, or openssl is missing.
"""
import base64, bisect, datetime, hashlib, os, re, shutil, stat, subprocess, sys, tempfile

CHUNK = 65536
MAX_PROOF = 64 * 1024 * 1024
MAX_NOTE = 65536
MAX_FILES = 1000000
MAX_LOG_PROOF = 4096
FAULTS = {
    'missing': 'proof.txt, statement.note or desk.note is missing, too large, or is no file',
    'proof': 'proof.txt is not well formed',
    'desk': 'desk.note was not signed by this root key, or was changed',
    'statement': 'statement.note was not signed by the desk that desk.note names, or was changed',
    'file': 'the file is none of those that the statement binds',
    'clips': 'the ranges are empty, overlap, lie outside of the file, or are not those of the salts',
    'bytes': 'the bytes in shown.bin are not those of the file that was received',
    'opened': 'a name, hash or parcel that is told is not the one that the statement binds',
    'receipt': 'the receipt or the card beside it does not hold, or is for another parcel',
    'log': "the proof that the receipt stands in the server's log does not hold, or there is no receipt that it is for",
}
# Encodings of the points of small order: under such a key anybody can make a signature.
SMALL_ORDER = {
    '00' * 32, '01' + '00' * 31, 'ec' + 'ff' * 30 + '7f', 'ed' + 'ff' * 30 + '7f', 'ee' + 'ff' * 30 + '7f',
    '26e8958fc2b227b045c3f489f2ef98f0d5dfac05d3c63339b13802886d53fc05',
    'c7176a703d4dd84fba3c0b760d10670f2a2053fa2c39ccc64ec7fd7792ac037a',
}


class Fault(Exception):
    """The proof does not hold; the code says why."""


def sha256(*pieces):
    digest = hashlib.sha256()
    for piece in pieces:
        digest.update(piece)
    return digest.digest()


# Files of the folder.

def open_plain(path):
    """A plain file opened for reading, or None: no link is followed and no pipe is waited for."""
    try:
        fd = os.open(path, os.O_RDONLY | getattr(os, 'O_NOFOLLOW', 0) | getattr(os, 'O_NONBLOCK', 0) | getattr(os, 'O_BINARY', 0))
    except OSError:
        return None
    if stat.S_ISREG(os.fstat(fd).st_mode):
        return os.fdopen(fd, 'rb')
    os.close(fd)
    return None


def read_small(folder, name, most):
    file = open_plain(os.path.join(folder, name))
    if file is None:
        return None
    with file:
        try:
            content = file.read(most + 1)
        except OSError:
            return None
    return content if len(content) <= most else None


def text_of(folder, name, most, code):
    content = read_small(folder, name, most)
    if content is None:
        raise Fault('missing')
    return decode(content, code)


def decode(content, code):
    try:
        return content.decode('utf-8')
    except UnicodeDecodeError:
        raise Fault(code)


# Signed notes and the lines in them.

def verify_ed25519(key, message, signature):
    if bytes(key[:31] + bytes([key[31] & 0x7f])).hex() in SMALL_ORDER:
        return False
    with tempfile.TemporaryDirectory() as folder:
        paths = [os.path.join(folder, name) for name in ('key', 'message', 'signature')]
        for path, content in zip(paths, (bytes.fromhex('302a300506032b6570032100') + key, message, signature)):
            with open(path, 'wb') as file:
                file.write(content)
        call = ['openssl', 'pkeyutl', '-verify', '-pubin', '-keyform', 'DER', '-inkey', paths[0], '-rawin', '-in', paths[1],
                '-sigfile', paths[2]]
        return subprocess.run(call, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL).returncode == 0


def open_note(note, name, key, code):
    cut = note.rfind('\n\n')
    line = re.fullmatch('— ([^ +\n]+) ([A-Za-z0-9+/]+={0,2})\n', note[cut + 2:]) if cut >= 0 else None
    if line is None:
        raise Fault(code)
    try:
        blob = base64.b64decode(line.group(2), validate=True)
    except ValueError:
        raise Fault(code)
    if len(blob) != 68 or base64.b64encode(blob).decode() != line.group(2) or line.group(1) != name:
        raise Fault(code)
    text = note[:cut + 1]
    if blob[:4] != sha256(name.encode() + b'\n\x01' + key)[:4] or not verify_ed25519(key, text.encode(), blob[4:]):
        raise Fault(code)
    return text


class Lines:
    """The lines of a statement, taken in their order."""

    def __init__(self, text, context, code):
        self.lines, self.at, self.code = text.split('\n'), 1, code
        if self.lines[0] != context or self.lines.pop() != '' or not self.lines:
            raise Fault(code)

    def more(self, name):
        return self.at < len(self.lines) and self.lines[self.at].startswith(name + ' ')

    def text(self, name, pattern='.+'):
        value = self.lines[self.at][len(name) + 1:] if self.more(name) else ''
        self.at += 1
        if re.fullmatch(pattern, value, re.ASCII) is None:
            raise Fault(self.code)
        return value

    def number(self, name):
        return self.plain_number(self.text(name))

    def plain_number(self, text):
        return plain_number(text, self.code)

    def hash(self, name, size=32):
        return bytes.fromhex(self.text(name, '[0-9a-f]{%d}' % (2 * size)))

    def hashes(self, name):
        found = []
        while self.more(name):
            found.append(self.hash(name))
        return found

    def pair(self, name):
        values = self.text(name).split(' ')
        if len(values) != 2:
            raise Fault(self.code)
        return values

    def day(self, name):
        value = self.text(name, '[0-9]{4}-[0-9]{2}-[0-9]{2}')
        try:
            datetime.date.fromisoformat(value)
        except ValueError:
            raise Fault(self.code)
        return value

    def key(self, name):
        key = read_key(self.text(name))
        if key is None:
            raise Fault(self.code)
        return key

    def end(self):
        if self.at != len(self.lines):
            raise Fault(self.code)


def plain_number(text, code):
    if re.fullmatch('0|[1-9][0-9]{0,15}', text) is None or int(text) > 2**53 - 1:
        raise Fault(code)
    return int(text)


def hash_of(text, code):
    """32 bytes in canonical base64."""
    if re.fullmatch('[A-Za-z0-9+/]{43}=', text) is None or base64.b64encode(base64.b64decode(text)).decode() != text:
        raise Fault(code)
    return base64.b64decode(text)


def read_key(text):
    if re.fullmatch('[A-Za-z0-9_-]{43}', text) is None:
        return None
    key = base64.urlsafe_b64decode(text + '=')
    return key if base64.urlsafe_b64encode(key).decode() == text + '=' else None


# The three texts.

def read_proof(text):
    lines = Lines(text, 'postern/clip-proof/v1', 'proof')
    proof = {'index': lines.number('index'), 'size': lines.number('size')}
    for name in ('chunks', 'name', 'sha256'):
        proof[name] = lines.hash(name)
    proof['file-beside'] = lines.hashes('file-beside')
    proof['opened'] = {}
    for name, least, most in (('name', 6, 4096), ('sha256', 32, 32), ('parcel', 16, 16), ('seal', 32, 32)):
        if lines.more('open-' + name):
            salt, value = lines.pair('open-' + name)
            if re.fullmatch('[0-9a-f]{64}', salt) is None or re.fullmatch('([0-9a-f]{2}){%d,%d}' % (least, most), value) is None:
                raise Fault('proof')
            proof['opened'][name] = (bytes.fromhex(salt), bytes.fromhex(value))
    proof['clips'] = []
    while lines.more('clip'):
        proof['clips'].append(tuple(lines.plain_number(value) for value in lines.pair('clip')))
    proof['salts'] = lines.hashes('salt')
    proof['chunk-beside'] = lines.hashes('chunk-beside')
    lines.end()
    return proof


def read_desk(note, root):
    lines = Lines(open_note(note, 'postern-root', root, 'desk'), 'postern/desk/v1', 'desk')
    named, name, key, issued = lines.key('root'), lines.text('desk'), lines.key('key'), lines.day('issued')
    lines.end()
    if named != root:
        raise Fault('desk')
    return name, key


def read_statement(note, key):
    lines = Lines(open_note(note, 'postern-desk', key, 'statement'), 'postern/clip-commitments/v1', 'statement')
    statement = {'desk': lines.key('desk'), 'day': lines.day('day')}
    lines.hash('nonce', 16)
    statement['parcel'] = lines.hash('parcel')
    statement['seal'] = None if lines.more('seal none') and lines.text('seal', 'none') else lines.hash('seal')
    statement['files'] = lines.number('files')
    statement['tree'] = lines.hash('tree')
    lines.end()
    if statement['desk'] != key or not 1 <= statement['files'] <= MAX_FILES:
        raise Fault('statement')
    return statement


# Merkle trees of RFC 6962, section 2.1.

def rebuild(count, shown, leaf, beside, code):
    """The root over count leaves, of which those numbered in shown are asked for in order and all else comes from beside."""
    waiting = iter(beside)

    def subtree(start, end):
        at = bisect.bisect_left(shown, start)
        if at == len(shown) or shown[at] >= end:
            found = next(waiting, None)
            if found is None:
                raise Fault(code)
            return found
        if end - start == 1:
            return leaf(start)
        left = 1
        while left * 2 < end - start:
            left *= 2
        first = subtree(start, start + left)
        return sha256(b'\x01', first, subtree(start + left, end))

    root = subtree(0, count)
    if next(waiting, None) is not None:
        raise Fault(code)
    return root


# The parts of the proof.

def check_file(proof, statement):
    if proof['index'] >= statement['files']:
        raise Fault('file')
    text = 'postern/clip-file/v1\nsize %d\nchunks %s\nname %s\nsha256 %s\n' % (
        proof['size'], proof['chunks'].hex(), proof['name'].hex(), proof['sha256'].hex())
    leaf = sha256(b'\x00', text.encode())
    if rebuild(statement['files'], [proof['index']], lambda _: leaf, proof['file-beside'], 'file') != statement['tree']:
        raise Fault('file')


def shown_chunks(proof):
    """The numbers of the chunks that the clips touch; counted before they are listed, for the proof may lie."""
    end, after, count, runs = 0, 0, 0, []
    for start, stop in proof['clips']:
        if start < end or stop <= start or stop > proof['size']:
            raise Fault('clips')
        run = range(max(after, start // CHUNK), (stop + CHUNK - 1) // CHUNK)
        end, after, count = stop, run.stop, count + len(run)
        runs.append(run)
    if count == 0 or count != len(proof['salts']):
        raise Fault('clips')
    return [chunk for run in runs for chunk in run]


def check_bytes(folder, proof, chunks, write):
    size = proof['size']
    lengths = {chunk: min(CHUNK, size - chunk * CHUNK) for chunk in chunks}
    file = open_plain(os.path.join(folder, 'shown.bin'))
    if file is None:
        raise Fault('bytes')
    salts = iter(proof['salts'])
    with file:
        if os.fstat(file.fileno()).st_size != sum(lengths.values()):
            raise Fault('bytes')

        def leaf(chunk):
            try:
                content = file.read(lengths[chunk])
            except OSError:
                raise Fault('bytes')
            if len(content) != lengths[chunk]:
                raise Fault('bytes')
            write(chunk * CHUNK, content)
            return sha256(b'\x00', next(salts), content)

        root = rebuild((size + CHUNK - 1) // CHUNK, chunks, leaf, proof['chunk-beside'], 'bytes')
    if root != proof['chunks']:
        raise Fault('bytes')


def check_opened(proof, statement):
    bound = {'name': proof['name'], 'sha256': proof['sha256'], 'parcel': statement['parcel'], 'seal': statement['seal']}
    told = {}
    for name, (salt, value) in proof['opened'].items():
        if sha256(salt, value) != bound[name]:
            raise Fault('opened')
        told[name] = value.hex()
    if 'name' in told:
        told['name'] = decode(bytes.fromhex(told['name']), 'opened')
    return told


def check_receipt(folder, root, told):
    card, receipt = (read_small(folder, name, MAX_NOTE) for name in ('card.note', 'receipt.note'))
    if card is None and receipt is None:
        return None, check_log(folder, None, None)
    if card is None or receipt is None:
        raise Fault('receipt')
    card_text = open_note(decode(card, 'receipt'), 'postern-root', root, 'receipt')
    names = dict(line.split(' ', 1) for line in card_text.split('\n')[1:-1] if ' ' in line)
    key = read_key(names.get('receipt-key', ''))
    if not card_text.startswith('postern/card/v1\n') or key is None or read_key(names.get('root', '')) != root:
        raise Fault('receipt')
    lines = Lines(open_note(decode(receipt, 'receipt'), 'postern-receipt', key, 'receipt'), 'postern/receipt/v1', 'receipt')
    parcel, seal, day = lines.hash('parcel', 16), lines.hash('root'), lines.day('received')
    lines.end()
    if parcel.hex() != told.get('parcel') or seal.hex() != told.get('seal'):
        raise Fault('receipt')
    return day, check_log(folder, receipt, key)


def check_log(folder, receipt, key):
    """Where the receipt stands in the server's log (c2sp.org/tlog-proof), or None without a proof of it."""
    content = read_small(folder, 'receipt.tlog-proof', MAX_NOTE)
    if content is None:
        return None
    text = decode(content, 'log')
    cut = text.find('\n\n')
    lines = text[:cut].split('\n') if cut >= 0 else []
    if receipt is None or len(text.encode('utf-16-le')) > 2 * MAX_LOG_PROOF or lines[:1] != ['c2sp.org/tlog-proof@v1'] or len(lines) < 3:
        raise Fault('log')
    if not lines[1].startswith('extra ') or not lines[2].startswith('index '):
        raise Fault('log')
    blinding, index = hash_of(lines[1][6:], 'log'), plain_number(lines[2][6:], 'log')
    beside = [hash_of(line, 'log') for line in lines[3:]]
    note = text[cut + 2:]
    origin = note.split('\n')[0]
    if re.fullmatch('postern/log/v1/[0-9a-f]{32}', origin) is None:
        raise Fault('log')
    said = open_note(note, origin, key, 'log').split('\n')
    if len(said) != 4 or said[3] != '':
        raise Fault('log')
    size, root = plain_number(said[1], 'log'), hash_of(said[2], 'log')
    entry = sha256(b'postern/log-entry/v1\n', blinding, receipt)
    if size == 0 or size % 256 != 0 or root_from_path(sha256(b'\x00', entry), index, size, beside) != root:
        raise Fault('log')
    return origin, index, size, root.hex()


def root_from_path(found, index, size, beside):
    """RFC 9162, section 2.1.3.2."""
    if index >= size:
        return None
    node, last = index, size - 1
    for other in beside:
        if last == 0:
            return None
        if node & 1 or node == last:
            found = sha256(b'\x01', other, found)
            while node and not node & 1:
                node, last = node >> 1, last >> 1
        else:
            found = sha256(b'\x01', found, other)
        node, last = node >> 1, last >> 1
    return found if last == 0 else None


def verify(folder, root, write):
    proof = read_proof(text_of(folder, 'proof.txt', MAX_PROOF, 'proof'))
    desk, key = read_desk(text_of(folder, 'desk.note', MAX_NOTE, 'desk'), root)
    statement = read_statement(text_of(folder, 'statement.note', MAX_NOTE, 'statement'), key)
    check_file(proof, statement)
    chunks = shown_chunks(proof)
    check_bytes(folder, proof, chunks, lambda offset, content: write(proof, offset, content))
    told = check_opened(proof, statement)
    return proof, desk, statement['day'], told, check_receipt(folder, root, told)


def writer(out):
    """Writes one clip as it is; of several, each at its place in a file as large as the original, zeros between."""
    def write(proof, offset, content):
        clips = proof['clips']
        shift = clips[0][0] if len(clips) == 1 else 0
        at = bisect.bisect_right(clips, (offset, 2**53)) - 1
        for start, stop in clips[max(at, 0):]:
            if start >= offset + len(content):
                break
            start, stop = max(start, offset), min(stop, offset + len(content))
            if start < stop:
                out.seek(start - shift)
                out.write(content[start - offset:stop - offset])
        if len(clips) > 1:
            out.truncate(proof['size'])
    return write


def main(words):
    options = dict(zip(words[1::2], words[2::2]))
    root = read_key(options.pop('--root', ''))
    target = options.pop('--write', None)
    if len(words) % 2 == 0 or root is None or options or shutil.which('openssl') is None:
        print(__doc__, file=sys.stderr)
        return 2
    draft = None if target is None else target + '.partial'
    try:
        if draft is None:
            proof, desk, day, told, (received, logged) = verify(words[0], root, lambda *_: None)
        else:
            with open(draft, 'xb') as out:
                proof, desk, day, told, (received, logged) = verify(words[0], root, writer(out))
            os.rename(draft, target)
    except Fault as fault:
        if draft is not None:
            os.remove(draft)
        print('NOT PROVED (%s): %s' % (fault, FAULTS[str(fault)]))
        return 1
    except OSError as error:
        print('cannot write %s: %s' % (draft, error.strerror), file=sys.stderr)
        return 2
    for start, stop in proof['clips']:
        print('proved: bytes %d to %d of a file of %d bytes' % (start, stop, proof['size']))
    print('which the desk "%s" of the organisation signed for on %s' % (desk, day))
    if 'name' in told:
        print('name of the file: %s' % ascii(told['name']))
    for name in ('sha256', 'parcel', 'seal'):
        if name in told:
            print('%s: %s' % (name, told[name]))
    if received is not None:
        print('received by the server, encrypted: %s' % received)
        if logged is None:
            print("not proved here: that this receipt stands in the server's public log")
        else:
            print("leaf of the receipt in the log %s: %d, of %d under the root %s" % (logged[0], *logged[1:]))
    return 0


if __name__ == '__main__':
    sys.exit(main(sys.argv[1:] or ['']))
