import { describe, expect, it } from 'vitest';
import { replaceSection } from '../../../../src/annotators/evaluation/markdown.ts';

describe('replaceSection', () => {
  it('replaces what stands between the markers and nothing else', () => {
    const page = '# Title\n\nBy hand.\n\n<!-- evaluate:begin -->\n\nold\n<!-- evaluate:end -->\n\nAlso by hand.\n';
    const replaced = replaceSection(page, 'new');
    expect(replaced).toBe('# Title\n\nBy hand.\n\n<!-- evaluate:begin -->\n\nnew\n<!-- evaluate:end -->\n\nAlso by hand.\n');
    expect(replaceSection(replaced, 'new')).toBe(replaced);
  });
  it('a page without markers stays as it is', () => {
    expect(() => replaceSection('# Title\n', 'new')).toThrow('no section between');
    expect(() => replaceSection('<!-- evaluate:end --> <!-- evaluate:begin -->', 'new')).toThrow('no section between');
  });
});
