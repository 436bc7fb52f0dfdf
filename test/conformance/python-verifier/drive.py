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


def answer(job):
    if 'signatures' in job:
        return [verify.holds(*(bytes.fromhex(part) for part in case)) for case in job['signatures']]
    if 'changes' in job:
        export, verdicts = bytearray(base64.b64decode(job['export'])), []
        for at, byte in job['changes']:
            export[at], before = byte, export[at]
            verdicts.append(verdict(export))
            export[at] = before
        return verdicts
    return verdict(base64.b64decode(job['export']), job.get('key'), job.get('checkpoint'))


json.dump([answer(job) for job in json.load(sys.stdin)], sys.stdout)
