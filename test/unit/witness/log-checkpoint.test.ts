import { describe, expect, it } from 'vitest';
import { isSignedBy, parseCheckpoint, signCheckpoint, verifierKeyOf } from '../../../src/ledger/checkpoint.ts';
import { parseLogCheckpoint } from '../../../src/witness/log-checkpoint.ts';

const seed = new Uint8Array(32).fill(3);
const head = { origin: 'log.example/a', size: 5, root: new Uint8Array(32).fill(8) };
const note = await signCheckpoint(head, seed);
const [body, signatures] = note.split('\n\n') as [string, string];

describe('parseLogCheckpoint', () => {
  it('reads what has no extension as src/ledger does', () => {
    expect(parseLogCheckpoint(note)).toEqual(parseCheckpoint(note));
  });
  it('keeps extension lines in the body that is signed', async () => {
    const extended = parseLogCheckpoint(`${body}\nTimestamp: 1679315147\nSchlüssel\n\n${signatures}`);
    expect(extended).toMatchObject({ ...head, body: `${body}\nTimestamp: 1679315147\nSchlüssel\n` });
    // The signature is over the body without them.
    expect(await isSignedBy(extended, await verifierKeyOf(head.origin, seed))).toBe(false);
  });
  it('takes the origin as it is, spaces too', () => {
    expect(parseLogCheckpoint(`go.sum database tree${note.slice(head.origin.length)}`).origin).toBe('go.sum database tree');
  });
  it.each([
    ['', 'nothing'],
    [body, 'no signatures'],
    [`${body}\n\n`, 'no signature line'],
    [`${body}\next\tension\n\n${signatures}`, 'a control character in an extension'],
    [`${body}\n\nlate\n\n${signatures}`, 'an empty line in the body'],
    [note.replace('\n5\n', '\n05\n'), 'a leading zero'],
    [note.split('\n').slice(1).join('\n'), 'no origin'],
  ])('refuses %j: %s', (bad) => {
    expect(() => parseLogCheckpoint(bad)).toThrow(expect.objectContaining({ code: 'bad_checkpoint' }));
  });
});
