/**
 * PubMed and ClinicalTrials.gov fields "as fetched", read leniently: whatever shape a caller's tool gave them (numbers for PMIDs, one string
 * for a list, E-utilities, MEDLINE, Europe PMC or ClinicalTrials.gov v2 names, the whole study object), what can be read becomes a
 * LiteratureRecord, and a field that cannot is left out. Never an error of the line that carries it.
 * Names: https://www.nlm.nih.gov/bsd/mms/medlineelements.html, https://europepmc.org/RestfulWebService,
 * https://clinicaltrials.gov/data-api/about-api/study-data-structure. Proved by test/unit/model/record.test.ts.
 */
import { recordSchema, type LiteratureRecord } from './post.ts';

/** The line with a readable record, or without one. Null stands for absent in every optional field, as many exporters write it. */
export function withReadableRecord(line: object): Readonly<Record<string, unknown>> {
  const { record: given, ...rest } = Object.fromEntries(Object.entries(line).filter(([, value]) => value !== null)) as Record<string, unknown>;
  const record = readRecord(given);
  return record === undefined ? rest : { ...rest, record };
}

export function readRecord(value: unknown): LiteratureRecord | undefined {
  const fields = typeof value === 'string' || typeof value === 'number' ? fieldsOfId(String(value)) : indexFields(value);
  if (fields === undefined) return undefined;
  const read: Record<string, unknown> = {};
  for (const [name, { keys, parse }] of Object.entries(FIELDS)) {
    for (const key of keys) {
      const found = (fields.get(key) ?? []).map(parse).find((candidate) => candidate !== undefined);
      if (found === undefined) continue;
      read[name] = found;
      break;
    }
  }
  const kept = Object.fromEntries(Object.entries(read).filter(([name, field]) => recordSchema.safeParse({ [name]: field }).success));
  return Object.keys(kept).length === 0 ? undefined : recordSchema.parse(kept);
}

type Fields = ReadonlyMap<string, readonly unknown[]>;

/** A bare id stands for a record of its own. */
function fieldsOfId(id: string): Fields {
  return new Map(['pmid', 'nct', 'doi'].map((key) => [key, [id]]));
}

/** Deeper than any of the formats; a larger object is read as far as this goes. */
const MAX_DEPTH = 8;
const MAX_VALUES = 5_000;

/** Every value by its key (letters and digits only, lower case), the outermost first. Of lists, only the first item's own fields. */
function indexFields(value: unknown): Fields | undefined {
  const first = Array.isArray(value) ? value[0] : value;
  if (!isObject(first)) return undefined;
  const fields = new Map<string, unknown[]>();
  // of a whole study, the protocol: results and derived terms use the same names for other things
  const root = isObject(first['protocolSection']) ? { ...first['protocolSection'], hasResults: first['hasResults'] } : first;
  let level: Readonly<Record<string, unknown>>[] = [root];
  let seen = 0;
  for (let depth = 0; depth < MAX_DEPTH && level.length > 0; depth += 1) {
    const next: Readonly<Record<string, unknown>>[] = [];
    for (const object of level) {
      for (const [name, field] of Object.entries(object)) {
        seen += 1;
        if (seen > MAX_VALUES) return fields;
        const key = name.toLowerCase().replace(/[^a-z0-9]/gu, '');
        fields.set(key, [...(fields.get(key) ?? []), field]);
        const inner = Array.isArray(field) ? (field[0] as unknown) : field;
        if (isObject(inner)) next.push(inner);
      }
    }
    level = next;
  }
  return fields;
}

