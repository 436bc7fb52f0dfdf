/** What a cursor remembers of a page: its validators (RFC 9110 section 13) and the post it became. Proved by test/unit/sources/web.test.ts. */
import { z } from 'zod';
import type { HttpResponse } from '../../fetch/http.ts';

export const pageMemorySchema = z.object({
  etag: z.string().optional(),
  modified: z.string().optional(),
  /** Native id of the post read from it; present once the page was seen live. */
  id: z.string().optional(),
  /** Next page of a thread, so that an unchanged page still leads on. */
  next: z.string().optional(),
});
export type PageMemory = z.infer<typeof pageMemorySchema>;

const cursorSchema = z.object({ pages: z.record(z.string(), pageMemorySchema).catch({}) });

/** A cursor that cannot be read is an empty one: everything is fetched again, nothing is lost. */
export function readPageMemories(cursor: unknown): Record<string, PageMemory> {
  const parsed = cursorSchema.safeParse(cursor);
  return parsed.success ? parsed.data.pages : {};
}

export function conditionalHeaders(memory: PageMemory | undefined): Record<string, string> {
  return {
    ...(memory?.etag === undefined ? {} : { 'if-none-match': memory.etag }),
    ...(memory?.modified === undefined ? {} : { 'if-modified-since': memory.modified }),
  };
}

export function validatorsOf(response: HttpResponse): Pick<PageMemory, 'etag' | 'modified'> {
  const { etag, 'last-modified': modified } = response.headers;
  return { ...(etag === undefined ? {} : { etag }), ...(modified === undefined ? {} : { modified }) };
}
