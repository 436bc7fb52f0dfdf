import { describe, expect, it } from 'vitest';
import { formatVerifierKey, verifierKeyOf } from '../../../src/ledger/checkpoint.ts';
import { formatWitnessKey, witnessVerifierKeyOf } from '../../../src/ledger/cosignature.ts';
import { parsePlaces } from '../../../src/places/address.ts';

const key = await witnessVerifierKeyOf({ name: 'witness.example/w1', seed: new Uint8Array(32).fill(5) });
const vkey = formatWitnessKey(key);
const logKey = formatVerifierKey(await verifierKeyOf('log.example', new Uint8Array(32).fill(1)));
const id = Buffer.from(key.id).toString('hex');

describe('parsePlaces', () => {
  it('reads every kind, between commas and newlines', () => {
    expect(parsePlaces(`dir:/mnt/usb, git:../log\nhttps://archive.example/notes\n\nwitness+http://192.168.0.7:8090/w/#${vkey}`, '/srv/app')).toEqual([
      { kind: 'dir', name: 'dir:/mnt/usb', path: '/mnt/usb' },
      { kind: 'git', name: 'git:/srv/log', path: '/srv/log' },
      { kind: 'http', name: 'https://archive.example/notes', url: 'https://archive.example/notes' },
      { kind: 'witness', name: `witness+http://192.168.0.7:8090/w#witness.example/w1+${id}`, url: 'http://192.168.0.7:8090/w', key },
    ]);
    expect(parsePlaces(' ,\n', '/')).toEqual([]);
  });

  it('names no secret, and yet two names for two secrets', () => {
    const places = parsePlaces('https://kim:hunter2@a.example/n?token=abc,https://kim:hunter3@a.example/n?token=abc,https://a.example/n?token=def', '/');
    for (const { name } of places) expect(name).toMatch(/^https:\/\/a\.example\/n \([0-9a-f]{8}\)$/);
    expect(new Set(places.map(({ name }) => name)).size).toBe(3);
    expect(places[0]).toMatchObject({ url: 'https://kim:hunter2@a.example/n?token=abc' });
  });

  it('gives a witness with another key another name: its cosignature is wanted anew', async () => {
    const renewed = formatWitnessKey(await witnessVerifierKeyOf({ name: key.name, seed: new Uint8Array(32).fill(6) }));
    const [one, two] = parsePlaces(`witness+https://w.example#${vkey},witness+https://w.example#${renewed}`, '/');
    expect(one?.name).not.toBe(two?.name);
  });

  it.each([
    ['dir:', /must be dir:PATH, /],
    ['ftp://secret.example/x', /must be dir:PATH, /],
    ['secret', /must be dir:PATH, /],
    ['https://secret.example/#x', /has a fragment/],
    ['https://kim:100%secret@a.example/', /has a user or password with a %/],
    ['witness+https://secret.example/', /lacks the key/],
    [`witness+https://secret.example/?a=b#${vkey}`, /has a query/],
    ['witness+https://secret.example/#secret', /has a wrong key: /],
    [`witness+https://secret.example/#${logKey}`, /has a wrong key: /],
    [`witness+dir:/secret#${vkey}`, /must be dir:PATH, /],
    ['dir:/a', /is there already/],
  ])('refuses %s without repeating it', (entry, why) => {
    const error = (() => {
      try {
        parsePlaces(`dir:/a,${entry}`, '/');
        return undefined;
      } catch (thrown) {
        return thrown as Error;
      }
    })();
    expect(error).toMatchObject({ code: 'bad_config', message: expect.stringMatching(/^configuration: HEARSAY_CHECKPOINT_PLACES entry 2 /) });
    expect(error?.message).toMatch(why);
    expect(error?.message).not.toContain('secret');
  });
});
