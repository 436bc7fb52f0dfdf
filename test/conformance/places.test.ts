/** What every kind of outside place does. A skip has its reason beside it. */
import { execFileSync } from 'node:child_process';
import { mkdir, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { addSignatureLines, parseCheckpoint } from '../../src/ledger/checkpoint.ts';
import { parseWitnessKey, verifyCosignature } from '../../src/ledger/cosignature.ts';
import { newestOutside } from '../../src/places/list.ts';
import type { CosignatureLine, DeliveryContext, Place } from '../../src/places/place.ts';
import { NaiveTree } from '../property/naive-tree.ts';
import { createLog, forkOf, type TestLog } from '../unit/witness/log.ts';
import { openListed } from '../unit/places/open-listed.ts';
import { hasGit, PLACE_CASES, type PlaceCase } from './place-cases.ts';

const tree = NaiveTree.of(30);
const log = await createLog(tree);
const fork = await createLog(forkOf(tree, 7));

let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(path.join(tmpdir(), 'hearsay-place-'));
});
afterEach(() => rm(folder, { recursive: true, force: true }));

/** `newest`: what the database has by now. */
function contextOf(from: TestLog, size: number, { delivered = 0, newest = size }: { delivered?: number; newest?: number } = {}): DeliveryContext {
  return {
    delivered,
    signal: new AbortController().signal,
    tree: {
      rootAt: async (at) => from.tree.root(0, at),
      newestSize: async () => newest,
      proveFrom: async (at) => (at > 0 && at < size ? from.tree.subproof(at, { start: 0, end: size }) : []),
    },
  };
}

async function deliver(place: Place, size: number, options: { from?: TestLog; delivered?: number; newest?: number } = {}): Promise<readonly CosignatureLine[]> {
  const { from = log, ...rest } = options;
  const note = await from.note(size);
  return place.deliver({ topic: 'semax', origin: from.origin, size, root: from.tree.root(0, size), note }, contextOf(from, size, rest));
}

const open = (address: string): Place => openListed(address)[0] as Place;

describe.each(Object.keys(PLACE_CASES))('a place of kind %s', (kind) => {
  // The machine has no git.
  const isMissing = kind === 'git' && !hasGit();
  let made: PlaceCase;
  let place: Place;
  beforeEach(async ({ skip }) => {
    if (isMissing) return skip('git is not installed');
    made = await (PLACE_CASES[kind] as NonNullable<(typeof PLACE_CASES)[string]>)(folder, log);
    place = open(made.address);
  });
  afterEach(() => made?.close());

  const held = async (): Promise<number | undefined> => {
    const note = await made.newest();
    return note === undefined ? undefined : parseCheckpoint(note).size;
  };

  it('takes a checkpoint, the same again, and later ones, with any number left out', async () => {
    for (const [size, delivered] of [
      [3, 0],
      [3, 0],
      [4, 3],
      [20, 4],
      [20, 20],
      [29, 3],
    ] as const) {
      const lines = await deliver(place, size, { delivered });
      expect(await held()).toBe(size);
      expect(lines).toHaveLength(made.cosigns ? 1 : 0);
      for (const { name, line } of lines) {
        const key = parseWitnessKey(made.address.slice(made.address.indexOf('#') + 1));
        expect(name).toBe(key.name);
        expect(await verifyCosignature(parseCheckpoint(addSignatureLines(await log.note(size), [line])), key)).toBeTypeOf('number');
      }
    }
  });

  it('finds where it is, when nothing is known of it', async () => {
    await deliver(place, 11);
    await deliver(place, 25, { delivered: 0 });
    expect(await held()).toBe(25);
  });

  it('keeps a newer checkpoint of ours that another process brought', async () => {
    await deliver(place, 20);
    await deliver(place, 11, { newest: 20 });
    expect(await held()).toBe(made.remembers ? 20 : 11);
  });

  it('raises the alarm when it holds more than the database has', async ({ skip }) => {
    if (!made.remembers) return skip('it tells nobody what it holds');
    await deliver(place, 20);
    await expect(deliver(place, 11, { newest: 11 })).rejects.toMatchObject({ name: 'IntegrityError', code: 'place_ahead' });
    expect(await held()).toBe(20);
  });

  it('raises the alarm when it holds another history, of the same size or before', async ({ skip }) => {
    if (!made.remembers) return skip('it tells nobody what it holds');
    await deliver(place, 11, { from: fork });
    for (const [size, delivered] of [
      [11, 0],
      [11, 11],
      [20, 0],
      [20, 11],
    ] as const) {
      await expect(deliver(place, size, { delivered }), `${size} after ${delivered}`).rejects.toMatchObject({
        name: 'IntegrityError',
        code: 'place_contradicts',
      });
    }
    expect(await made.newest()).toContain((await fork.note(11)).split('\n')[2]);
  });

  it('says that it is not there, in words without its secrets', async () => {
    await made.close();
    await rm(folder, { recursive: true });
    const error = await deliver(place, 11).catch((thrown: Error) => thrown);
    expect(error).toMatchObject({ code: expect.stringMatching(/^place_(unusable|unreachable)$/) });
    expect(`${(error as Error).message} ${place.name}`).not.toMatch(/hunter2|token/);
    await mkdir(folder);
    made = { ...made, close: async () => undefined };
  });

  it('gives its newest note back to a signer, where it can be read', async ({ skip }) => {
    if (place.readNewest === undefined) return skip('it cannot be read back');
    expect(await newestOutside([place], log.origin)).toBeUndefined();
    await deliver(place, 11);
    expect(await newestOutside([place], log.origin)).toEqual({ place: place.name, note: await log.note(11) });
    expect(await newestOutside([place], 'other.example/semax')).toBeUndefined();
  });
});

