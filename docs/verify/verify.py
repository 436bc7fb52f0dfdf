#!/usr/bin/env python3
"""Checks an exported Hearsay ledger with the standard library of Python 3.9 or newer and nothing else.

    python3 verify.py EXPORT [--key VKEY] [--checkpoint OLD]        EXPORT, OLD: files; EXPORT may be - for standard input

Written from docs/ledger-format.md alone, and named after its parts; it shares no code with `hearsay ledger verify`, so that a mistake in one shows as
a disagreement. Counts are not recomputed. Reads the export once and keeps a byte of each entry and the newest texts. Exit 0: it holds; 4: it does
not, and where; 2: wrong usage. Proved by test/conformance/python-*.test.ts and test/vectors/ed25519.test.ts.
"""
import argparse, base64, calendar, collections, functools, hashlib, json, re, sys

class Failure(ValueError): """Where (`seq N`, `line N`, `checkpoint`, `key`), and why."""
def need(condition, where, why):
    if not condition: raise Failure(where, why)
def sha256(*parts):
    return hashlib.sha256(b''.join(parts)).digest()

# --- Canonical form: RFC 8785 over fewer values -----------------------------------------------------------------------------------------------
ENCODER = json.JSONEncoder(ensure_ascii=False)
def canonical(value):
    if isinstance(value, list):
        return '[' + ','.join(map(canonical, value)) + ']'
    if isinstance(value, dict):  # keys in the order of UTF-16 code units
        return '{' + ','.join(f'{canonical(key)}:{canonical(value[key])}' for key in sorted(value, key=lambda key: key.encode('utf-16-be'))) + '}'
    if isinstance(value, str) or type(value) is int and abs(value) < 2**53:
        return ENCODER.encode(value)
    raise ValueError('a value the format does not have')
def parse(data, where):  # what UTF-8 `data` says, if it is the canonical form of that: no repeated key, no -0, no white space, no escape too many
    try:
        value = json.loads(data.decode())
        need(canonical(value).encode() == data, where, '')
        return value
    except (ValueError, RecursionError):
        raise Failure(where, 'not JSON in canonical form') from None

# --- Headers: the closed lists. A rule is a function that says whether a value is allowed -----------------------------------------------------
SPACE, CONTROL = '\t-\r \u00a0\u1680\u2000-\u200a\u2028\u2029\u202f\u205f\u3000\ufeff', '\x00-\x1f\x7f-\x9f'
def matching(pattern):  # a string of this form, its characters counted in UTF-16 code units
    return lambda value: isinstance(value, str) and bool(re.fullmatch(pattern, re.sub('[\U00010000-\U0010ffff]', '??', value), re.S))
def whole(least, most=2**53 - 1):
    return lambda value: type(value) is int and least <= value <= most
def listing(rule, least=0, most=2**53, ascending=False):
    return lambda value: type(value) is list and least <= len(value) <= most and all(map(rule, value)) and (not ascending or value == sorted(set(value)))
def is_day(value):  # the calendar repeats every 400 years, and Python's has no year 0
    year, month, day = map(int, value.split('-')) if matching('[0-9]{4}-[0-9]{2}-[0-9]{2}')(value) else (0, 0, 0)
    return 1 <= month <= 12 and 1 <= day <= calendar.monthrange(2000 + year % 400, month)[1]
RULES = {
    'seq': whole(0), 'positive': whole(1), 'expects': whole(-1), 'bit': whole(0, 1), 'ppm': whole(0, 1_000_000), '1': whole(1, 1), 'day': is_day,
    'name': matching('.{1,200}'), 'text': matching('.*'), 'hash': matching('[0-9a-f]{64}'), 'language': matching('[a-z]{2,3}'),
    'record': matching(f'pmid:[0-9]{{1,9}}|nct:NCT[0-9]{{8}}|doi:10[.][^{SPACE}]{{1,290}}'), 'proof': listing(matching('.*'), 0, 63),
    'refs': listing(whole(0), 1, ascending=True), 'path': listing(matching('.*'), 0, 64), 'history': listing(lambda item: fits(item, PAST), 1, 32),
    'flags': listing(matching('low_confidence|ungrounded|auto_generated|changed|injection|submitted|language|unreadable|duplicate|commercial|dosing'), ascending=True)}
