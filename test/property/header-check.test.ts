/** The verifier's check of headers accepts and refuses what the schema does. */
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { canonicalText, type CanonicalValue } from '../../src/ledger/canonical.ts';
import { findHeaderFault, readHeader } from '../../src/ledger/header-check.ts';
import { headerSchema } from '../../src/ledger/header.ts';
import { DIRECTIONS, DOCUMENT_TYPES, EVIDENCE_TIERS, FLAG_NAMES, PLATFORMS, SENTIMENTS, STUDY_DESIGNS } from '../../src/model/labels.ts';
import { sampleExport } from './ledger-sample.ts';

const samples = (await sampleExport()).slice(1, -1).map((line) => JSON.parse((JSON.parse(line) as { header: string }).header) as Record<string, unknown>);

/** Values that are right somewhere, and values at the edge of right. */
const strange = fc.oneof(
  fc.constantFrom<unknown>(
    0,
    1,
    -1,
    2,
    -0,
    1.5,
    1_000_000,
    1_000_001,
    2 ** 53 - 1,
    2 ** 53,
    '',
    'a',
    'en',
    'eng',
    'engl',
    'EN',
    null,
    true,
    [],
    {},
    [1, 1],
    [2, 1],
    [0, 5],
    ['x'],
  ),
  fc.constantFrom<unknown>('a'.repeat(64), 'A'.repeat(64), 'a'.repeat(63), `${'a'.repeat(64)}\n`, 'x'.repeat(200), 'x'.repeat(201), '\ud800'),
  fc.constantFrom<unknown>(
    '2026-02-28',
    '2026-02-29',
    '2024-02-29',
    '1900-02-29',
    '2000-02-29',
    '2026-13-01',
    '2026-04-31',
    '2026-00-10',
    '0000-01-01',
    '2026-1-1',
    '2026-01-01T00',
    '02026-01-01',
  ),
  fc.constantFrom<unknown>(
    'pmid:1',
    'pmid:1234567890',
    'nct:NCT01234567',
    'nct:NCT0123',
    'doi:10.1/x',
    'doi:10.',
    `doi:10.${'x'.repeat(290)}`,
    `doi:10.${'x'.repeat(291)}`,
    'doi:10.1 x',
  ),
  fc.constantFrom<unknown>(...DOCUMENT_TYPES, ...EVIDENCE_TIERS, ...SENTIMENTS, ...STUDY_DESIGNS, ...DIRECTIONS, ...PLATFORMS),
  fc.constantFrom<unknown>(
    'accept',
    'amend',
    'primary',
    'second',
    'main',
    'effect',
    'llm',
    'person',
    'retraction',
    'concern',
    'request',
    'operator',
    'source',
    'claim',
    'undo',
    'constructor',
  ),
  fc.subarray([...FLAG_NAMES]),
  fc.subarray([...FLAG_NAMES].sort()),
  fc.jsonValue(),
);
const keys = fc.oneof(
  fc.constantFrom(...new Set(samples.flatMap((header) => Object.keys(header)))),
  fc.constantFrom('supersedes', 'record', 'first_person', '__proto__', 'constructor', 'toString', 'v*', 'supersedes*', 'extra'),
);
type Edit = { readonly key: string; readonly value: unknown; readonly remove: boolean };
const edits: fc.Arbitrary<Edit[]> = fc.array(fc.record({ key: keys, value: strange, remove: fc.boolean() }), { maxLength: 3 });

/** As JSON.parse would give it: `__proto__` is a key like any other. */
function edited(header: Record<string, unknown>, changes: readonly Edit[]): unknown {
  const entries = new Map(Object.entries(header));
  for (const { key, value, remove } of changes) {
    if (remove) entries.delete(key);
    else entries.set(key, value);
  }
  return JSON.parse(JSON.stringify(Object.fromEntries(entries)));
}

describe('the check of headers', () => {
  it('agrees with the schema on edited headers of every type', () => {
    let accepted = 0;
    fc.assert(
      fc.property(fc.constantFrom(...samples), edits, (header, changes) => {
        const value = edited(header, changes);
        const { success } = headerSchema.safeParse(value);
        if (success) accepted++;
        expect(findHeaderFault(value) === undefined, JSON.stringify(value)).toBe(success);
      }),
      { numRuns: 20_000 },
    );
    // Neither side of the comparison may be empty.
    expect(accepted).toBeGreaterThan(2_000);
    expect(accepted).toBeLessThan(18_000);
  });

  it('agrees with it on every key set to every strange value', () => {
    for (const header of samples) {
      for (const key of [...Object.keys(header), 'supersedes', 'record', 'effect', 'tier']) {
        for (const value of fc.sample(strange, { numRuns: 60, seed: 7 })) {
          const changed = edited(header, [{ key, value, remove: false }]);
          expect(findHeaderFault(changed) === undefined, JSON.stringify(changed)).toBe(headerSchema.safeParse(changed).success);
        }
      }
    }
  });

  it('agrees with it on what is no header', () => {
    fc.assert(
      fc.property(fc.jsonValue(), (value) => {
        expect(findHeaderFault(value) === undefined).toBe(headerSchema.safeParse(value).success);
      }),
    );
  });

  it('reads canonical texts and says what is wrong with others', () => {
    for (const header of samples) {
      const text = canonicalText(header as CanonicalValue);
      expect(readHeader(text)).toEqual(header);
      expect(readHeader(`${text} `)).toContain('canonical');
      expect(readHeader(text.replace('"v":1', '"v":1.0'))).toContain('canonical');
      expect(readHeader(text.replace('{', '{"v":1,'))).toContain('canonical');
      expect(readHeader(text.slice(1))).toContain('JSON');
    }
  });
});