function isObject(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** What an item says of itself: a string, a number, or an object that wraps one. */
const WRAPPERS = ['#text', '_', 'value', 'text', 'name', 'term', 'title', 'descriptorName', 'DescriptorName', 'descriptor', 'date', 'count', 'isoabbreviation'];

function readText(value: unknown, depth = 0): string | undefined {
  if (depth > MAX_DEPTH) return undefined;
  if (typeof value === 'string') return value.replace(/\s+/gu, ' ').trim() || undefined;
  if (typeof value === 'number' && Number.isFinite(value)) return String(value);
  if (Array.isArray(value)) return readText(value[0], depth + 1);
  if (!isObject(value)) return undefined;
  for (const wrapper of WRAPPERS) {
    const inner = isObject(value[wrapper]) && wrapper !== 'descriptorName' && wrapper !== 'DescriptorName' ? undefined : readText(value[wrapper], depth + 1);
    if (inner !== undefined) return inner;
  }
  return undefined;
}

const MAX_ITEMS = 500;

/** A list, or one string that holds one; an object that wraps a list (`{PublicationType: [...]}`) is that list. */
function readList(split: RegExp, clean: (item: string) => string = (item) => item): (value: unknown) => string[] | undefined {
  return (value) => {
    const items = listIn(value)
      .slice(0, MAX_ITEMS)
      .flatMap((item) => {
        const text = readText(item);
        return text === undefined ? [] : typeof value === 'string' ? text.split(split) : [text];
      })
      .map((item) => clean(item.trim()))
      .filter((item) => item !== '');
    return items.length === 0 ? undefined : [...new Set(items)];
  };
}

function listIn(value: unknown): readonly unknown[] {
  if (Array.isArray(value)) return value as unknown[];
  if (isObject(value) && readText(value) === undefined) {
    const inner = Object.values(value).find((field) => Array.isArray(field) || typeof field === 'string' || isObject(field));
    return inner === undefined ? [] : Array.isArray(inner) ? (inner as unknown[]) : [inner];
  }
  return [value];
}

function match(pattern: RegExp): (value: unknown) => string | undefined {
  return (value) => pattern.exec(readText(value) ?? '')?.[1];
}

/** E-utilities and MEDLINE keep ids in lists: `{idtype: 'doi', value}`, `10.1000/x [doi]`. */
function readDoi(value: unknown): string | undefined {
  for (const item of Array.isArray(value) ? (value as unknown[]).slice(0, MAX_ITEMS) : [value]) {
    const doi = /\b(10\.\d{4,9}\/[^\s"<>[\]]+)/u.exec(readText(item) ?? '')?.[1];
    if (doi !== undefined) return doi.slice(0, 300);
  }
  return undefined;
}

function readYear(value: unknown): number | undefined {
  const year = /(?:^|\D)((?:1[5-9]|20)\d{2})(?!\d)/u.exec(readText(value) ?? '')?.[1];
  return year === undefined ? undefined : Number(year);
}

function readYes(value: unknown): boolean | undefined {
  if (typeof value === 'boolean') return value;
  const text = readText(value)?.toLowerCase();
  if (text === undefined) return undefined;
  if (/^(?:true|yes|y|1|has results|results available|results first posted|available)$/u.test(text)) return true;
  return /^(?:false|no|n|0|no results(?: available| posted)?|none)$/u.test(text) ? false : undefined;
}

function readCount(value: unknown): number | undefined {
  const digits = /^\s*(\d[\d,]{0,12})/u.exec(readText(value) ?? '')?.[1];
  return digits === undefined ? undefined : Number(digits.replaceAll(',', ''));
}

/** `Phase 2/Phase 3`, `PHASE2|PHASE3`, `2`, `II`: as the registry writes them. */
function readPhases(value: unknown): string[] | undefined {
  const phases = readList(/[|;,/]|\band\b/u)(value)?.flatMap((phase) => phase.split(/[|/]/u));
  return phases?.map((phase) => {
    const number = /^(early )?(?:phase)?[ _]*(?:([1-4])|(i{1,3}v?|iv))$/iu.exec(phase.trim());
    const roman = number?.[3] === undefined ? undefined : ['i', 'ii', 'iii', 'iv'].indexOf(number[3].toLowerCase()) + 1;
    return number ? `${number[1] ? 'EARLY_' : ''}PHASE${number[2] ?? roman}` : phase.trim();
  });
}

const MEDLINE_STATUS = /^(medline|pubmed-not-medline|in-process|in-data-review|publisher|completed-medline|oldmedline)$/iu;

function readNotices(value: unknown): LiteratureRecord['notices'] {
  const shape = recordSchema.shape.notices.unwrap().element;
  const read = (Array.isArray(value) ? (value as unknown[]) : []).flatMap((notice) => {
    const parsed = shape.safeParse(notice);
    return parsed.success ? [parsed.data] : [];
  });
  return read.length === 0 ? undefined : read;
}

/** `*Anxiety/drug therapy` is the descriptor Anxiety. */
function descriptorOf(heading: string): string {
  return (heading.replace(/^\*/u, '').split('/')[0] ?? '').replace(/\*$/u, '').trim();
}

const nonEmpty = (value: unknown): string | undefined => (typeof value === 'number' ? undefined : readText(value)?.slice(0, 500));
/** A publication type may hold a comma itself: `Clinical Trial, Phase II`. */
const TYPE_BREAK = /\s*[;|]\s*|,(?!\s*(?:Phase|N\.I\.H|U\.S|Non-U|Extramural|Intramural|American))\s*/u;

/** Per field its names in the order they are believed, and what makes a value of it. */
const FIELDS: { readonly [Name in keyof Required<LiteratureRecord>]: { readonly keys: readonly string[]; readonly parse: (value: unknown) => unknown } } = {
  pmid: { keys: ['pmid', 'pubmedid', 'pubmed', 'uid'], parse: match(/^(?:pmid:?|pubmed:?)?\s*(\d{1,9})(?:\.0)?$/iu) },
  nct: { keys: ['nct', 'nctid', 'nctnumber', 'trialid', 'registryid', 'id'], parse: (value) => match(/\b(NCT\d{8})\b/iu)(value)?.toUpperCase() },
  doi: { keys: ['doi', 'doiid', 'elocationid', 'lid', 'aid', 'articleids', 'articleid'], parse: readDoi },
  journal: { keys: ['journal', 'fulljournalname', 'journaltitle', 'jt', 'medlineta', 'ta', 'containertitle', 'source'], parse: readJournal },
  year: {
    keys: [
      'year',
      'pubyear',
      'yearofpublication',
      'publicationyear',
      'pubdate',
      'publicationdate',
      'dp',
      'epubdate',
      'firstpublicationdate',
      'studyfirstpostdatestruct',
      'studyfirstpostdate',
      'studyfirstsubmitdate',
      'startdatestruct',
      'startdate',
      'date',
    ],
    parse: readYear,
  },
  publication_types: {
    keys: ['publicationtypes', 'publicationtype', 'publicationtypelist', 'pubtypes', 'pubtype', 'pubtypelist', 'pt', 'articletypes', 'articletype'],
    parse: readList(TYPE_BREAK),
  },
  mesh: { keys: ['mesh', 'meshterms', 'meshheadings', 'meshheadinglist', 'meshheading', 'mh', 'meshtags'], parse: readList(/\s*[;|]\s*/u, descriptorOf) },
  medline_status: { keys: ['medlinestatus', 'status', 'stat'], parse: match(MEDLINE_STATUS) },
  notices: { keys: ['notices'], parse: readNotices },
  study_type: { keys: ['studytype'], parse: nonEmpty },
  phases: { keys: ['phases', 'phase'], parse: readPhases },
  allocation: { keys: ['allocation', 'designallocation'], parse: nonEmpty },
  status: {
    keys: ['overallstatus', 'status', 'recruitmentstatus', 'studystatus'],
    parse: (value) => (MEDLINE_STATUS.test(readText(value) ?? '') ? undefined : nonEmpty(value)),
  },
  has_results: { keys: ['hasresults', 'studyresults', 'resultsposted'], parse: readYes },
  enrollment: { keys: ['enrollment', 'enrollmentinfo', 'enrollmentcount', 'enrolment'], parse: readCount },
  conditions: { keys: ['conditions', 'condition'], parse: readList(/\s*[;|]\s*/u) },
  interventions: {
    keys: ['interventions', 'intervention', 'interventionnames'],
    parse: readList(/\s*[;|]\s*/u, (name) =>
      name.replace(/^(?:drug|biological|dietary supplement|device|behavioral|other|procedure|genetic|radiation):\s*/iu, ''),
    ),
  },
};

function readJournal(value: unknown): string | undefined {
  if (!isObject(value)) return nonEmpty(value);
  return nonEmpty(value['title'] ?? value['Title'] ?? value['fullName'] ?? value['name'] ?? value['ISOAbbreviation'] ?? value['isoAbbreviation']);
}