def shape(text):  # of `key=rule` for each key, `key*=rule` where it may be absent; a rule is one of RULES or a choice of words
    keys = [pair.split('=') for pair in text.split()]
    return {key for key, _ in keys if '*' not in key}, {key.rstrip('*'): RULES.get(rule) or matching(rule) for key, rule in keys}
def fits(value, form):
    return isinstance(value, dict) and form[0] <= value.keys() <= form[1].keys() and all(form[1][key](value[key]) for key in value)
TIER, DIRECTION = 'tier=human|preclinical|anecdotal|mechanistic|speculative|none', 'direction=improves|worsens|no_effect|none'
LABELS = f'''document_type=first_person_report|second_hand_report|primary_study|registry_record|review_article|promotion|study_relay|news|guide|\
question|opinion|other {TIER} sentiment=positive|negative|mixed|neutral study_design=rct|human_trial|observational|case_report|systematic_review|\
review|animal|in_vitro|protocol|registry|none language=language first_person=bit commercial=bit'''
READ = 'commitment=hash confidence_ppm=ppm flags=flags annotator=name'
TYPES = {kind: shape(f'v=1 topic=name seq=seq type={kind} day=day {keys}') for kind, keys in {
    'annotator': 'annotator=name kind=embedded|llm|person digest=hash adopt=1', 'question': 'commitment=hash number=positive',
    'source': f'''{READ} number=positive platform=reddit|x|web|pubmed|europepmc|clinicaltrials|youtube|bluesky|discourse|instagram|sms|whatsapp|\
paste {LABELS} thread=seq experience=seq supersedes*=seq record*=record''',
    'claim': f'{READ} source=seq kind=main|effect compound=name effect=name {DIRECTION} {TIER}',
    'review': 'commitment=hash ref=seq role=primary|second|audit|adjudication decision=accept|reject|amend reviewer=name expects=expects '
              + f'{LABELS} compound=name effect=name {DIRECTION}'.replace('=', '*='),
    'undo': 'ref=seq reviewer=name', 'link': 'from=seq to=seq', 'withhold': 'refs=refs reason=name', 'restore': 'refs=refs reason=name',
    'tombstone': 'refs=refs reason=source_deleted|platform_terms|request|operator', 'notice': 'ref=seq kind=retraction|erratum|concern record=name'}.items()}
NAMED = {  # key, or type and key -> types of the earlier entry it names
    **dict.fromkeys(['thread', 'experience', 'supersedes', 'source', 'from', 'to', 'notice ref'], 'source'), 'review ref': 'source claim',
    'undo ref': 'review', 'expects': 'review undo', 'refs': 'source claim review question'}

# --- Checkpoint: notes, keys, and Ed25519 of RFC 8032 section 5.1 -----------------------------------------------------------------------------
Note = collections.namedtuple('Note', 'origin size root signed signatures')
NAME = f'[^+{SPACE}{CONTROL}]+'
P, L = 2**255 - 19, 2**252 + 27742317777372353535851937790883648493
D = -121665 * pow(121666, -1, P) % P
def unbase64(text):  # the bytes of `text` if it is their one base64, else none
    data = base64.b64decode(text) if re.fullmatch('([A-Za-z0-9+/]{4})*([A-Za-z0-9+/]{2}==|[A-Za-z0-9+/]{3}=)?', text) else b''
    return data if base64.b64encode(data).decode() == text else b''
def parse_note(text):
    match = re.fullmatch(f'([^{CONTROL}]+)\n(0|[1-9][0-9]{{0,15}})\n([^\n]+)\n\n((?:\u2014 {NAME} [^ \n]+\n){{1,64}})', text)
    need(match, 'checkpoint', 'a checkpoint is origin, size, root, a blank line and signature lines')
    lines = [line.split(' ')[1:] for line in match[4].split('\n')[:-1]]
    note = Note(match[1], int(match[2]), unbase64(match[3]), text[:match.start(4) - 1].encode(), [(name, unbase64(data)) for name, data in lines])
    need(note.size < 2**53 and len(note.root) == 32 and all(len(data) > 4 for _, data in note.signatures), 'checkpoint', 'no size, or not base64')
    return note
def parse_key(text):  # name, id and public key of a verifier key
    match = re.fullmatch(f'({NAME})[+]([0-9a-f]{{8}})[+](.+)', text)
    data = unbase64(match[3]) if match else b''
    need(data[:1] == b'\x01' and len(data) == 33 and sha256(match[1].encode(), b'\n', data)[:4].hex() == match[2], 'key', 'not a verifier key')
    return match[1], bytes.fromhex(match[2]), data[1:]
