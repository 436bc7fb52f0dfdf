/** What the pages say can be followed: links lead somewhere, and the worked example of docs/ledger-format.md holds byte for byte. */
import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import { canonicalText } from '../../src/ledger/canonical.ts';
import { commitmentOf, entryHashOf, GENESIS } from '../../src/ledger/chain.ts';
import { isSignedBy, parseCheckpoint, parseVerifierKey, verifierKeyOf } from '../../src/ledger/checkpoint.ts';
import { headerSchema } from '../../src/ledger/header.ts';
import { appendLeaf, EMPTY_FRONTIER, leafHashOf, rootOf } from '../../src/ledger/merkle.ts';

const root = path.resolve(import.meta.dirname, '../..');
const pages = [
  'README.md',
  'CONTRIBUTING.md',
  'CHANGELOG.md',
  ...readdirSync(path.join(root, 'docs'), { recursive: true, encoding: 'utf8' }).map((name) => `docs/${name}`),
].filter((name) => name.endsWith('.md'));
const read = (page: string): string => readFileSync(path.join(root, page), 'utf8');
const hex = (bytes: Uint8Array): string => Buffer.from(bytes).toString('hex');

/** Name of a file or folder -> exists with exactly this spelling, which a case-blind file system does not tell. */
function isThere(file: string): boolean {
  if (file === root) return true;
  const folder = path.dirname(file);
  return isThere(folder) && readdirSync(folder).includes(path.basename(file));
}

describe.each(pages)('%s', (page) => {
  it('links to files that are there', () => {
    const links = [...read(page).matchAll(/\]\(([^)\s#]+)[^)]*\)/g)].map((match) => match[1] as string).filter((link) => !/^[a-z]+:/.test(link));
    expect(links.filter((link) => !isThere(path.resolve(root, path.dirname(page), link)))).toEqual([]);
  });
});

describe('the worked example of docs/ledger-format.md', () => {
  const example = read('docs/ledger-format.md').split('## One example, byte for byte')[1]?.split('## Checking')[0] ?? '';
  const blocks = [...example.matchAll(/```json\n([\s\S]*?)```\n\n```\n([\s\S]*?)```/g)].map(([, json, hashes]) => {
    const texts = (json as string).trimEnd().split('\n');
    return {
      header: texts.at(-1) as string,
      content: texts.length > 1 ? texts[0] : undefined,
      hashes: Object.fromEntries(
        (hashes as string)
          .trimEnd()
          .split('\n')
          .map((line) => line.split(/\s+/)),
      ),
    };
  });
  const note = /```\n(hearsay\.example[\s\S]*?)```/.exec(read('docs/ledger-format.md'))?.[1] ?? '';

  it('gives the hashes it prints', () => {
    expect(blocks).toHaveLength(3);
    let previous = GENESIS;
    let frontier = EMPTY_FRONTIER;
    for (const { header, content, hashes } of blocks) {
      const parsed = headerSchema.parse(JSON.parse(header));
      expect(canonicalText(parsed as never)).toBe(header);
      if (content !== undefined) {
        expect(canonicalText(JSON.parse(content))).toBe(content);
        expect('commitment' in parsed && parsed.commitment).toBe(hex(commitmentOf(Buffer.from(hashes['salt'] as string, 'hex'), Buffer.from(content))));
      }
      previous = entryHashOf(previous, Buffer.from(header));
      frontier = appendLeaf(frontier, previous);
      expect(hashes).toMatchObject({ entry: hex(previous), leaf: hex(leafHashOf(previous)) });
    }
    expect(blocks.at(-1)?.hashes['root']).toBe(hex(rootOf(frontier)));
    expect(hex(parseCheckpoint(note).root)).toBe(hex(rootOf(frontier)));
  });
  it('has a checkpoint signed by the key and seed it names', async () => {
    const key = parseVerifierKey(/`(hearsay\.example\/semax\+[^`]+)`/.exec(example)?.[1] ?? '');
    expect(await isSignedBy(parseCheckpoint(note), key)).toBe(true);
    expect(key).toEqual(
      await verifierKeyOf(
        'hearsay.example/semax',
        Uint8Array.from({ length: 32 }, (_, index) => index),
      ),
    );
  });
  it('quotes what stands at the offsets', () => {
    const { text } = JSON.parse(blocks[1]?.content ?? '{}') as { text: string };
    const { quote, start, end } = JSON.parse(blocks[2]?.content ?? '{}') as { quote: string; start: number; end: number };
    expect(text.slice(start, end)).toBe(quote);
    expect(example).toContain(`characters ${start} to ${end} `);
  });
});
