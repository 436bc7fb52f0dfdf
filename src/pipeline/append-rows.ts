/** Annotations as the append reads them: the columns, and the notices that follow a source. */
import type { NoticeRequest } from '../ledger/request.ts';
import type { AppendRow } from './source-request.ts';

/** An outdated revision is history nobody saw. */
export const APPEND_COLUMNS = `
         a.revision_id, a.annotator, a.document, p.platform, p.native_id, p.post_key, p.observed, r.revision, r.title, r.text, r.url, r.thread_key, r.author_key,
         r.text_digest, r.signature, r.bands, r.created_at, r.captured_at, r.capture_digest, r.record,
         (SELECT o.appended_seq FROM annotation o
           WHERE o.topic = a.topic AND o.revision_id = a.revision_id AND o.appended_seq IS NOT NULL AND o.document - 'annotator' = a.document - 'annotator'
           ORDER BY o.appended_seq DESC LIMIT 1) AS same_seq,
         r.revision < (SELECT max(n.revision) FROM post_revision n WHERE n.post_id = r.post_id) AS outdated`;
export const APPEND_FROM = `annotation a JOIN post_revision r ON r.id = a.revision_id JOIN post p ON p.id = r.post_id`;

export function noticeRequestsOf(row: AppendRow): NoticeRequest[] {
  return (row.record?.notices ?? []).map((notice) => ({ type: 'notice', postKey: row.post_key, kind: notice.kind, record: recordOf(notice.record, row) }));
}

/**
 * Headers are kept for ever: an id stands in them, or the citation that PubMed itself gives (up to 200 characters). What a
 * file has in its place may be anything.
 */
function recordOf(record: string, row: AppendRow): string {
  if (/^(?:pmid:\d{1,9}|nct:NCT\d{8}|doi:10\.\S{1,190})$/.test(record)) return record;
  return (row.captured_at !== null && record.trim().slice(0, 200).toWellFormed()) || 'unknown';
}
