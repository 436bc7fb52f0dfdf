import { describe, expect, it } from 'vitest';
import { stripHandles } from '../../../src/normalize/strip-handles.ts';

describe('stripHandles', () => {
  it.each([
    ['thanks @some_one!', 'thanks @[user]!'],
    ['as u/some-body said, and /u/other', 'as u/[user] said, and /u/[user]'],
    ['see https://x.com/somebody/status/123', 'see https://x.com/i/status/123'],
    ['https://twitter.com/somebody/status/9?s=20', 'https://twitter.com/i/status/9?s=20'],
    ['write to jane.doe@example.org', 'write to [user]@example.org'],
    ['https://www.reddit.com/user/somebody/', 'https://www.reddit.com/user/[user]/'],
  ])('%s', (text, stripped) => {
    expect(stripHandles(text)).toBe(stripped);
    expect(stripHandles(stripped)).toBe(stripped);
  });
  it.each(['r/Nootropics', 'https://x.com/i/status/123', '100 mg @ 9 am', 'w/o it'])('leaves %s', (text) => {
    expect(stripHandles(text)).toBe(text);
  });
});
