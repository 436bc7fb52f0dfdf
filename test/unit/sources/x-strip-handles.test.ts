import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { stripAddress, stripHandles } from '../../../src/sources/x/strip-handles.ts';

describe('stripHandles', () => {
  it.each([
    ['@somebody this works', '@user this works'],
    ['(@somebody) .@some_body2: yes', '(@user) .@user: yes'],
    ['RT @somebody: hello', 'RT @user: hello'],
    ['@a@b', '@user@user'],
    ['full width ＠somebody', 'full width @user'],
    ['cc@@somebody', 'cc@user'],
    ['日本語@somebody', '日本語@user'],
    ['write to me@example.org.', 'write to @user.'],
    ['see https://x.com/somebody/status/123?s=20', 'see https://x.com/i/status/123?s=20'],
    ['see twitter.com/somebody', 'see twitter.com/user'],
    ['see https://mobile.twitter.com/somebody/statuses/9', 'see https://mobile.twitter.com/i/statuses/9'],
    ['https://x.com/i/status/5 and https://x.com/search?q=a', 'https://x.com/i/status/5 and https://x.com/search?q=a'],
    ['https://x.com/iceman/status/5', 'https://x.com/i/status/5'],
    ['https://netflix.com/title', 'https://netflix.com/title'],
    ['10 mg @ noon', '10 mg @ noon'],
    ['no names at all', 'no names at all'],
  ])('%s', (text, expected) => {
    expect(stripHandles(text)).toBe(expected);
    expect(stripHandles(expected)).toBe(expected);
  });

  it('leaves no handle, whatever surrounds it, and changes nothing the second time', () => {
    const handle = fc.stringMatching(/^[A-Za-z0-9_]{4,15}$/).filter((name) => !/user/i.test(name));
    const around = fc.constantFrom('', ' ', '\n', '(', '"', '.', '…', '💊', '—', '/', '#', '@', '，', 'a', 'я', '語', '.@', 'user@');
    fc.assert(
      fc.property(handle, around, around, (name, before, after) => {
        const stripped = stripHandles(`x ${before}@${name}${after} y`);
        expect(stripped).not.toContain(name);
        expect(stripHandles(stripped)).toBe(stripped);
      }),
    );
  });
});

describe('stripAddress', () => {
  it('takes the person out of a search that leaves one out', () => {
    const address = 'https://api.x.com/2/tweets/search/recent?query=examplide+-from%3Asome_vendor&max_results=100';
    expect(stripAddress(address)).toBe('https://api.x.com/2/tweets/search/recent?query=examplide+-from%3Auser&max_results=100');
  });
});
