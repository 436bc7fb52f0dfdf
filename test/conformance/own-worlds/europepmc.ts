/** Europe PMC in the conformance suite: preprints that the demo does not have. */
import { type EuropepmcWorld, startEuropepmcStandIn } from '../../../src/demo/standins/europepmc.ts';
import { createEuropepmcSource } from '../../../src/sources/europepmc.ts';
import type { Source } from '../../../src/sources/source.ts';
import { medline, preprint, preprints, pprOf } from '../../fixtures/europepmc/records.ts';
import { anyWorld, type SourceCase } from '../source-case.ts';

const source = createEuropepmcSource({ pageSize: 2 }) as Source;
const query = { term: 'semax' };
const of = (n: number) => ({ title: `Semax ${n}` });
const first: readonly object[] = [...Array.from({ length: 7 }, (_, at) => preprint(at + 1, of(at + 1))), medline(990_000_001, of(8)), ...preprints(20, 21)];
const REVISED = { dateOfRevision: '2026-11-20' };
const later: readonly object[] = [
  ...first.filter((record) => ![pprOf(2), pprOf(3)].includes((record as { readonly id: string }).id)),
  preprint(2, { ...of(2), ...REVISED, abstractText: 'Semax did nothing after all.' }),
  preprint(9, { ...of(9), firstIndexDate: '2026-11-20' }),
];

const ownCase: SourceCase<EuropepmcWorld> = {
  title: `europepmc ${JSON.stringify(query)}`,
  source,
  query: source.querySchema.parse(query),
  start: startEuropepmcStandIn,
  load: async (visit) => ({ records: structuredClone(visit === 1 ? first : later) as object[] }),
  changes: async () => [
    { visit: 2, id: `ppr:${pprOf(2)}`, action: 'edit' },
    { visit: 2, id: `ppr:${pprOf(3)}`, action: 'vanish' },
    { visit: 2, id: `ppr:${pprOf(9)}`, action: 'add' },
  ],
  empty: () => ({ records: [] }),
  spoil: ({ records }) => ({
    records: [
      ...records,
      { source: 'PPR', title: 'Semax without an id' },
      preprint(40, { ...of(40), pubTypeList: 'Preprint' }),
      preprint(41, { title: '', abstractText: '', authorString: 'Semax' }),
      preprint(42, { ...of(42), source: 'PAX' }),
    ],
  }),
  grow: ({ records }, n) => ({
    records: [...records, ...Array.from({ length: 5 }, (_, at) => preprint(100 + n * 5 + at, { title: `Semax ${n}`, firstIndexDate: '2026-11-19' }))],
  }),
};

export const europepmcCase = anyWorld(ownCase);
