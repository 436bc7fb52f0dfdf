/** PubMed, Europe PMC and ClinicalTrials.gov in the simulated hour. Their dates are days, and the day changes in the middle of it. */
import { startClinicalTrialsStandIn } from '../../../src/demo/standins/clinicaltrials.ts';
import { startEuropepmcStandIn } from '../../../src/demo/standins/europepmc.ts';
import { startPubmedStandIn } from '../../../src/demo/standins/pubmed.ts';
import { nctOf, study } from '../../fixtures/clinicaltrials/studies.ts';
import { pprOf, preprint } from '../../fixtures/europepmc/records.ts';
import { article } from '../../fixtures/pubmed/articles.ts';
import { changedDay, dayOf, isThere, makeItems, textAt } from './item.ts';
import type { Random } from './random.ts';
import { running, type SimulatedWorld } from './world.ts';

const DAY = { apartMin: 24 * 60, fresh: 6, edited: 0.1 };

/** More than one batch of records. */
export function pubmed(random: Random): SimulatedWorld {
  const pmidOf = (n: number): number => 990_000_000 + n;
  const items = makeItems(random, { ...DAY, kept: 203, editsFrom: 150, idOf: (n) => `pmid:${pmidOf(n)}` });
  const render = (minute: number) => ({
    articles: items
      .filter((item) => isThere(item, minute))
      .map((item) => article(pmidOf(item.n), { abstract: textAt(item, minute), entered: dayOf(item.writtenMs), revised: changedDay(item, minute) })),
  });
  return {
    platform: 'pubmed',
    communities: [{ source: 'pubmed', query: { term: 'examplide' } }],
    items,
    start: async () => running(await startPubmedStandIn(render(0)), render),
  };
}

export function preprints(random: Random): SimulatedWorld {
  const items = makeItems(random, { ...DAY, kept: 104, editsFrom: 60, idOf: (n) => `ppr:${pprOf(n)}` });
  const render = (minute: number) => ({
    records: items
      .filter((item) => isThere(item, minute))
      .map((item) => preprint(item.n, { abstractText: textAt(item, minute), firstIndexDate: dayOf(item.writtenMs), dateOfRevision: changedDay(item, minute) })),
  });
  return {
    platform: 'europepmc',
    communities: [{ source: 'europepmc', query: { term: 'examplide' } }],
    items,
    start: async () => running(await startEuropepmcStandIn(render(0)), render),
  };
}

export function trials(random: Random): SimulatedWorld {
  const items = makeItems(random, { ...DAY, kept: 104, editsFrom: 60, idOf: (n) => `nct:${nctOf(n)}` });
  const render = (minute: number) => ({
    studies: items
      .filter((item) => isThere(item, minute))
      .map((item) => {
        const made = study(item.n, { posted: dayOf(item.writtenMs), updated: changedDay(item, minute) }) as { protocolSection: object };
        return { ...made, protocolSection: { ...made.protocolSection, descriptionModule: { briefSummary: textAt(item, minute) } } };
      }),
  });
  return {
    platform: 'clinicaltrials',
    communities: [{ source: 'clinicaltrials', query: { term: 'examplide' } }],
    items,
    start: async () => running(await startClinicalTrialsStandIn(render(0)), render),
  };
}