describe('a directory', () => {
  it('keeps every checkpoint it was given beside the newest', async () => {
    const place = open(`dir:${folder}`);
    await deliver(place, 3);
    await deliver(place, 11, { delivered: 3 });
    expect((await readdir(path.join(folder, 'semax'))).sort()).toEqual(['11', '3', 'checkpoint']);
    expect(await readFile(path.join(folder, 'semax/3'), 'utf8')).toBe(await log.note(3));
  });

  it("does not touch what is not this log's checkpoint", async () => {
    const place = open(`dir:${folder}`);
    const other = await createLog(tree, 'other.example/semax');
    for (const [text, why] of [
      ['not a note', /not a checkpoint/],
      [await other.note(3), /of other\.example\/semax/],
    ] as const) {
      await mkdir(path.join(folder, 'semax'), { recursive: true });
      await writeFile(path.join(folder, 'semax/checkpoint'), text);
      await expect(deliver(place, 11)).rejects.toMatchObject({ code: 'place_taken', message: expect.stringMatching(why) });
      expect(await readFile(path.join(folder, 'semax/checkpoint'), 'utf8')).toBe(text);
    }
  });

  it('makes no directory over a disk that is not mounted, and none outside itself', async () => {
    await expect(deliver(open(`dir:${folder}/unmounted`), 3)).rejects.toMatchObject({ code: 'place_unusable' });
    const hostile = await createLog(tree, 'ledger.example/..');
    await expect(deliver(open(`dir:${folder}`), 3, { from: hostile })).rejects.toMatchObject({ code: 'place_unusable' });
    expect(await readdir(folder)).toEqual([]);
  });

  it('a signer is told the largest size of all places, and of a damaged file before that', async () => {
    const places = ['a', 'b', 'gone'].map((name) => open(`dir:${path.join(folder, name)}`));
    for (const name of ['a', 'b']) await mkdir(path.join(folder, name));
    await deliver(places[0] as Place, 20);
    await deliver(places[1] as Place, 11);
    expect(await newestOutside(places, log.origin)).toEqual({ place: places[0]?.name, note: await log.note(20) });
    await writeFile(path.join(folder, 'b/semax/checkpoint'), 'damaged');
    expect(await newestOutside(places, log.origin)).toEqual({ place: places[1]?.name, note: 'damaged' });
  });
});

