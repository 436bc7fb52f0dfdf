/**
 * The log as static files under /log/{slug}: C2SP tlog-tiles (c2sp.org/tlog-tiles), with pages of headers beside the entry bundles.
 * Only what the newest checkpoint covers is served, so that no file can ever change: caches may keep all but the checkpoint for good.
 * Nothing of a post is in any of them. Proved by test/unit/api/tiles.test.ts and, on Postgres, test/integration/tile-reader.test.ts.
 */
import type { OpenAPIHono } from '@hono/zod-openapi';
import type { Context } from 'hono';
import { InvalidInputError } from '../../errors.ts';
import type { Log, SignedSize } from '../../ledger/log.ts';
import { encodeEntryBundle, type LogFile, parseLogPath, widthAt } from '../../ledger/tile.ts';
import { requireTopic, type AppDeps } from '../deps.ts';

const FOR_GOOD = 'public, max-age=31536000, immutable';
/** "headers SHOULD prevent caching beyond a few seconds" */
const FOR_SECONDS = 'public, max-age=5';
const NEWLINE = Uint8Array.of(0x0a);

export function addTileRoutes(app: OpenAPIHono, deps: AppDeps): void {
  app.get('/log/:slug/checkpoint', async (c) => {
    const { slug } = requireTopic(deps, c.req.param('slug'));
    const { note } = await requireNewest(deps.logOf(slug));
    return c.body(note, 200, { 'Content-Type': 'text/plain; charset=utf-8', 'Cache-Control': FOR_SECONDS });
  });
  app.get('/log/:slug/tile/*', (c) => serveFile(c, deps, c.req.param('slug')));
  app.get('/log/:slug/headers/*', (c) => serveFile(c, deps, c.req.param('slug')));
}

async function serveFile(c: Context, deps: AppDeps, slug: string): Promise<Response> {
  const log = deps.logOf(requireTopic(deps, slug).slug);
  const file = parseLogPath(c.req.path.split('/').slice(3).join('/'));
  if (file === undefined) throw new InvalidInputError('no_tile', 'this is not the path of a tile, an entry bundle or a page of headers');
  const { size } = await requireNewest(log);
  const level = file.kind === 'tile' ? file.level : 0;
  if (file.width > widthAt(size, { level, index: file.index }))
    throw new InvalidInputError('no_tile', `the newest checkpoint, of size ${size}, does not reach so far`);
  const { type, body } = await readFile(log, file);
  return c.body(body, 200, { 'Content-Type': type, 'Cache-Control': FOR_GOOD });
}

async function readFile(log: Log, file: LogFile): Promise<{ readonly type: string; readonly body: ArrayBuffer }> {
  if (file.kind === 'headers') {
    const headers = await log.readHeaders(file);
    return { type: 'application/x-ndjson', body: bufferOf(headers.flatMap((header) => [header, NEWLINE])) };
  }
  const [bytes] = file.kind === 'tile' ? await log.readTiles([file]) : [encodeEntryBundle(await log.readEntries(file))];
  return { type: 'application/octet-stream', body: bufferOf([bytes as Uint8Array]) };
}

async function requireNewest(log: Log): Promise<SignedSize> {
  const newest = await log.newest();
  if (newest === undefined) throw new InvalidInputError('no_checkpoint', 'nothing has been signed for this topic yet');
  return newest;
}

function bufferOf(parts: readonly Uint8Array[]): ArrayBuffer {
  return new Uint8Array(Buffer.concat(parts)).buffer;
}
