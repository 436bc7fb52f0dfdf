/** PubMed, ClinicalTrials.gov and Europe PMC: recorded searches with their records. */
import { createClinicalTrialsSource } from '../../../src/sources/clinicaltrials.ts';
import { createEuropepmcSource } from '../../../src/sources/europepmc.ts';
import { createPubmedSource } from '../../../src/sources/pubmed.ts';
import type { Source } from '../../../src/sources/source.ts';
import type { RecordedHost } from '../../standin/recording.ts';
import { europepmcRecordings } from '../../standin/recordings-europepmc.ts';
import { literatureRecordings } from '../../standin/recordings-literature.ts';
import { serveRecordings } from '../../standin/serve-recordings.ts';
import { hasRecordings, SHARED_API } from '../../standin/shared-data.ts';
import { type Mutation, type MutationCase, swap } from './mutation-case.ts';

function caseOf(source: Source, host: string, mutations: readonly Mutation[]): MutationCase {
  return {
    source,
    recording: 'a recorded search',
    isThere: hasRecordings('ctgov_pubmed_biomcp') && hasRecordings('ncbi_biopython'),
    async start() {
      const hosts = [...(await literatureRecordings(SHARED_API)), await europepmcRecordings(SHARED_API)];
      const recorded = hosts.find((one) => one.host === host) as RecordedHost;
      return { standIn: await serveRecordings([recorded]), query: JSON.parse(recorded.crawlable[0] ?? '') as unknown };
    },
    mutations,
  };
}

export const literatureMutations = [
  caseOf(createPubmedSource() as Source, 'eutils.ncbi.nlm.nih.gov', [
    swap('a record without its PMID', [/(<MedlineCitation[^>]*>\s*)<PMID[^>]*>\d+<\/PMID>/, '$1'], 'malformed_item'),
    swap('a PMID that is a word', [/(<MedlineCitation[^>]*>\s*<PMID[^>]*>)\d+/, '$1first'], 'malformed_item'),
    {
      what: 'a record whose article has another name',
      change: (body) => body.replace('<Article ', '<Paper ').replace('</Article>', '</Paper>'),
      code: 'missing_text',
    },
    swap('a search whose number is gone', [/"count":\s*"\d+",?/, ''], 'unreadable_answer'),
    swap('a search whose ids are numbers', [/"idlist":\s*\["(\d+)"/, '"idlist":[$1'], 'unreadable_answer'),
  ]),
  caseOf(createClinicalTrialsSource() as Source, 'clinicaltrials.gov', [
    swap('a study without its id', [/"nctId":\s*"NCT\d{8}",?/, ''], 'malformed_item'),
    swap('an id that is a list', [/"nctId":\s*("NCT\d{8}")/, '"nctId":[$1]'], 'malformed_item'),
    swap('a page whose studies have another name', ['"studies"', '"results"'], 'unreadable_answer'),
    swap('a page token that is a number', [/"nextPageToken":\s*"[^"]+"/, '"nextPageToken":7'], 'unreadable_answer'),
  ]),
  caseOf(createEuropepmcSource() as Source, 'www.ebi.ac.uk', [
    swap('a record without its id', [/"id":"\d+",/, ''], 'malformed_item'),
    swap('a PMID that is a number', [/"pmid":"(\d+)"/, '"pmid":$1'], 'malformed_item'),
    swap('types that are a list', [/"pubType":("[^"]*")/, '"pubType":[$1]'], 'malformed_item'),
    swap('a record without its title', [/"title":"[^"]*",/, ''], 'missing_text'),
    swap('a page whose results have another name', ['"resultList"', '"results"'], 'unreadable_answer'),
    swap('a number of hits that is a word', [/"hitCount":(\d+)/, '"hitCount":"$1"'], 'unreadable_answer'),
    swap('results that are gone', [/"result":\[[\s\S]*\]/, '"result":[]'], 'missing_from_answer'),
  ]),
];