describe('a place that cannot be read back', () => {
  const warnings: object[] = [];
  const warningLog = { warn: (fields: object) => void warnings.push(fields) };
  beforeEach(() => {
    warnings.length = 0;
  });
  afterEach(() => {
    vi.useRealTimers();
  });

  it('stops no signer: the others are asked, and it is said once until it can be read again', async () => {
    const broken = path.join(folder, 'file');
    await writeFile(broken, '');
    await mkdir(path.join(folder, 'a'));
    const places = [open(`dir:${broken}`), open(`dir:${path.join(folder, 'a')}`)];
    await deliver(places[1] as Place, 11);
    const newest = { place: places[1]?.name, note: await log.note(11) };
    expect([await newestOutside(places, log.origin, warningLog), await newestOutside(places, log.origin, warningLog)]).toEqual([newest, newest]);
    expect(warnings).toMatchObject([{ place: places[0]?.name, err: { code: 'ENOTDIR' } }]);
    await rm(broken);
    await newestOutside(places, log.origin, warningLog);
    await writeFile(broken, '');
    await newestOutside(places, log.origin, warningLog);
    expect(warnings).toHaveLength(2);
  });

  it('is not waited for, nor asked again, while it hangs', async () => {
    vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] });
    const answers: ((note: string) => void)[] = [];
    const hanging: Place = { name: 'dir:/mount', deliver: async () => [], readNewest: () => new Promise((resolve) => answers.push(resolve)) };
    const asked = newestOutside([hanging], log.origin, warningLog);
    await vi.advanceTimersByTimeAsync(5_000);
    expect(await asked).toBeUndefined();
    expect(await newestOutside([hanging], log.origin, warningLog)).toBeUndefined();
    expect([answers.length, warnings]).toMatchObject([1, [{ place: 'dir:/mount' }]]);
    answers[0]?.('late');
    await vi.advanceTimersByTimeAsync(0);
    const again = newestOutside([hanging], log.origin, warningLog);
    answers[1]?.(await log.note(11));
    expect(await again).toEqual({ place: 'dir:/mount', note: await log.note(11) });
  });

  it('stops the signer where its own origin is at fault', async () => {
    await expect(newestOutside([open(`dir:${folder}`)], 'ledger.example/..', warningLog)).rejects.toMatchObject({ code: 'place_unusable' });
  });
});

describe.skipIf(!hasGit())('a git worktree (skipped where git is not installed)', () => {
  const git = (...args: string[]): string =>
    execFileSync('git', ['-C', folder, '-c', 'user.name=Kim', '-c', 'user.email=kim@example.org', ...args], { encoding: 'utf8' });

  it('gets one commit for each checkpoint, of its two files alone', async () => {
    git('init', '--quiet');
    await writeFile(path.join(folder, 'draft'), 'somebody is at work here');
    git('add', 'draft');
    const place = open(`git:${folder}`);
    await deliver(place, 3);
    await deliver(place, 3);
    await deliver(place, 11, { delivered: 3 });
    expect(git('log', '--format=%an: %s', '--name-only').split('\n').filter(Boolean)).toEqual([
      `Hearsay: ${log.origin}: 11 entries`,
      'semax/11',
      'semax/checkpoint',
      `Hearsay: ${log.origin}: 3 entries`,
      'semax/3',
      'semax/checkpoint',
    ]);
    expect(git('show', 'HEAD:semax/checkpoint')).toBe(await log.note(11));
    expect(git('status', '--porcelain')).toBe('A  draft\n');
  });

  it('commits what a delivery left that was killed before its commit', async () => {
    git('init', '--quiet');
    await deliver(open(`dir:${folder}`), 11);
    await deliver(open(`git:${folder}`), 11);
    expect(git('status', '--porcelain')).toBe('');
  });

  it('must be a worktree of its own', async () => {
    git('init', '--quiet');
    await mkdir(path.join(folder, 'inside'));
    await expect(deliver(open(`git:${folder}/inside`), 3)).rejects.toMatchObject({ code: 'place_unusable', message: expect.stringContaining('git init') });
  });

  it('says what git said', async () => {
    git('init', '--quiet');
    await writeFile(path.join(folder, '.git/index.lock'), '');
    await expect(deliver(open(`git:${folder}`), 3)).rejects.toMatchObject({
      name: 'TransientError',
      code: 'place_failed',
      message: expect.stringContaining('index.lock'),
    });
  });
});