def is_signed(note, key):  # whether a line names the key and all that do hold; lines of others, such as witnesses, are passed over
    own = [data[4:] for name, data in note.signatures if (name, data[:4]) == key[:2]]
    return bool(own) and all(len(data) == 64 and holds(key[2], note.signed, data) for data in own)
def decode_point(data):  # section 5.1.3: (x, y), or None unless `data` is the one encoding of a point
    y, sign = int.from_bytes(data, 'little') % 2**255, data[31] >> 7
    u, v = y * y - 1, D * y * y + 1
    x = u * pow(v, 3, P) * pow(u * pow(v, 7, P), (P - 5) // 8, P) % P
    x = x if (v * x * x - u) % P == 0 else x * pow(2, (P - 1) // 4, P) % P
    is_point = y < P and (v * x * x - u) % P == 0 and not (x == 0 and sign)
    return (x if x % 2 == sign else P - x, y) if is_point else None
def add_points(p, q):  # the addition law of the curve in plain coordinates: slower than section 5.1.4, and shorter
    t = D * p[0] * q[0] * p[1] * q[1] % P
    inverse = pow(1 - t * t, -1, P)
    return (p[0] * q[1] + q[0] * p[1]) * (1 - t) * inverse % P, (p[1] * q[1] + p[0] * q[0]) * (1 + t) * inverse % P
def multiply(point, number):
    double = multiply(add_points(point, point), number >> 1) if number > 1 else (0, 1)
    return add_points(double, point) if number & 1 else double
def holds(key, message, signature):  # 8sB = 8(R + kA), s < L, 8A not 0; for a key of 32 bytes and a signature of 64
    base, a, r = decode_point((4 * pow(5, -1, P) % P).to_bytes(32, 'little')), decode_point(key), decode_point(signature[:32])
    s, k = (int.from_bytes(data, 'little') for data in (signature[32:], hashlib.sha512(signature[:32] + key + message).digest()))
    is_strict = a is not None and r is not None and s < L and multiply(a, 8) != (0, 1)
    return is_strict and multiply(base, 8 * s) == multiply(add_points(r, multiply(a, k % L)), 8)

# --- Tree and proofs: RFC 9162 section 2.1 ----------------------------------------------------------------------------------------------------
def append_leaf(subtrees, size, leaf):  # to the full ones that cover `size` leaves, largest first; two of one size become one, as carries do
    while size & 1:
        leaf, size = sha256(b'\1', subtrees.pop(), leaf), size >> 1
    subtrees.append(leaf)
def root_of(subtrees):
    return functools.reduce(lambda right, left: sha256(b'\1', left, right), reversed(subtrees)) if subtrees else sha256()
def climb(at, last, proof, hashes):  # the walk of sections 2.1.3.2 and 2.1.4.2: where the hashes end; the last is that of the larger tree
    for step in proof:
        is_left = at & 1 or at == last  # beyond the root, where last is 0, no step is right
        hashes = [sha256(b'\1', step, each) for each in hashes if last] if is_left else [*hashes[:-1], sha256(b'\1', hashes[-1], step)]
        levels = (at & -at).bit_length() if at == last > 0 else 1  # a node without a sibling goes up as it is
        at, last = at >> levels, last >> levels
    return hashes if last == 0 else []
def is_prefix(old, new, proof):  # whether the tree of the note `new` begins with that of the smaller note `old`
    ones, path = (old.size & -old.size).bit_length() - 1, proof if old.size & (old.size - 1) else [old.root, *proof]
    return path != [] and 0 < old.size < new.size and climb((old.size - 1) >> ones, (new.size - 1) >> ones, path[1:], path[:1]*2) == [old.root, new.root]

# --- Export, excerpt --------------------------------------------------------------------------------------------------------------------------
OPENING, PAST = shape('format=hearsay-ledger version=1 topic=text origin=text vkey=text excerpt*=1'), shape('checkpoint=text proof=path')
STATES = {'bare': '', 'open': 'content=text salt=hash', 'withheld': 'withheld=1', 'erased': 'erased=1'}
FORMS = [{state: shape(f'entry=hash header=text {keys} {more}') for state, keys in STATES.items()} for more in ('', 'previous=hash proof=proof')]
CLOSING, KINDS, OPEN = [shape('checkpoint=text counts=text history*=history'), shape('checkpoint=text')], list(TYPES), 16

class Log:  # what one pass keeps: the last entry, the tree's full subtrees, a byte of each entry, the newest texts
    def __init__(self, opening):
        self.topic, self.is_excerpt, self.last, self.hash, self.totals = opening['topic'], 'excerpt' in opening, -1, bytes(32), collections.Counter()
        self.codes, self.erased, self.subtrees, self.texts, self.proofs = {} if self.is_excerpt else bytearray(), set(), [], {}, {}
    def add(self, data, number):  # one entry: what it shows by itself and of the one before it, then what it says of others
        place, line = f'line {number}', parse(data, f'line {number}')
        state = next((state for state, form in FORMS[self.is_excerpt].items() if fits(line, form)), None)
        need(state and len(self.proofs) < 65_536, place, 'not an entry, or too many for an excerpt')
        place = place if self.is_excerpt else f'seq {number - 2}'
        header = parse(line['header'].encode(), place)
        kind = header.get('type') if isinstance(header, dict) else None
        is_header = isinstance(kind, str) and kind in TYPES and fits(header, TYPES[kind]) and header['topic'] == self.topic
        need(is_header, place, 'no header of this topic: an unknown type, a key too many or too few, or a value not allowed')
        seq, previous = header['seq'], bytes.fromhex(line['previous']) if self.is_excerpt else self.hash
        need(seq > self.last if self.is_excerpt else seq == number - 2, place, f'found seq {seq}: an entry is missing, added or out of order')
        found, content = sha256(b'hearsay/entry/v1\n', previous, line['header'].encode()), {}
        need(found.hex() == line['entry'], place, 'header and predecessor do not hash to the entry')
        place = f'seq {seq}'
        need(seq > self.last + 1 or previous == self.hash, place, 'it does not follow the entry before it')
        need(('commitment' in header) == (state != 'bare'), place, 'content where the header commits to none, or none and no reason why')
        if state == 'open':
            commitment = sha256(b'hearsay/content/v1\n', bytes.fromhex(line['salt']), line['content'].encode()).hex()
            need(commitment == header['commitment'], place, 'the content does not match its commitment')
            content = parse(line['content'].encode(), place)
            need(isinstance(content, dict), place, 'the content is not an object')
        self.last, self.hash, code = seq, found, KINDS.index(kind) + (OPEN if state == 'open' else 0)
        self.totals.update([kind, state])
        if self.is_excerpt:
            self.proofs[seq], self.codes[seq] = (sha256(b'\0', found), [unbase64(step) for step in line['proof']]), code
        else:
            self.check_names(header, kind, place)
            self.codes.append(code)
            append_leaf(self.subtrees, seq, sha256(b'\0', found))
            self.erased.update([seq] if state == 'erased' else [])
        self.check_content(header, kind, state, content)
    def check_names(self, header, kind, place):
        for key, value in header.items():
            kinds = NAMED.get(key) or NAMED.get(f'{kind} {key}')
            for seq in (value if isinstance(value, list) else [value]) if kinds else ():
                is_own = seq == self.last and key in ('thread', 'experience') or seq == -1
                need(is_own or seq < self.last and KINDS[self.codes[seq] % OPEN] in kinds.split(), place, f'{key} names entry {seq}, no earlier {kinds}')
        need(header.get('number', self.totals[kind]) == self.totals[kind], place, f'a {kind} is missing, added or out of order')
    def check_content(self, header, kind, state, content):
        if kind == 'source' and state == 'open':
            need(isinstance(content.get('text'), str), f'seq {self.last}', 'a source without text')
            self.texts[self.last] = content['text'].encode('utf-16-le')  # offsets count UTF-16 code units, here of two bytes
            self.texts.pop(next(iter(self.texts)) if len(self.texts) > 1_000 else -1, None)
        if kind == 'claim':
            quote, start, end, text = *(content.get(key) for key in ('quote', 'start', 'end')), self.texts.get(header['source'])
            stands = [type(quote), type(start), type(end)] == [str, int, int] and (text is None or text[2*start:2*end] == quote.encode('utf-16-le'))
            need(state != 'open' or stands or 'ungrounded' in header['flags'], f'seq {self.last}', 'the quote does not stand in the text of its source')
            self.totals['quotes' if state == 'open' and text is not None else 'closed quotes'] += 1
        for seq in header['refs'] if kind == 'tombstone' else ():
            need(self.is_excerpt and seq not in self.codes or self.codes[seq] < OPEN, f'seq {seq}', f'tombstone {self.last} says its content was erased, but it is here')
            self.erased.discard(seq)

def verify(stream, key=None, kept=None):  # of an export in a binary stream: its checkpoint, key, totals, history; Failure at the first thing wrong
    number, log, note, root_then = 0, None, None, None
    for number, data in enumerate(iter(lambda: stream.readline(2**26), b''), 1):
        need(note is None and data.endswith(b'\n'), f'line {number}', 'a line follows the checkpoint, or does not end')
        if log is None or data.startswith(b'{"checkpoint":'):
            end = parse(data[:-1], f'line {number}')
            need(fits(end, CLOSING[log.is_excerpt] if log else OPENING), f'line {number}', 'not the first or last line of an export')
            opening, log, note = (opening, log, parse_note(end['checkpoint'])) if log else (end, Log(end), None)
        else:
            log.add(data[:-1], number)
        root_then = root_of(log.subtrees) if kept and kept.size == log.last + 1 else root_then
    need(note, f'line {number + 1}', 'the export is empty, or cut: it ends without a checkpoint')
    need(not log.erased, f'seq {min(log.erased, default=0)}', 'marked erased, but no tombstone says so')
    covered = (opening['origin'], note.size, note.root) if log.is_excerpt else (opening['origin'], log.last + 1, root_of(log.subtrees))
    need((note.origin, note.size, note.root) == covered, 'checkpoint', 'origin, size or root is not that of the entries: changed, cut or added')
    own = parse_key(opening['vkey'])
    need(own[0] == note.origin, 'key', 'the key of the export is not named after the origin')
    need(is_signed(note, own), 'checkpoint', 'the signature does not hold under the key of the export')
    need(key is None or key[0] == note.origin and is_signed(note, key), 'key', 'not signed by the key you trust, or the key of another log')
    extends = kept is None or (note.signed == kept.signed if log.is_excerpt else (kept.origin, kept.root) == (note.origin, root_then))
    need(extends, 'checkpoint', 'not shown to extend the older checkpoint: rewritten, cut back, of another log, or an excerpt')
    for seq, (leaf, proof) in log.proofs.items():
        need(seq < note.size and climb(seq, note.size - 1, proof, [leaf]) == [note.root], f'seq {seq}', 'its proof does not lead to the checkpoint')
    sizes = [0]
    for item in end.get('history', ()):
        past, proof = parse_note(item['checkpoint']), [unbase64(step) for step in item['proof']]
        need(past.origin == note.origin and past.size > sizes[-1] and is_signed(past, own), 'checkpoint', 'history: not signed, or not in order')
        need(is_prefix(past, note, proof), 'checkpoint', f'history: the log does not extend its checkpoint of size {past.size}')
        sizes.append(past.size)
    return note, own, log, sizes[1:]

def main():
    parser = argparse.ArgumentParser(description='Checks an exported Hearsay ledger.')
    parser.add_argument('export', help='a file, or - for standard input')
    parser.add_argument('--key', type=parse_key, help='the verifier key you trust')
    parser.add_argument('--checkpoint', type=lambda path: parse_note(open(path, 'rb').read().decode()), help='a file with one you kept')
    try:
        options = parser.parse_args()
        note, own, log, sizes = verify(open(0 if options.export == '-' else options.export, 'rb'), options.key, options.checkpoint)
    except OSError as error:
        parser.error(str(error))
    except Failure as failure:
        sys.exit(print('FAILED at {}: {}'.format(*failure.args)) or 4)
    many, signer = log.totals, 'authenticated by the key given' if options.key else 'not authenticated: compare this hash of the key of the export'
    print(f'OK {note.origin}: {note.size} entries{f", {len(log.proofs)} of them here" if log.is_excerpt else ""}', f'root     {note.root.hex()}',
          f'content  {many["open"]} checked, {many["withheld"]} withheld, {many["erased"]} erased', f'signer   {signer}\n         {sha256(own[2]).hex()}',
          f'quotes   {many["quotes"]} found in their texts, {many["closed quotes"]} not open to check', f'history  {len(sizes)} earlier checkpoints',
          'counts   not recomputed: hearsay ledger verify does', sep='\n')

if __name__ == '__main__':
    main()
