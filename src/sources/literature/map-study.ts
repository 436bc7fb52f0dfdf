/**
 * A ClinicalTrials.gov study to a post. Structure: https://clinicaltrials.gov/data-api/about-api/study-data-structure.
 * The record's fields: src/model/record.ts. Lenient: a field of an unexpected shape reads as absent; only a study without an NCT id, or without any text, is refused.
 */
import { z } from 'zod';
import type { IncomingPost } from '../../model/post.ts';
import { readRecord } from '../../model/record.ts';
import type { Refusal } from '../source.ts';
import { fullDate } from './dates.ts';

const text = z.string().optional().catch(undefined);
const texts = z.array(z.string()).optional().catch(undefined);
const date = z.object({ date: text }).optional().catch(undefined);
const outcomes = z
  .array(z.object({ measure: text, description: text, timeFrame: text }).catch({}))
  .optional()
  .catch(undefined);

const protocolSchema = z.object({
  identificationModule: z.object({ nctId: z.string().regex(/^NCT\d{8}$/), briefTitle: text, officialTitle: text }),
  statusModule: z.object({ overallStatus: text, whyStopped: text, studyFirstPostDateStruct: date, studyFirstSubmitDate: text }).catch({}).default({}),
  sponsorCollaboratorsModule: z
    .object({ leadSponsor: z.object({ name: text }).catch({}).default({}) })
    .catch({ leadSponsor: {} })
    .default({ leadSponsor: {} }),
  descriptionModule: z.object({ briefSummary: text, detailedDescription: text }).catch({}).default({}),
  conditionsModule: z.object({ conditions: texts }).catch({}).default({}),
  armsInterventionsModule: z
    .object({
      armGroups: z
        .array(z.object({ label: text, type: text, description: text }).catch({}))
        .optional()
        .catch(undefined),
      interventions: z
        .array(z.object({ type: text, name: text, otherNames: texts }).catch({}))
        .optional()
        .catch(undefined),
    })
    .catch({})
    .default({}),
  outcomesModule: z.object({ primaryOutcomes: outcomes, secondaryOutcomes: outcomes }).catch({}).default({}),
});
const studySchema = z.object({ protocolSection: protocolSchema });
type Protocol = z.infer<typeof protocolSchema>;

function studyUrl(nct: string): string {
  return `https://clinicaltrials.gov/study/${nct}`;
}

export function mapStudy(value: unknown, observedAt: string): { readonly post: IncomingPost } | { readonly refusal: Refusal } {
  const parsed = studySchema.safeParse(value);
  if (!parsed.success) return { refusal: { code: 'malformed_item', detail: 'the study has no NCT id' } };
  const { protocolSection: protocol } = parsed.data;
  const { nctId, briefTitle, officialTitle } = protocol.identificationModule;
  const title = plainText(briefTitle) || plainText(officialTitle);
  const body = writeText(protocol);
  if (title === '' && body === '') return { refusal: { code: 'missing_text', detail: 'neither title nor description', item: `nct:${nctId}` } };

  const { statusModule: status } = protocol;
  const posted = status.studyFirstPostDateStruct?.date ?? status.studyFirstSubmitDate;
  const createdAt = fullDate(posted);
  const record = readRecord(value);
  const post: IncomingPost = {
    platform: 'clinicaltrials',
    nativeId: `nct:${nctId}`,
    kind: 'record',
    ...(title === '' ? {} : { title }),
    text: body,
    url: studyUrl(nctId),
    ...(createdAt === undefined ? {} : { createdAt }),
    observedAt,
    ...(record === undefined ? {} : { record }),
  };
  return { post };
}

/** Summary and description as written, then one labelled line per list. */
function writeText(protocol: Protocol): string {
  const { descriptionModule: description, armsInterventionsModule: arms, outcomesModule: measured, statusModule: status } = protocol;
  const lines = [
    label('Conditions', protocol.conditionsModule.conditions ?? []),
    label(
      'Interventions',
      (arms.interventions ?? []).map(({ type, name, otherNames }) =>
        join([join([titleCase(type), name], ': '), (otherNames ?? []).length === 0 ? '' : `(also ${otherNames?.join(', ')})`], ' '),
      ),
    ),
    label(
      'Arms',
      (arms.armGroups ?? []).map((arm) => join([arm.label, arm.description], ' - ')),
    ),
    label(
      'Primary outcomes',
      (measured.primaryOutcomes ?? []).map(({ measure, timeFrame }) => join([measure, timeFrame === undefined ? '' : `(${timeFrame})`], ' ')),
    ),
    label(
      'Secondary outcomes',
      (measured.secondaryOutcomes ?? []).map(({ measure }) => measure ?? ''),
    ),
    label('Sponsor', [protocol.sponsorCollaboratorsModule.leadSponsor.name ?? '']),
    label('Why stopped', [status.whyStopped ?? '']),
  ].filter((line) => line !== '');
  return [plainText(description.briefSummary), plainText(description.detailedDescription), lines.join('\n')].filter((part) => part !== '').join('\n\n');
}

function label(name: string, items: readonly string[]): string {
  const kept = items.map(oneLine).filter((item) => item !== '');
  return kept.length === 0 ? '' : `${name}: ${kept.join('; ')}`;
}

function join(parts: readonly (string | undefined)[], by: string): string {
  return parts.filter((part) => part !== undefined && part !== '').join(by);
}

/** `DIETARY_SUPPLEMENT` -> `Dietary supplement`. */
function titleCase(type: string | undefined): string {
  const words = (type ?? '').toLowerCase().replaceAll('_', ' ');
  return words.charAt(0).toUpperCase() + words.slice(1);
}

function oneLine(raw: string): string {
  return plainText(raw).replace(/\s+/g, ' ');
}

/** Free text is Markdown with signs escaped (`\[rHGG\]`, `\>`); paragraphs stay, control characters go. */
function plainText(raw: string | undefined): string {
  return (raw ?? '')
    .replace(/\r\n?/g, '\n')
    .replace(/[\u0000-\u0008\u000b\u000c\u000e-\u001f\u007f]/g, ' ')
    .replace(/\\([[\](){}<>*_~#^`+=.!|\\-])/g, '$1')
    .split('\n')
    .map((line) => line.trimEnd())
    .join('\n')
    .replace(/\n{3,}/g, '\n\n')
    .trim();
}
