import { mkdtemp, readdir, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { type NoteStore, noteFileName, openNoteStore } from '../../../src/signer/note-store.ts';

const ORIGIN = 'ledger.example/semax';
let folder: string;
let notes: NoteStore;

beforeEach(async () => {
  folder = await mkdtemp(path.join(tmpdir(), 'hearsay-notes-'));
  notes = openNoteStore(path.join(folder, 'a', 'signer'));
});
afterEach(() => rm(folder, { recursive: true, force: true }));

describe('noteFileName', () => {
  it('is one harmless name for each origin, whatever the origin holds', () => {
    const origins = [
      ORIGIN,
      'ledger.example/Semax',
      'ledger.example_semax',
      '../../etc/passwd',
      '/',
      '..',
      'a\nb',
      'a\0b',
      'x'.repeat(5_000),
      `${'x'.repeat(5_000)}y`,
      'é',
      'con',
    ];
    const names = origins.map(noteFileName);
    expect(new Set(names.map((name) => name.toLowerCase())).size).toBe(origins.length);
    for (const name of names) expect(name).toMatch(/^[a-z0-9._-]{1,80}-[0-9a-f]{16}$/);
  });
});

describe('a note store', () => {
  it('creates nothing by reading, and gives back what was written last', async () => {
    expect(await notes.read(ORIGIN)).toBeUndefined();
    expect(await notes.readRefusal(ORIGIN)).toBeUndefined();
    await notes.clearRefusal(ORIGIN);
    expect(await readdir(folder)).toEqual([]);
    await notes.write(ORIGIN, 'one\n', undefined);
    await notes.write(ORIGIN, 'two\n', 'one\n');
    expect(await notes.read(ORIGIN)).toBe('two\n');
    expect(await notes.read('ledger.example/other')).toBeUndefined();
    // One whole file, no draft left, that anybody may read: notes are public.
    const files = await readdir(notes.dir);
    expect(files).toEqual([`${noteFileName(ORIGIN)}.checkpoint`]);
    expect((await stat(path.join(notes.dir, files[0] as string))).mode & 0o777).toBe(0o644);
  });

  it('never replaces a note that it has not seen', async () => {
    await notes.write(ORIGIN, 'one\n', undefined);
    await expect(notes.write(ORIGIN, 'late\n', undefined)).rejects.toMatchObject({ code: 'signer_race' });
    await expect(notes.write(ORIGIN, 'late\n', 'zero\n')).rejects.toMatchObject({ code: 'signer_race' });
    expect(await notes.read(ORIGIN)).toBe('one\n');
    expect(await readdir(notes.dir)).toHaveLength(1);
  });

  it('clears away what a killed signer left of the same log', async () => {
    await notes.write(ORIGIN, 'one\n', undefined);
    const file = path.join(notes.dir, `${noteFileName(ORIGIN)}.checkpoint`);
    const other = path.join(notes.dir, `${noteFileName('ledger.example/other')}.checkpoint.7-beef.draft`);
    for (const left of [`${file}.7-beef.draft`, `${file}.8-cafe.draft`, other]) await writeFile(left, 'half');
    await notes.write(ORIGIN, 'two\n', 'one\n');
    expect((await readdir(notes.dir)).sort()).toEqual([path.basename(file), path.basename(other)].sort());
  });

  it('keeps a refusal until it is cleared, and says once that it is new', async () => {
    const refusal = { origin: ORIGIN, code: 'log_shrunk', message: 'smaller', since: '2026-01-02T03:04:05.000Z' };
    expect(await notes.noteRefusal(refusal)).toBe(true);
    expect(await notes.noteRefusal({ ...refusal, since: '2026-01-03T03:04:05.000Z' })).toBe(false);
    expect(await notes.readRefusal(ORIGIN)).toEqual(refusal);
    expect(await notes.noteRefusal({ ...refusal, message: 'smaller still', since: '2026-01-04T03:04:05.000Z' })).toBe(false);
    expect(await notes.readRefusal(ORIGIN)).toEqual({ ...refusal, message: 'smaller still' });
    expect(await notes.noteRefusal({ ...refusal, code: 'log_rewritten' })).toBe(true);
    await notes.clearRefusal(ORIGIN);
    expect(await notes.readRefusal(ORIGIN)).toBeUndefined();
  });

  it('takes a damaged refusal for none, and overwrites it', async () => {
    const refusal = { origin: ORIGIN, code: 'log_shrunk', message: 'smaller', since: '2026-01-02T03:04:05.000Z' };
    await notes.noteRefusal(refusal);
    const file = path.join(notes.dir, `${noteFileName(ORIGIN)}.refused`);
    for (const text of ['', '{', '{"origin":1}']) {
      await writeFile(file, text);
      expect(await notes.readRefusal(ORIGIN)).toBeUndefined();
      expect(await notes.noteRefusal(refusal)).toBe(true);
    }
    expect(JSON.parse(await readFile(file, 'utf8'))).toEqual(refusal);
  });

  it('says which directory cannot be used', async () => {
    await writeFile(path.join(folder, 'file'), '');
    const blocked = openNoteStore(path.join(folder, 'file', 'signer'));
    for (const work of [blocked.read(ORIGIN), blocked.write(ORIGIN, 'x', undefined)]) {
      await expect(work).rejects.toMatchObject({ code: 'signer_dir_unusable', message: expect.stringContaining('HEARSAY_SIGNER_DIR') });
    }
  });
});
