import { describe, expect, it } from 'vitest';
import { readPostAddress } from '../../../src/sources/post-address.ts';

describe('readPostAddress', () => {
  it.each([
    ['https://www.reddit.com/r/Nootropics/comments/AbC123/some_title/', 'reddit', 't3_abc123'],
    ['https://old.reddit.com/r/Nootropics/comments/abc123', 'reddit', 't3_abc123'],
    ['https://www.reddit.com/r/Nootropics/comments/abc123/some_title/Def456/?context=3', 'reddit', 't1_def456'],
    ['https://www.reddit.com/r/Nootropics/comments/abc123//def456', 'reddit', 't1_def456'],
    ['https://redd.it/abc123', 'reddit', 't3_abc123'],
    ['https://x.com/someone/status/1790000000000000000?s=20', 'x', '1790000000000000000'],
    ['https://mobile.twitter.com/i/statuses/179', 'x', '179'],
    ['https://pubmed.ncbi.nlm.nih.gov/12345678/', 'pubmed', 'pmid:12345678'],
    ['https://europepmc.org/article/MED/12345678', 'pubmed', 'pmid:12345678'],
    ['https://europepmc.org/article/ppr/ppr170401', 'europepmc', 'ppr:PPR170401'],
    ['https://clinicaltrials.gov/study/nct01234567', 'clinicaltrials', 'nct:NCT01234567'],
    ['https://www.youtube.com/watch?v=examplev001&lc=UgExample00000000000000001', 'youtube', 'UgExample00000000000000001'],
    ['https://www.youtube.com/watch?v=examplev001&lc=UgExample00000000000000001.9Example', 'youtube', 'UgExample00000000000000001.9Example'],
    ['https://bsky.app/profile/did:plc:example000/post/3example', 'bluesky', 'at://did:plc:example000/app.bsky.feed.post/3example'],
    // No form of a platform, though its host: what it leads to is a page at most.
    ['https://www.reddit.com/r/Nootropics/', 'web', 'https://www.reddit.com/r/Nootropics/'],
    ['https://notreddit.com/r/x/comments/abc123/', 'web', 'https://notreddit.com/r/x/comments/abc123/'],
    ['HTTPS://Example.org:443/a?utm_source=x#post-3', 'web', 'https://example.org/a#post-3'],
  ])('%s', (address, platform, nativeId) => {
    expect(readPostAddress(address)).toEqual({ platform, nativeId });
  });

  it.each(['', 'nonsense', 'ftp://example.org/x', 'javascript:alert(1)', `https://example.org/${'x'.repeat(3_000)}`])(
    '%s is no address of a post',
    (address) => {
      expect(readPostAddress(address)).toBeUndefined();
    },
  );
});
