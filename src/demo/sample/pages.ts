/** Pages as stored in web.json to pages as served: base64 becomes bytes, so that charsets are met as in the wild. */
import type { DemoPage, StoredWeb, WebWorld } from './shapes.ts';

export function decodePages(stored: StoredWeb): WebWorld {
  return { sites: stored.sites.map((site) => ({ host: site.host, pages: site.pages.map(decodePage) })) };
}

function decodePage(page: StoredWeb['sites'][number]['pages'][number]): DemoPage {
  return {
    path: page.path,
    ...(page.status === undefined ? {} : { status: page.status }),
    ...(page.headers === undefined ? {} : { headers: page.headers }),
    body: 'body' in page ? page.body : Buffer.from(page.bodyBase64, 'base64'),
  };
}
