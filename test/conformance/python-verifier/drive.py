"""Runs docs/verify/verify.py on many inputs in one process: starting Python costs more than checking. Reads one JSON document of jobs,
writes one of answers. Started by test/run-python.ts."""
import base64, functools, io, json, os, sys

sys.dont_write_bytecode = True
sys.path.insert(0, os.path.join(os.path.dirname(__file__), '..', '..', '..', 'docs', 'verify'))
import verify

# The same checkpoint stands in thousands of variants; its signature is computed once.
verify.holds = functools.lru_cache(None)(verify.holds)


def verdict(export, key=None, checkpoint=None):
    try:
        kept = verify.parse_note(checkpoint) if checkpoint else None
        note, _, log, history = verify.verify(io.BytesIO(export), verify.parse_key(key) if key else None, kept)
    except verify.Failure as failure:
        return {'ok': False, 'where': failure.args[0], 'why': failure.args[1]}
    totals = log.totals
    return {'ok': True, 'size': note.size, 'root': note.root.hex(), 'open': totals['open'], 'withheld': totals['withheld'],
            'quotes': totals['quotes'], 'history': len(history)}


def unbase64(value):
    return [verify.unbase64(item) for item in value] if isinstance(value, list) else verify.unbase64(value)


def proves(size, root, proof, **claim):
    """An inclusion proof has `index` and `leaf`, a consistency proof `from` and `old`."""
    if 'index' in claim:
        return verify.climb(claim['index'], size - 1, proof, [claim['leaf']]) == [root]
    old, new = (verify.Note('log.example', size, root, b'', []) for size, root in ((claim['from'], claim['old']), (size, root)))
    return verify.is_prefix(old, new, proof)


def answer(job):
    if 'signatures' in job:
        return [verify.holds(*(bytes.fromhex(part) for part in case)) for case in job['signatures']]
    if 'proofs' in job:
        return [proves(**{name: value if name in ('index', 'from', 'size') else unbase64(value) for name, value in proof.items()}) for proof in job['proofs']]
    if 'changes' in job:
        export, verdicts = bytearray(base64.b64decode(job['export'])), []
        for at, byte in job['changes']:
            export[at], before = byte, export[at]
            verdicts.append(verdict(export))
            export[at] = before
        return verdicts
    return verdict(base64.b64decode(job['export']), job.get('key'), job.get('checkpoint'))


json.dump([answer(job) for job in json.load(sys.stdin)], sys.stdout)
