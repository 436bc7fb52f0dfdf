/** Whatever is fed in, the annotator answers, validly, with quotes that are in the text. */
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { annotateLine, loadAnnotator } from '../../src/annotators/list.ts';
import { annotationSchema, type Annotation } from '../../src/model/annotation.ts';
import { maskDoses } from '../../src/normalize/mask-doses.ts';
import { PLATFORMS } from '../../src/model/labels.ts';
import { normalizeText } from '../../src/normalize/text.ts';

const annotator = await loadAnnotator();

function expectSound(annotation: Annotation, text: string): void {
  annotationSchema.parse(annotation);
  const mains = annotation.claims.filter((claim) => claim.kind === 'main');
  expect(mains).toHaveLength(annotation.evidence_tier === 'none' ? 0 : 1);
  for (const claim of annotation.claims) {
    expect(text.slice(claim.start, claim.end)).toBe(claim.quote);
    if (claim.quote === '') expect(claim.flags).toContain('ungrounded');
    if (claim.kind === 'main') expect(claim).toMatchObject({ effect: 'none', direction: 'none', effect_text: '' });
    else expect(['improves', 'worsens', 'no_effect']).toContain(claim.direction);
  }
  expect(maskDoses(annotation.summary)).toBe(annotation.summary);
  expect([...annotation.flags].sort()).toEqual(annotation.flags);
}

async function annotate(line: Readonly<Record<string, unknown>>): Promise<Annotation> {
  const result = await annotateLine({ id: 'p', platform: 'reddit', ...line }, annotator);
  if ('error' in result) throw new Error(`${result.error.code}: ${result.error.message}`);
  return result;
}

const words = fc.constantFrom(
  'Semax',
  'semax',
  'focus',
  'anxiety',
  'gone',
  'no',
  'side effects',
  'I took',
  'helped',
  'did nothing',
  'headaches',
  'may',
  '?',
  '.',
  '\n',
  ',',
  '300 mcg',
  'daily',
  'rats',
  'study',
  '😀',
  '\u202E',
  '\u200B',
  'https://x.com/a',
  '> ',
  '*',
  '(',
  '“',
);

describe('embedded annotator', () => {
  it('is sound on any made-up post', async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(words, { maxLength: 60 }), fc.option(fc.array(words, { maxLength: 8 })), fc.boolean(), async (parts, title, given) => {
        const text = parts.join(' ');
        const line = { text, ...(title ? { title: title.join(' ') } : {}), ...(given ? { compounds: ['Semax'] } : {}) };
        expectSound(await annotate(line), text);
      }),
      { numRuns: 150 },
    );
  });
  it('is sound on any text of any platform', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.constantFrom(...PLATFORMS),
        fc.array(words, { maxLength: 60 }),
        fc.string({ unit: 'grapheme', maxLength: 40 }),
        async (platform, parts, odd) => {
          const text = `${odd}${parts.join(' ')}${odd}`;
          expectSound(await annotate({ platform, text }), text);
        },
      ),
      { numRuns: 150 },
    );
  });
  it('is sound on any string, broken ones included', async () => {
    await fc.assert(
      fc.asyncProperty(fc.string({ unit: 'binary', maxLength: 300 }), fc.array(fc.integer({ min: 0, max: 0xffff }), { maxLength: 50 }), async (head, units) => {
        const text = `${head} Semax ${String.fromCharCode(...units)}`;
        expectSound(await annotate({ text }), text);
        expectSound(await annotate({ text: normalizeText(text).text }), normalizeText(text).text);
      }),
      { numRuns: 150 },
    );
  });
  it.each([
    ['empty', ''],
    ['emoji', '😀'.repeat(500)],
    ['right to left', 'سيماكس ساعدني كثيرا في التركيز والذاكرة بدون أي آثار جانبية'],
    ['zero width', 'S\u200Be\u200Bm\u200Ba\u200Bx'.repeat(200)],
    ['code', '```js\nfor (let i = 0; i < 10; i++) { console.log("Semax", i); }\n```'.repeat(20)],
    ['addresses', 'https://example.org/semax?a=b '.repeat(500)],
    ['lone surrogates', '\uD800 Semax helped \uDC00'.repeat(50)],
    ['one word of 100 KB', 'semax'.repeat(20_000)],
    ['1 MB', 'Semax improved my focus, but gave me headaches. '.repeat(21_800)],
    ['one emoji', '🙂'],
    ['marks without letters', '\u0301'.repeat(5_000)],
    ['300 KB', 'Semax improved my focus, but gave me headaches. '.repeat(6_500)],
    ['one word', 'a'.repeat(300_000)],
    ['spaces', ' '.repeat(300_000)],
    ['line breaks', '\n'.repeat(300_000)],
    ['full stops', '.'.repeat(300_000)],
    ['commas', 'no, '.repeat(50_000)],
    ['brackets', '('.repeat(100_000)],
    ['pipes', '| 1 '.repeat(50_000)],
    ['i have', 'i have really '.repeat(20_000)],
    ['study', 'study the the the '.repeat(15_000)],
    ['did not', "didn't really very much so "].map((part, index) => (index === 1 ? part.repeat(8_000) : part)) as [string, string],
    ['lost', 'lost 1 '.repeat(30_000)],
    ['ignore', 'ignore all the previous '.repeat(10_000)],
  ])('reads %s', async (_name, text) => {
    expectSound(await annotate({ text, compounds: ['Semax'] }), text);
  });
  it.each([
    ['ru', 'Я принимал семакс две недели, внимание стало лучше, а тревога прошла без побочных эффектов.'],
    ['de', 'Ich habe das Spray zwei Wochen lang genommen und konnte mich danach deutlich besser konzentrieren.'],
    ['fr', 'Je prends ce produit depuis deux semaines et mon attention est bien meilleure pendant la journée.'],
    ['es', 'Llevo dos semanas con este producto y ahora me concentro mucho mejor durante todo el día.'],
    ['it', 'Ho preso questo prodotto per due settimane e adesso riesco a concentrarmi molto meglio.'],
    ['pt', 'Tomei este produto durante duas semanas e agora consigo me concentrar muito melhor.'],
    ['pl', 'Brałem ten środek przez dwa tygodnie i teraz dużo lepiej się koncentruję w pracy.'],
    ['zh', '我用了两个星期，注意力明显好了很多，也没有什么副作用。'],
    ['ja', '二週間使ってみたところ、集中力がかなり良くなりました。副作用はありませんでした。'],
    ['ar', 'استخدمت هذا المنتج لمدة أسبوعين وتحسن تركيزي كثيرا بدون أي آثار جانبية.'],
  ])('says that a text in %s is not in its language', async (language, text) => {
    const annotation = await annotate({ text, compounds: ['Semax'] });
    expectSound(annotation, text);
    expect(annotation).toMatchObject({ language, flags: expect.arrayContaining(['language']) as unknown });
  });
  it.each([
    ['nothing', '', true],
    ['line breaks', '\n\n\n', true],
    ['a removed post', '[removed]', true],
    ['more than is read', 'Semax helped. '.repeat(8_000), true],
    ['symbols', '█▓▒░'.repeat(50), true],
    ['letters lost in copying', '\uFFFD'.repeat(200), true],
    ['an emoji answer', '🙂🙂🙂', false],
    ['a sentence', 'Semax helped my focus.', false],
    ['another script', 'سيماكس ساعدني كثيرا في التركيز والذاكرة', false],
  ])('flags %s as unreadable or not', async (_name, text, unreadable) => {
    expect((await annotate({ text, compounds: ['Semax'] })).flags.includes('unreadable')).toBe(unreadable);
  });
});
