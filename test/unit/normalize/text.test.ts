import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { matchingForm, wordCount } from '../../../src/normalize/matching-form.ts';
import { normalizeText } from '../../../src/normalize/text.ts';

describe('normalizeText', () => {
  it('leaves ordinary text alone, line breaks, tabs, emoji and decomposed letters included', () => {
    const text = 'a\tb\r\nc 😀 e\u0301 “quoted” \u200B';
    expect(normalizeText(text)).toEqual({ text, notes: [] });
  });
  it('replaces lone surrogates and controls one for one and says so', () => {
    expect(normalizeText('a\uD83Db\uDE00c')).toEqual({ text: 'a\uFFFDb\uFFFDc', notes: ['lone_surrogate'] });
    expect(normalizeText('a\u0000b\u0007c\u0085d\u007F')).toEqual({ text: 'a\uFFFDb\uFFFDc\uFFFDd\uFFFD', notes: ['control_character'] });
    expect(normalizeText('\uD800\u0000').notes).toEqual(['lone_surrogate', 'control_character']);
  });
  it('keeps the length and gives well-formed text for any string', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary' }), fc.array(fc.integer({ min: 0, max: 0xffff })), (head, units) => {
        const raw = head + String.fromCharCode(...units);
        const { text } = normalizeText(raw);
        expect(text.length).toBe(raw.length);
        expect(Buffer.from(text, 'utf8').toString('utf8')).toBe(text);
        expect(text.includes('\u0000')).toBe(false);
        expect(normalizeText(text).text).toBe(text);
      }),
    );
  });
});

describe('matchingForm', () => {
  it('makes equal what people would call the same text', () => {
    expect(matchingForm('  Se\u200Bmax\u00A0 helped\n\nME ')).toBe('semax helped me');
    expect(matchingForm('ﬁne ＡＢＣ')).toBe('fine abc');
    expect(matchingForm('cafe\u0301')).toBe(matchingForm('caf\u00E9'));
  });
  it('counts words', () => {
    expect(wordCount("it didn't work, at all: 5-HTP")).toBe(7);
    expect(wordCount('😀 !!!')).toBe(0);
  });
});
